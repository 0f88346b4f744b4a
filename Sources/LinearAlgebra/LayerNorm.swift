extension Kernels {
  /// (x − mean) / √(variance + ε) for each row: a layer norm whose scale and shift are folded into
  /// the weights that read it (TransformerLens `LayerNormPre`).
  ///
  /// - Parameters:
  ///   - x: `[≥ rows, d_model]`
  ///   - rows: which rows of `x`, in order; row i of the result is `x[rows[i]]`. Nil takes the
  ///     first `count`.
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
