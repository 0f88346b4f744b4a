import CKernels

extension Kernels {
  /// The sum of `x` over a range, in double precision.
  package func sum(_ x: UnsafeBufferPointer<Float>, _ range: Range<Int>) -> Double {
    precondition(range.lowerBound >= 0 && range.upperBound <= x.count, "\(range) of \(x.count)")
    guard let base = x.baseAddress else { return 0 }
    return table.sum(base + range.lowerBound, range.count)
  }

  /// The number of elements of a range that exceed a threshold.
  package func count(
    _ x: UnsafeBufferPointer<Float>, _ range: Range<Int>, above threshold: Float
  ) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= x.count, "\(range) of \(x.count)")
    guard let base = x.baseAddress else { return 0 }
    return table.count_above(base + range.lowerBound, range.count, threshold)
  }
}

/// Counts pairs of a positive and a negative by which is larger.
package enum PairCount {
  /// Twice the number of pairs in which the positive is larger; a tie counts half. No number may be
  /// NaN.
  ///
  /// - Complexity: O(n), by a radix sort.
  package static func twiceWins(positives: [Float], negatives: [Float]) -> Int {
    withUnsafeTemporaryAllocation(
      of: UInt32.self, capacity: 2 * (positives.count + negatives.count)
    ) { scratch in
      Int(
        twice_wins(
          positives, positives.count, negatives, negatives.count, scratch.baseAddress))
    }
  }
}
