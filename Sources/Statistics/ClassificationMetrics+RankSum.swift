import LinearAlgebra

extension ClassificationMetrics {
  /// The area under the ROC curve, exact (Mann–Whitney, a tie counts half); nil when a class is
  /// missing. No score may be a NaN.
  ///
  /// - Complexity: O(n).
  package static func areaUnderCurve(positives: [Float], negatives: [Float]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let wins = PairCount.twiceWins(positives: positives, negatives: negatives)
    return Double(wins) / 2 / (Double(positives.count) * Double(negatives.count))
  }
}
