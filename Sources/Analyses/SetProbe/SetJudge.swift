import Passes
import Statistics

/// Fits logistic regressions on the tokens of some documents and judges them on those of others.
struct SetJudge: Sendable {
  /// The tokens that are fitted on, as places among all tokens of the fitting documents.
  let rows: [Int32]
  private let fittedLabels: [Bool]
  private let labels: [Bool]
  /// The range of tokens of each judged document, and whether it is of the target.
  private let documents: [Range<Int>]
  private let isTarget: [Bool]
  private let bootstrap: Bootstrap

  init(_ fitted: ProbedSample, _ judged: ProbedSample, bootstrap: Bootstrap) {
    func labels(_ sample: ProbedSample) -> [Bool] {
      zip(sample.isTarget, sample.lengths).flatMap { repeatElement($0, count: $1) }
    }
    fittedLabels = labels(fitted)
    self.labels = labels(judged)
    let step = max(1, (fittedLabels.count + SetProbe.rowLimit - 1) / SetProbe.rowLimit)
    rows = stride(from: 0, to: fittedLabels.count, by: step).map { Int32($0) }
    documents = GroupedColumn.rows(judged.lengths)
    isTarget = judged.isTarget
    self.bootstrap = bootstrap
  }

  /// Fits one regression on some neurons and judges it.
  ///
  /// - Parameter fitted, judged: each neuron's activation at every token of the documents
  func reading(fitted: [[Float]], judged: [[Float]]) -> SetProbe.Result.Together {
    let model = LogisticRegression.fit(columns: fitted, labels: fittedLabels, rows: rows)
    let odds = model.decisionValues(columns: judged, rows: labels.indices.map { Int32($0) })
    let byDocument = documents.map { range in
      ClassificationMetrics(decisions: Array(odds[range]), labels: Array(labels[range]))
    }
    let all = byDocument.reduce(into: ClassificationMetrics()) { $0 += $1 }
    return SetProbe.Result.Together(
      mcc: Measured(mccOf: byDocument, bootstrap: bootstrap),
      auc: area(documents.map { range in odds[range].reduce(0, +) / Double(max(1, range.count)) }),
      accuracy: all.accuracy, coefficients: model.coefficients, intercept: model.intercept)
  }

  /// The area under the ROC curve of the documents' mean activations.
  func area(ofMeans values: [Float]) -> Measured {
    area(
      documents.map { range in
        values[range].reduce(0.0) { $0 + Double($1) } / Double(max(1, range.count))
      })
  }

  /// DeLong's interval, on the logit scale; none for fewer than ten documents.
  private func area(_ scores: [Double]) -> Measured {
    let found = RankedValues(scores.map { Float($0) })
      .area(labels: isTarget.map { $0 ? 1 : 0 }, of: 1, against: 0)
    guard let found else { return Measured(0.5) }
    guard scores.count >= DocumentIntervals.fewest else { return Measured(found.value) }
    let interval = found.interval(confidence: 0.95)
    return Measured(found.value, low: interval.lower, high: interval.upper)
  }
}
