extension Kernels {
  /// Computes the softmax of scaled attention scores under the causal mask, in place.
  ///
  /// - Parameters:
  ///   - scores: query rows × key columns. Row r sees the first `first + r + 1` columns of the
  ///     block and gets 0 in the others.
  ///   - first: the number of keys before the first query.
  ///   - window: the most keys that a row sees, counted back from its own; nil for all.
  ///   - scale: 1/√d_head.
  package func causalSoftmax(
    _ scores: inout Matrix, _ block: Block, first: Int, window: Int? = nil, scale: Float
  ) {
    block.check(in: scores)
    precondition(first >= 0, "\(first) keys before the first query")
    let (offset, stride) = (block.offset(in: scores), scores.columns)
    scores.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      table.causal_softmax(
        base + offset, stride, block.rows, block.columns, first, window ?? .max, scale)
    }
  }

  /// Computes cap · tanh(scale · (x + bias) / cap) in place on a block.
  ///
  /// - Parameter bias: one number for each column; nil for none.
  package func softCap(
    _ x: inout Matrix, _ block: Block, bias: ArraySlice<Float>? = nil, scale: Float = 1, cap: Float
  ) {
    block.check(in: x)
    precondition(bias.map { $0.count == block.columns } ?? true, "\(block) and its biases")
    let (offset, stride) = (block.offset(in: x), x.columns)
    x.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      let cap = { (bias: UnsafePointer<Float>?) in
        table.soft_cap(base + offset, stride, block.rows, block.columns, bias, scale, cap)
      }
      if let bias { bias.withUnsafeBufferPointer { cap($0.baseAddress) } } else { cap(nil) }
    }
  }

  /// Computes scale · score + slope · (key − query) in place on a block (ALiBi, Press et al. 2022).
  /// The first query is `first` positions after the first key.
  package func distanceBias(
    _ scores: inout Matrix, _ block: Block, first: Int, scale: Float, slope: Float
  ) {
    block.check(in: scores)
    let (offset, stride) = (block.offset(in: scores), scores.columns)
    scores.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      table.distance_bias(base + offset, stride, block.rows, block.columns, first, scale, slope)
    }
  }
}
