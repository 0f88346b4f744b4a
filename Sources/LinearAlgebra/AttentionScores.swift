extension Kernels {
  /// Softmax of scaled attention scores under the causal mask, in place.
  ///
  /// - Parameters:
  ///   - scores: query rows × key columns; row r sees the first `first + r + 1` columns of the
  ///     block and gets 0 in the others.
  ///   - first: how many keys stand before the first query.
  ///   - window: how many of them a row sees at most, the last ones; nil is all.
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

  /// cap · tanh(scale · (x + bias) / cap) in place on a block.
  ///
  /// - Parameter bias: one number for each column; nil is none.
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

  /// scale · score + slope · (key − query) in place on a block whose first query stands `first` keys
  /// behind the first key (Press et al. 2022).
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
