import LinearAlgebra
import Passes
import Statistics

/// Judges one column of activations, a neuron's or a random direction's, as a probe of its own.
/// Every document is judged while its fold is held out, by the midpoint of the class means over all
/// other folds.
struct ColumnJudge: ColumnReducer {
  let folds: Folds
  let isTarget: [Bool]
  /// The labels of the documents shuffled; each shuffle serves all folds, as the real labels do.
  let shuffled: [[Bool]]
  /// The range of rows of each document.
  let rows: [Range<Int>]

  /// - Parameters:
  ///   - lengths: the number of counted tokens of each document
  ///   - shuffles: the number of shuffles of the labels, seeded seed + 1, seed + 2, …
  init(_ lengths: [Int], isTarget: [Bool], folds: Int, seed: UInt32, shuffles: Int) {
    self.folds = Folds(isTarget: isTarget, count: folds, seed: seed)
    self.isTarget = isTarget
    shuffled = (0..<shuffles).map {
      Folds.shuffled(isTarget, seed: seed &+ 1 &+ UInt32(truncatingIfNeeded: $0))
    }
    rows = GroupedColumn.rows(lengths)
  }

  var content: String {
    "nearest centroid \(isTarget) \(rows.map(\.count)) \(folds.of) \(shuffled)"
  }

  struct Judged: Sendable {
    var tokens: ProbeSweep.Result.Scores
    var documents: ProbeSweep.Result.Scores
    /// The MCC on tokens under each shuffle of the labels.
    var chance: [Double]
    /// The MCC on the tokens of each fold.
    var folds: [Double]
    /// |mean on the target − mean on the other class| over each fold's training tokens.
    var differences: [Double]
    /// +1 where the target's mean is the higher one, −1 otherwise.
    var sign: Int
    /// Whether all tokens have the same value; below, whether no value is above 0.
    var isConstant: Bool
    var isDead: Bool
  }

  func judge(_ values: [Float]) -> Judged {
    let column = GroupedColumn(values, rows)
    let rules = column.rules(folds, isTarget, pooled: false)
    let counts = column.counts(folds, rules.map(\.rule), isTarget)
    let pooled = column.rules(folds, isTarget, pooled: true)
    let byMean = column.judgements(folds, pooled.map(\.rule), isTarget)
    let all = column.classMeans(isTarget) { _ in true }
    return Judged(
      tokens: scores(counts) { fold, side in column.values(of: members(fold, side)) },
      documents: scores(byMean) { fold, side in members(fold, side).map { Float(column.means[$0]) }
      },
      chance: shuffled.map { labels in
        let rules = column.rules(folds, labels, pooled: false)
        return Self.sum(column.counts(folds, rules.map(\.rule), labels)).mcc
      },
      folds: (0..<folds.count).map { fold in Self.sum(byFold(counts, fold)).mcc },
      differences: rules.map(\.difference), sign: all.positive < all.negative ? -1 : 1,
      isConstant: column.isConstant, isDead: !values.contains { $0 > 0 })
  }

  /// The MCC on tokens of a random direction.
  func score(direction values: [Float]) -> Double {
    let column = GroupedColumn(values, rows)
    let rules = column.rules(folds, isTarget, pooled: false).map(\.rule)
    return Self.sum(column.counts(folds, rules, isTarget)).mcc
  }

  /// The four counts of each document while it is held out: on its tokens, and on its mean.
  func confusions(
    _ values: [Float]
  ) -> (tokens: [ClassificationMetrics], documents: [ClassificationMetrics]) {
    let column = GroupedColumn(values, rows)
    return (
      column.counts(folds, column.rules(folds, isTarget, pooled: false).map(\.rule), isTarget),
      column.judgements(folds, column.rules(folds, isTarget, pooled: true).map(\.rule), isTarget)
    )
  }

  private func members(_ fold: Int, _ side: Bool) -> [Int] {
    isTarget.indices.filter { folds.of[$0] == fold && isTarget[$0] == side }
  }

  private func byFold(
    _ documents: [ClassificationMetrics], _ fold: Int
  ) -> [ClassificationMetrics] {
    documents.indices.filter { folds.of[$0] == fold }.map { documents[$0] }
  }

  private func scores(
    _ documents: [ClassificationMetrics], values: (_ fold: Int, _ side: Bool) -> [Float]
  ) -> ProbeSweep.Result.Scores {
    ProbeSweep.Result.Scores(
      all: Self.sum(documents),
      folds: (0..<folds.count).map { fold in
        ProbeSweep.Result.Measures(
          Self.sum(byFold(documents, fold)),
          rocAUC: ClassificationMetrics.areaUnderCurve(
            positives: values(fold, true), negatives: values(fold, false)))
      })
  }

  private static func sum(_ documents: [ClassificationMetrics]) -> ClassificationMetrics {
    documents.reduce(into: ClassificationMetrics()) { $0 += $1 }
  }
}

/// One column of activations whose rows are grouped by document, with the sums that any labels
/// need.
struct GroupedColumn {
  /// The range of rows of each document, one document behind the other.
  ///
  /// - Parameter lengths: the number of rows of each
  static func rows(_ lengths: [Int]) -> [Range<Int>] {
    var end = 0
    return lengths.map { length in
      defer { end += length }
      return end..<end + length
    }
  }

  let values: [Float]
  let rows: [Range<Int>]
  /// The sum of the values by document; below, their mean.
  let sums: [Double]
  let means: [Double]
  let isConstant: Bool

  init(_ values: [Float], _ rows: [Range<Int>]) {
    self.values = values
    self.rows = rows
    sums = values.withUnsafeBufferPointer { values in
      rows.map { Kernels.best.sum(values, $0) }
    }
    isConstant = values.allSatisfy { $0 == values[0] }
    means = zip(sums, rows).map { $0 / Double(max(1, $1.count)) }
  }

  /// The means over the tokens of both classes, in the documents for which `isKept` holds.
  func classMeans(
    _ isPositive: [Bool], where isKept: (Int) -> Bool
  ) -> (positive: Double, negative: Double) {
    var total = (positive: 0.0, negative: 0.0)
    var weight = total
    for document in sums.indices where isKept(document) {
      if isPositive[document] {
        total.positive += sums[document]
        weight.positive += Double(rows[document].count)
      } else {
        total.negative += sums[document]
        weight.negative += Double(rows[document].count)
      }
    }
    return (total.positive / max(1, weight.positive), total.negative / max(1, weight.negative))
  }

  /// The rule of each fold, fitted on all other folds, and the difference of the class means it is
  /// made of.
  ///
  /// - Parameter pooled: whether the means are those of documents' means instead of tokens
  func rules(
    _ folds: Folds, _ isPositive: [Bool], pooled: Bool
  ) -> [(rule: NearestCentroid, difference: Double)] {
    // Sums and weights, by fold and class.
    var parts = [SIMD2<Double>](repeating: .zero, count: 2 * folds.count)
    for document in sums.indices {
      let place = 2 * folds.of[document] + (isPositive[document] ? 1 : 0)
      parts[place] +=
        pooled
        ? SIMD2(means[document], 1) : SIMD2(sums[document], Double(rows[document].count))
    }
    return (0..<folds.count).map { fold in
      var (negative, positive) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
      for other in 0..<folds.count where other != fold {
        negative += parts[2 * other]
        positive += parts[2 * other + 1]
      }
      let means = (positive.x / max(1, positive.y), negative.x / max(1, negative.y))
      // A constant column cannot tell classes apart; rounding must not make its class means differ.
      let rule = NearestCentroid(
        positiveMean: isConstant ? 0 : means.0, negativeMean: isConstant ? 0 : means.1)
      return (rule, abs(means.0 - means.1))
    }
  }

  /// The counts of each document's tokens by the rule of its fold.
  func counts(
    _ folds: Folds, _ rules: [NearestCentroid], _ isPositive: [Bool]
  ) -> [ClassificationMetrics] {
    values.withUnsafeBufferPointer { values in
      rows.indices.map { document in
        let own = UnsafeBufferPointer(rebasing: values[rows[document]])
        return Self.metrics(
          rules[folds.of[document]].predicted(own), of: own.count, isPositive[document])
      }
    }
  }

  /// The judgement of each document's mean by the rule of its fold.
  func judgements(
    _ folds: Folds, _ rules: [NearestCentroid], _ isPositive: [Bool]
  ) -> [ClassificationMetrics] {
    rows.indices.map { document in
      Self.metrics(
        rules[folds.of[document]].predicts(means[document]) ? 1 : 0, of: 1, isPositive[document])
    }
  }

  static func metrics(
    _ predicted: Int, of count: Int, _ isPositive: Bool
  ) -> ClassificationMetrics {
    isPositive
      ? ClassificationMetrics(
        truePositives: predicted, falsePositives: 0, trueNegatives: 0,
        falseNegatives: count - predicted)
      : ClassificationMetrics(
        truePositives: 0, falsePositives: predicted, trueNegatives: count - predicted,
        falseNegatives: 0)
  }

  func values(of documents: [Int]) -> [Float] { documents.flatMap { values[rows[$0]] } }
}

extension NearestCentroid {
  /// The number of values that are classified as the positive class.
  func predicted(_ values: UnsafeBufferPointer<Float>) -> Int {
    // A float32 is above a Double exactly where it is above the largest float32 that does not
    // exceed that Double.
    let nearest = Float(threshold)
    switch isPositiveAbove {
    case true?:
      let limit = Double(nearest) > threshold ? nearest.nextDown : nearest
      return Kernels.best.count(values, values.indices, above: limit)
    case false?:
      // The values below the threshold are all but those above the next smaller float32.
      let limit = Double(nearest) < threshold ? nearest : nearest.nextDown
      return values.count - Kernels.best.count(values, values.indices, above: limit)
    case nil: return 0
    }
  }
}
