/// The four counts of how predictions of a yes-or-no class agree with the truth, and the measures
/// that follow from them.
///
/// Every measure is defined for every input: a ratio whose denominator is 0 is 0, as in
/// scikit-learn.
package struct ClassificationMetrics: Sendable, Equatable {
  package private(set) var truePositives = 0
  package private(set) var falsePositives = 0
  package private(set) var trueNegatives = 0
  package private(set) var falseNegatives = 0

  package init() {}

  package init(truePositives: Int, falsePositives: Int, trueNegatives: Int, falseNegatives: Int) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
  }

  /// Counts the agreement of `predictions` with `labels`, row by row.
  package init(predictions: [Bool], labels: [Bool]) {
    precondition(
      predictions.count == labels.count,
      "\(predictions.count) predictions for \(labels.count) labels")
    for (prediction, label) in zip(predictions, labels) {
      switch (prediction, label) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (false, true): falseNegatives += 1
      }
    }
  }

  /// Adds up the counts of both.
  package static func += (sum: inout Self, other: Self) {
    sum.truePositives += other.truePositives
    sum.falsePositives += other.falsePositives
    sum.trueNegatives += other.trueNegatives
    sum.falseNegatives += other.falseNegatives
  }

  /// The counts of `all` without those of `part`, which must be among them.
  package static func - (all: Self, part: Self) -> Self {
    Self(
      truePositives: all.truePositives - part.truePositives,
      falsePositives: all.falsePositives - part.falsePositives,
      trueNegatives: all.trueNegatives - part.trueNegatives,
      falseNegatives: all.falseNegatives - part.falseNegatives)
  }

  /// Predicts the class where a decision value is above 0 (a NaN is not).
  package init(decisions: [Double], labels: [Bool]) {
    self.init(predictions: decisions.map { $0 > 0 }, labels: labels)
  }

  package var count: Int { truePositives + falsePositives + trueNegatives + falseNegatives }
  package var accuracy: Double { ratio(truePositives + trueNegatives, count) }
  package var precision: Double { ratio(truePositives, truePositives + falsePositives) }
  package var recall: Double { ratio(truePositives, truePositives + falseNegatives) }
  package var specificity: Double { ratio(trueNegatives, trueNegatives + falsePositives) }

  package var f1: Double {
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }

  /// The mean recall of the classes that occur.
  package var balancedAccuracy: Double {
    if truePositives + falseNegatives == 0 { return specificity }
    if trueNegatives + falsePositives == 0 { return recall }
    return (recall + specificity) / 2
  }

  /// Matthews' correlation coefficient, from −1 to 1; 0 where a whole row or column of counts is 0.
  package var mcc: Double {
    let (tp, fp) = (Double(truePositives), Double(falsePositives))
    let (tn, fn) = (Double(trueNegatives), Double(falseNegatives))
    let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return product > 0 ? (tp * tn - fp * fn) / product.squareRoot() : 0
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  /// The area under the ROC curve: how often a positive row scores above a negative one, where a
  /// tie counts half (Mann–Whitney); nil when a class is missing.
  ///
  /// A NaN score counts as the lowest.
  /// - Complexity: O(n log n).
  package static func areaUnderCurve(scores: [Double], labels: [Bool]) -> Double? {
    precondition(
      scores.count == labels.count, "\(scores.count) scores for \(labels.count) labels")
    func sorted(_ label: Bool) -> [Double] {
      zip(scores, labels).filter { $0.1 == label }
        .map { $0.0.isNaN ? -.infinity : $0.0 }.sorted()
    }
    let (positives, negatives) = (sorted(true), sorted(false))
    guard !positives.isEmpty && !negatives.isEmpty else { return nil }
    // Wins are counted twice, so that a tie is a whole number.
    var (below, through, wins) = (0, 0, 0)
    for score in positives {
      while below < negatives.count && negatives[below] < score { below += 1 }
      while through < negatives.count && negatives[through] <= score { through += 1 }
      wins += below + through
    }
    return Double(wins) / 2 / (Double(positives.count) * Double(negatives.count))
  }
}
