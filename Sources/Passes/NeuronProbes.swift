import Statistics
import Storage

/// Logistic regressions on single neurons of the probed layer, all on one split of the same rows.
package struct NeuronProbes: Sendable, Codable {
  /// The coefficient of each neuron; the log-odds of the target are coefficient · activation +
  /// intercept.
  @PackedArray package private(set) var coefficients: [Double]
  @PackedArray package private(set) var intercepts: [Double]
  /// The share of training rows whose class is predicted, 0 to 1, by neuron.
  @PackedArray package private(set) var trainAccuracy: [Double]
  @PackedArray package private(set) var testAccuracy: [Double]

  /// Fits columns one after the other, so that a column stays in the cache for all its steps.
  struct Fitter: Sendable {
    private let labels: [Bool]
    private let isHeldOut: [Bool]
    private let regression: SingleFeatureRegression

    /// - Parameters:
    ///   - labels: the class of every row
    ///   - split: the rows to fit on and the rows to judge by
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

  /// Fits columns that are in memory.
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
      // Branch-free: on shuffled rows a branch is mispredicted half the time.
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
