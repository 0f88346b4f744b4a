import LinearAlgebra
import Statistics
import Storage
import Synchronization

/// A logistic regression on each neuron of a layer alone, on one split of the rows.
package struct NeuronProbes: Sendable, Codable {
  /// By neuron; the log-odds of the target are coefficient · activation + intercept.
  @PackedArray package private(set) var coefficients: [Double]
  @PackedArray package private(set) var intercepts: [Double]
  /// By neuron: the share of rows whose class is predicted, 0 to 1.
  @PackedArray package private(set) var trainAccuracy: [Double]
  @PackedArray package private(set) var testAccuracy: [Double]

  /// The most bytes of columns that a worker holds.
  private static let blockBytes = 1 << 25

  /// Fits the column of every neuron.
  ///
  /// Each worker takes a block of columns, reads them whole and fits one after the other, so that a
  /// column stays in the cache for all its steps.
  /// - Parameters:
  ///   - labels: the class of every row
  ///   - split: which rows are fitted on, and which are judged
  ///   - columns: those of some neurons, a value for each row
  /// - Throws: what `columns` throws.
  package init(
    of neurons: Int, labels: [Bool], split: TrainTestSplit, workers: Int = ParallelLoop.cores,
    columns: @Sendable (Range<Int>) throws -> [[Float]]
  ) throws {
    let regression = SingleFeatureRegression(labels: labels, rows: split.training)
    var isHeldOut = labels.map { _ in false }
    for row in split.test { isHeldOut[Int(row)] = true }
    let heldOut = isHeldOut
    // A line of the cache at least, and a share of the columns for every worker.
    let width = max(
      16, min(Self.blockBytes / (4 * max(1, labels.count)), neurons / (4 * workers)) & ~15)
    let found = Mutex<[Fit]>([])
    try ParallelLoop.ordered(
      (neurons + width - 1) / width, workers: workers, scratch: {},
      compute: { block, _ in
        try columns(block * width..<min((block + 1) * width, neurons)).map { column in
          Fit(regression.fit(column), on: column, labels: labels, isHeldOut: heldOut)
        }
      },
      merge: { _, fits in found.withLock { $0 += fits } })
    let fits = found.withLock { $0 }
    coefficients = fits.map { $0.model.coefficients[0] }
    intercepts = fits.map(\.model.intercept)
    trainAccuracy = fits.map(\.train)
    testAccuracy = fits.map(\.test)
  }

  private struct Fit: Sendable {
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
