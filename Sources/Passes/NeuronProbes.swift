import Statistics
import Storage

/// A logistic regression on each neuron of the probed layer alone, on one split of the balanced
/// rows.
package struct NeuronProbes: Sendable, Codable {
  /// By neuron; the log-odds of the target are coefficient · activation + intercept.
  @PackedArray package private(set) var coefficients: [Double]
  @PackedArray package private(set) var intercepts: [Double]
  /// By neuron: the share of rows whose class is predicted, 0 to 1.
  @PackedArray package private(set) var trainAccuracy: [Double]
  @PackedArray package private(set) var testAccuracy: [Double]

  /// Fits columns whose first rows are the target's, one after the other: a column stays in the cache
  /// for all its steps.
  struct Fitter: Sendable {
    private let labels: [Bool]
    private let isHeldOut: [Bool]
    private let rows: [Range<Int>]
    private let regression: SingleFeatureRegression

    /// - Parameters:
    ///   - target: rows of the target.
    ///   - balanced: rows of each class that are split.
    ///   - split: which of them are fitted on, the target's before the others.
    init(target: Int, balanced: Int, split: TrainTestSplit) {
      labels = (0..<2 * balanced).map { $0 < balanced }
      regression = SingleFeatureRegression(labels: labels, rows: split.training)
      rows = [0..<balanced, target..<target + balanced]
      var isHeldOut = labels.map { _ in false }
      for row in split.test { isHeldOut[Int(row)] = true }
      self.isHeldOut = isHeldOut
    }

    func fit(_ column: [Float]) -> Fit {
      let balanced = rows.flatMap { column[$0] }
      return Fit(regression.fit(balanced), on: balanced, labels: labels, isHeldOut: isHeldOut)
    }
  }

  /// Fits columns that are at hand.
  package init(columns: [[Float]], target: Int, balanced: Int, split: TrainTestSplit) {
    let fitter = Fitter(target: target, balanced: balanced, split: split)
    self.init(columns.map(fitter.fit))
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
