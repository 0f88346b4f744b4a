#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A log-sum-exp over the vocabulary that is updated block by block, so that the logits of a batch
/// are never all in memory.
package struct RunningLogSumExp: Sendable {
  private var reference: [Float]
  private var sum: [Float]

  /// Scratch memory for at most `rows` rows.
  package init(rows: Int) {
    reference = Array(repeating: -.infinity, count: rows)
    sum = Array(repeating: 0, count: rows)
  }

  package mutating func restart() {
    for row in reference.indices {
      reference[row] = -.infinity
      sum[row] = 0
    }
  }

  /// Adds the logits of another block of the vocabulary.
  ///
  /// - Parameters:
  ///   - logits: `[≥ rows, ≥ columns]`, without their bias
  ///   - bias: b_U for the columns of this block, from `offset` on
  package mutating func add(
    _ logits: Matrix, rows: Int, columns: Int, bias: [Float], offset: Int, kernels: Kernels
  ) {
    precondition(
      rows <= logits.rows && rows <= reference.count && columns <= logits.columns
        && offset + columns <= bias.count,
      "\(rows) × \(columns) logits from \(logits.rows) × \(logits.columns)")
    logits.elements.withUnsafeBufferPointer { x in
      bias.withUnsafeBufferPointer { b in
        reference.withUnsafeMutableBufferPointer { m in
          sum.withUnsafeMutableBufferPointer { s in
            guard let biasBase = b.baseAddress else { return }
            kernels.table.log_sum_exp(
              x.baseAddress, logits.columns, rows, columns, biasBase + offset, m.baseAddress,
              s.baseAddress)
          }
        }
      }
    }
  }

  /// The natural logarithm of Σ exp(logit) for one row, in nats.
  package subscript(row: Int) -> Float { reference[row] + log(sum[row]) }
}
