extension Kernels {
  /// Softmax of scaled attention scores under the causal mask, in place.
  ///
  /// - Parameters:
  ///   - scores: query rows × key columns; row r sees the first `first + r + 1` columns of the
  ///     block and gets 0 in the others.
  ///   - first: how many keys stand before the first query.
  ///   - scale: 1/√d_head.
  package func causalSoftmax(_ scores: inout Matrix, _ block: Block, first: Int, scale: Float) {
    block.check(in: scores)
    precondition(first >= 0, "\(first) keys before the first query")
    let (offset, stride) = (block.offset(in: scores), scores.columns)
    scores.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      table.causal_softmax(base + offset, stride, block.rows, block.columns, first, scale)
    }
  }
}
