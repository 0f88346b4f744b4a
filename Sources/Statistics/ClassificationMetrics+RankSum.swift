import LinearAlgebra

extension ClassificationMetrics {
  /// The exact area under the ROC curve (Mann–Whitney; a tie counts half); nil when a class is
  /// missing. No score may be a NaN.
  ///
  /// - Complexity: O(n).
  package static func areaUnderCurve(positives: [Float], negatives: [Float]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let wins = PairCount.twiceWins(positives: positives, negatives: negatives)
    return Double(wins) / 2 / (Double(positives.count) * Double(negatives.count))
  }
}
