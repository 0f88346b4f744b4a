import LinearAlgebra

extension ForwardPass {
  /// The loss of predicting each row's target, in nats.
  ///
  /// The logits are computed block by block over the vocabulary, and each block is reduced to its
  /// log-sum-exp while it is in the processor's cache.
  ///
  /// - Parameters:
  ///   - rows: rows of the final residual stream, no more than a pack has
  ///   - targets: the token that each row should predict
  package mutating func losses(rows: [Int32], targets: [Int32]) -> [Float] {
    logSumExp.restart()
    var target = Array(repeating: Float(0), count: rows.count)
    eachBlock(rows: rows, targets: targets) { forward, tokens, bias in
      let count = rows.count
      forward.logSumExp.add(
        forward.logits, rows: count, columns: tokens.count, bias: bias, offset: tokens.lowerBound,
        kernels: forward.kernels)
      for row in 0..<count where tokens.contains(Int(targets[row])) {
        let token = Int(targets[row])
        target[row] = forward.logits[row, token - tokens.lowerBound] + bias[token]
      }
    }
    return target.indices.map { logSumExp[$0] - target[$0] }
  }

  /// The rank of each row's target: how many tokens have a higher logit, or an equal one and a
  /// lower id.
  ///
  /// The vocabulary is passed twice: once for the targets' logits, once to compare the others to
  /// them.
  package mutating func ranks(rows: [Int32], targets: [Int32]) -> [Int] {
    var own = Array(repeating: Float(0), count: rows.count)
    var ranks = Array(repeating: 0, count: rows.count)
    for isCounting in [false, true] {
      eachBlock(rows: rows, targets: targets) { forward, tokens, bias in
        for row in 0..<rows.count {
          let (target, start) = (Int(targets[row]), row * forward.logits.columns)
          if !isCounting {
            guard tokens.contains(target) else { continue }
            own[row] = forward.logits[row, target - tokens.lowerBound] + bias[target]
            continue
          }
          for token in tokens {
            let logit =
              forward.logits.elements[start + token - tokens.lowerBound] + bias[token]
            if logit > own[row] || (logit == own[row] && token < target) { ranks[row] += 1 }
          }
        }
      }
    }
    return ranks
  }

  /// The logits of all tokens for one row of the final residual stream, `[vocabulary]`.
  ///
  /// - Parameter isCapped: whether to apply the model's soft cap, if it has one.
  package mutating func logits(row: Int, isCapped: Bool = true) -> [Float] {
    let vocabulary = model.architecture.vocabulary
    kernels.norm(
      model.architecture.norm, residual, rows: [Int32(row)], count: 1, into: &normed)
    var out = Matrix(rows: 1, columns: vocabulary)
    model.unembedding.forEachBlock { tokens, unembedding, block in
      MatrixProduct.timesTransposed(
        normed, normed.block(rows: 1), unembedding, block, into: &out,
        Block(column: tokens.lowerBound, rows: 1, columns: tokens.count))
    }
    if isCapped, let cap = model.architecture.logitCap {
      kernels.softCap(&out, out.block(), bias: model.unembeddingBias[...], cap: Float(cap))
    } else {
      kernels.addBias(&out, out.block(), bias: model.unembeddingBias)
    }
    return out.elements
  }

  /// Computes the logits of some rows into `logits`, one block of the vocabulary at a time.
  ///
  /// - Parameter body: receives the tokens of the block, and the bias to add to each logit.
  private mutating func eachBlock(
    rows: [Int32], targets: [Int32],
    _ body: (inout ForwardPass, _ tokens: Range<Int>, _ bias: [Float]) -> Void
  ) {
    precondition(
      rows.count == targets.count && rows.count <= logits.rows,
      "\(rows.count) rows and \(targets.count) targets for \(logits.rows) rows of logits")
    let (count, vocabulary) = (rows.count, model.architecture.vocabulary)
    let cap = model.architecture.logitCap
    // Capped logits already include the bias.
    let bias = cap == nil ? model.unembeddingBias : noBias
    kernels.norm(model.architecture.norm, residual, rows: rows, count: count, into: &normed)
    for offset in stride(from: 0, to: vocabulary, by: logits.columns) {
      let tokens = offset..<min(offset + logits.columns, vocabulary)
      let block = Block(rows: count, columns: tokens.count)
      model.unembedding.withRows(tokens) { unembedding, rows in
        MatrixProduct.timesTransposed(
          normed, normed.block(rows: count), unembedding, rows, into: &logits, block)
      }
      if let cap {
        kernels.softCap(&logits, block, bias: model.unembeddingBias[tokens], cap: Float(cap))
      }
      body(&self, tokens, bias)
    }
  }
}
