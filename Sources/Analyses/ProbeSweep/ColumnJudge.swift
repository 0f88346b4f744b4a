import LinearAlgebra
import Passes
import Statistics

/// Judges a column of activations, a neuron's or a direction's, as a probe of its own.
struct ColumnJudge: ColumnReducer {
  /// The splits, and the same splits with shuffled labels.
  let real: [Trial]
  var shuffled: [Trial]
  let isTarget: [Bool]
  /// The rows of each document.
  let rows: [Range<Int>]

  /// - Parameter lengths: tokens of each document that count.
  init(_ lengths: [Int], isTarget: [Bool], splits: Int, testSize: Double, seed: Int) {
    let seeds = (0..<splits).map { UInt32(truncatingIfNeeded: seed + $0) }
    let real = seeds.map { Trial(isPositive: isTarget, testSize: testSize, seed: $0) }
    var rows: [Range<Int>] = []
    for length in lengths {
      let start = rows.last?.upperBound ?? 0
      rows.append(start..<start + length)
    }
    self.real = real
    shuffled = zip(real, seeds).map { $0.shuffled(seed: $1) }
    self.isTarget = isTarget
    self.rows = rows
  }

  var content: String {
    "nearest centroid \(isTarget) \(rows.map(\.count)) \(real.map(\.isHeldOut)) "
      + "\(shuffled.map(\.isPositive))"
  }

  struct Judged: Sendable {
    var tokens: ProbeSweep.Result.Scores
    var documents: ProbeSweep.Result.Scores
    /// MCC on tokens with shuffled labels, the mean over the splits.
    var chance: Double
    /// |mean of the target − mean of the other class| on each split's training tokens.
    var differences: [Double]
    /// Whether all tokens have one value, and whether none is above 0.
    var isConstant: Bool
    var isDead: Bool
  }

  func judge(_ values: [Float]) -> Judged {
    let column = Column(values, rows)
    var tokens: [ProbeSweep.Result.Measures] = []
    var documents: [ProbeSweep.Result.Measures] = []
    var differences: [Double] = []
    for trial in real {
      let means = column.classMeans(trial)
      differences.append(abs(means.positive - means.negative))
      tokens.append(
        .init(
          column.metrics(trial, column.rule(means)),
          rocAUC: ClassificationMetrics.areaUnderCurve(
            positives: column.heldOut(trial, isPositive: true),
            negatives: column.heldOut(trial, isPositive: false))))
      documents.append(pooled(column, trial))
    }
    let chance = shuffled.map { column.metrics($0, column.rule(column.classMeans($0))).mcc }
    return Judged(
      tokens: .init(tokens), documents: .init(documents),
      chance: chance.reduce(0, +) / Double(max(1, chance.count)), differences: differences,
      isConstant: column.isConstant, isDead: !values.contains { $0 > 0 })
  }

  /// On documents' mean activations.
  private func pooled(_ column: Column, _ trial: Trial) -> ProbeSweep.Result.Measures {
    let held = isTarget.indices.filter { trial.isHeldOut[$0] }
    let labels = held.map { isTarget[$0] }
    let rule = column.rule(column.classMeansOfDocuments(trial))
    return .init(
      ClassificationMetrics(
        predictions: held.map { rule.predicts(column.means[$0]) }, labels: labels),
      rocAUC: ClassificationMetrics.areaUnderCurve(
        scores: held.map { column.means[$0] }, labels: labels))
  }

  /// How each document is judged while it is held out, all splits together: the four counts, on its
  /// tokens and on its mean.
  func confusions(
    _ values: [Float]
  ) -> (tokens: [ClassificationMetrics], documents: [ClassificationMetrics]) {
    let column = Column(values, rows)
    var tokens = rows.map { _ in ClassificationMetrics() }
    var documents = tokens
    for trial in real {
      let rule = column.rule(column.classMeans(trial))
      let pooled = column.rule(column.classMeansOfDocuments(trial))
      for document in rows.indices where trial.isHeldOut[document] {
        tokens[document] += column.metrics(document, rule, isPositive: isTarget[document])
        documents[document] += ClassificationMetrics(
          predictions: [pooled.predicts(column.means[document])], labels: [isTarget[document]])
      }
    }
    return (tokens, documents)
  }
}

/// One column with what follows of it for any trial.
private struct Column {
  let values: [Float]
  let rows: [Range<Int>]
  /// By document.
  let sums: [Double]
  let means: [Double]
  let isConstant: Bool

  init(_ values: [Float], _ rows: [Range<Int>]) {
    self.values = values
    self.rows = rows
    sums = values.withUnsafeBufferPointer { values in
      rows.map { Kernels.best.sum(values, $0) }
    }
    means = zip(sums, rows).map { $0 / Double(max(1, $1.count)) }
    isConstant = values.allSatisfy { $0 == values[0] }
  }

  /// Means over the training tokens.
  func classMeans(_ trial: Trial) -> (positive: Double, negative: Double) {
    Self.classMeans(trial, sums, weights: rows.map { Double($0.count) })
  }

  /// Means over the training documents' means.
  func classMeansOfDocuments(_ trial: Trial) -> (positive: Double, negative: Double) {
    Self.classMeans(trial, means, weights: means.map { _ in 1 })
  }

  private static func classMeans(
    _ trial: Trial, _ sums: [Double], weights: [Double]
  ) -> (positive: Double, negative: Double) {
    var total = (positive: 0.0, negative: 0.0)
    var weight = total
    for document in sums.indices where !trial.isHeldOut[document] {
      if trial.isPositive[document] {
        total.positive += sums[document]
        weight.positive += weights[document]
      } else {
        total.negative += sums[document]
        weight.negative += weights[document]
      }
    }
    return (total.positive / max(1, weight.positive), total.negative / max(1, weight.negative))
  }

  /// What never varies has no classes: the rounding of its means must not make them.
  func rule(_ means: (positive: Double, negative: Double)) -> NearestCentroid {
    NearestCentroid(
      positiveMean: isConstant ? 0 : means.positive,
      negativeMean: isConstant ? 0 : means.negative)
  }

  /// A document's tokens by a rule.
  func metrics(
    _ document: Int, _ rule: NearestCentroid, isPositive: Bool
  ) -> ClassificationMetrics {
    let range = rows[document]
    // A Float exceeds a Double threshold exactly where it exceeds the largest Float up to it.
    let predicted = values.withUnsafeBufferPointer { values in
      switch rule.isPositiveAbove {
      case true?:
        Kernels.best.count(values, range, above: Float(atMost: rule.threshold))
      case false?:
        range.count
          - Kernels.best.count(values, range, above: Float(below: rule.threshold))
      case nil: 0
      }
    }
    let missed = range.count - predicted
    return isPositive
      ? ClassificationMetrics(
        truePositives: predicted, falsePositives: 0, trueNegatives: 0, falseNegatives: missed)
      : ClassificationMetrics(
        truePositives: 0, falsePositives: predicted, trueNegatives: missed, falseNegatives: 0)
  }

  /// The held-out tokens of a trial by a rule.
  func metrics(_ trial: Trial, _ rule: NearestCentroid) -> ClassificationMetrics {
    var sum = ClassificationMetrics()
    for document in rows.indices where trial.isHeldOut[document] {
      sum += metrics(document, rule, isPositive: trial.isPositive[document])
    }
    return sum
  }

  /// The held-out tokens of one class.
  func heldOut(_ trial: Trial, isPositive: Bool) -> [Float] {
    var held: [Float] = []
    for document in rows.indices
    where trial.isHeldOut[document] && trial.isPositive[document] == isPositive {
      held += values[rows[document]]
    }
    return held
  }
}

extension Float {
  /// The largest that does not exceed a number.
  fileprivate init(atMost number: Double) {
    let nearest = Float(number)
    self = Double(nearest) > number ? nearest.nextDown : nearest
  }

  /// The largest below a number.
  fileprivate init(below number: Double) {
    let nearest = Float(number)
    self = Double(nearest) >= number ? nearest.nextDown : nearest
  }
}
