import Statistics

/// A logistic regression fitted on the training rows of a split and judged on both parts.
package struct ProbeFit: Sendable {
  package let model: LogisticModel
  /// The share of training rows whose class is predicted, 0 to 1; below, of held-out rows.
  package let trainAccuracy: Double
  package let testAccuracy: Double

  /// Fits the features `columns`, each with one value for every balanced row.
  package init(columns: [[Float]], labels: [Bool], split: TrainTestSplit) {
    model = LogisticRegression.fit(columns: columns, labels: labels, rows: split.training)
    trainAccuracy = model.accuracy(columns: columns, labels: labels, rows: split.training)
    testAccuracy = model.accuracy(columns: columns, labels: labels, rows: split.test)
  }
}
