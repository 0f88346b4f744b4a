import Statistics
import Storage

/// A logistic regression on each neuron of the probed layer alone, on one split of some rows.
package struct NeuronProbes: Sendable, Codable {
  /// By neuron; the log-odds of the target are coefficient · activation + intercept.
  @PackedArray package private(set) var coefficients: [Double]
  @PackedArray package private(set) var intercepts: [Double]
  /// By neuron: the share of rows whose class is predicted, 0 to 1.
  @PackedArray package private(set) var trainAccuracy: [Double]
  @PackedArray package private(set) var testAccuracy: [Double]

  /// Fits columns one after the other: a column stays in the cache for all its steps.
  struct Fitter: Sendable {
    private let labels: [Bool]
    private let isHeldOut: [Bool]
    private let regression: SingleFeatureRegression

    /// - Parameters:
    ///   - labels: the class of every row
    ///   - split: which rows are fitted on, and which are judged
    init(labels: [Bool], split: TrainTestSplit) {
      self.labels = labels
      regression = SingleFeatureRegression(labels: labels, rows: split.training)
      var isHeldOut = labels.map { _ in false }
      for row in split.test { isHeldOut[Int(row)] = true }
      self.isHeldOut = isHeldOut
    }

    func fit(_ column: [Float]) -> Fit {
      Fit(regression.fit(column), on: column, labels: labels, isHeldOut: isHeldOut)
    }
  }

  /// Fits columns that are at hand.
  package init(columns: [[Float]], labels: [Bool], split: TrainTestSplit) {
    self.init(columns.map(Fitter(labels: labels, split: split).fit))
  }

  init(_ fits: [Fit]) {
    coefficients = fits.map { $0.model.coefficients[0] }
    intercepts = fits.map(\.model.intercept)
    trainAccuracy = fits.map(\.train)
    testAccuracy = fits.map(\.test)
  }

  struct Fit: Sendable {
    let model: LogisticModel
    let train: Double
    let test: Double

    init(_ model: LogisticModel, on column: [Float], labels: [Bool], isHeldOut: [Bool]) {
      self.model = model
      let (coefficient, intercept) = (model.coefficients[0], model.intercept)
      var (right, rightHeldOut, total) = (0, 0, 0)
      // Arithmetic, since the processor cannot foresee a branch on shuffled rows.
      for row in column.indices {
        let isRight = (intercept + coefficient * Double(column[row]) > 0) == labels[row] ? 1 : 0
        let held = isHeldOut[row] ? 1 : 0
        right += isRight
        rightHeldOut += isRight & held
        total += held
      }
      train = Double(right - rightHeldOut) / Double(max(1, column.count - total))
      test = Double(rightHeldOut) / Double(max(1, total))
    }
  }
}
