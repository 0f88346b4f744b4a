extension Kernels {
  /// Computes (x − mean) / √(variance + ε) for each row: a layer norm whose scale and shift are
  /// folded into the weights that read it (TransformerLens `LayerNormPre`).
  ///
  /// - Parameters:
  ///   - x: `[≥ rows, d_model]`
  ///   - rows: the rows of `x` to normalise; row i of the result is `x[rows[i]]`. Nil takes the
  ///     first `count` rows.
  ///   - out: `[≥ count, d_model]`
  package func layerNorm(
    _ x: Matrix, rows: [Int32]? = nil, count: Int, epsilon: Float, into out: inout Matrix
  ) {
    precondition(
      x.columns == out.columns && count <= out.rows
        && (rows.map { $0.count >= count } ?? (count <= x.rows)),
      "layer norm of \(count) rows, \(x.rows) × \(x.columns) into \(out.rows) × \(out.columns)")
    if let rows {
      precondition(rows.prefix(count).allSatisfy { $0 >= 0 && Int($0) < x.rows })
    }
    let columns = x.columns
    x.elements.withUnsafeBufferPointer { source in
      out.elements.withUnsafeMutableBufferPointer { target in
        if let rows {
          rows.withUnsafeBufferPointer { index in
            table.layer_norm(
              source.baseAddress, columns, index.baseAddress, target.baseAddress, columns, count,
              columns, epsilon)
          }
        } else {
          table.layer_norm(
            source.baseAddress, columns, nil, target.baseAddress, columns, count, columns, epsilon)
        }
      }
    }
  }
}

extension Kernels {
  /// Computes x / √(mean of squares + ε) for each row (Zhang and Sennrich 2019), times `weight` if
  /// the scale is not folded into the weights that read it.
  ///
  /// - Parameters: those of `layerNorm`; `weight` has one number for each column.
  package func rmsNorm(
    _ x: Matrix, rows: [Int32]? = nil, count: Int, weight: [Float]? = nil, epsilon: Float,
    into out: inout Matrix
  ) {
    precondition(
      x.columns == out.columns && count <= out.rows
        && (weight.map { $0.count == x.columns } ?? true)
        && (rows.map { $0.count >= count } ?? (count <= x.rows)),
      "RMS norm of \(count) rows, \(x.rows) × \(x.columns) into \(out.rows) × \(out.columns)")
    if let rows {
      precondition(rows.prefix(count).allSatisfy { $0 >= 0 && Int($0) < x.rows })
    }
    let columns = x.columns
    x.elements.withUnsafeBufferPointer { source in
      out.elements.withUnsafeMutableBufferPointer { target in
        Self.withOptional(rows) { index in
          Self.withOptional(weight) { weight in
            table.rms_norm(
              source.baseAddress, columns, index, weight, target.baseAddress, columns, count,
              columns, epsilon)
          }
        }
      }
    }
  }

  /// Computes the RMS norm in place on a block.
  package func rmsNorm(_ x: inout Matrix, _ block: Block, weight: [Float], epsilon: Float) {
    block.check(in: x)
    precondition(weight.count == block.columns, "\(weight.count) scales, \(block)")
    let (offset, stride) = (block.offset(in: x), x.columns)
    x.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      table.rms_norm(
        base + offset, stride, nil, weight, base + offset, stride, block.rows, block.columns,
        epsilon)
    }
  }

  private static func withOptional<Element>(
    _ array: [Element]?, _ body: (UnsafePointer<Element>?) -> Void
  ) {
    if let array { array.withUnsafeBufferPointer { body($0.baseAddress) } } else { body(nil) }
  }
}
