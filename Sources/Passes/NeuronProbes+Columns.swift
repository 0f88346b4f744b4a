import LinearAlgebra
import Statistics
import Synchronization

extension NeuronProbes {
  /// Fits the column of every neuron, on a split of all rows.
  ///
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
    let width = 64
    let found = Mutex<[Fit]>([])
    try ParallelLoop.ordered(
      (neurons + width - 1) / width, workers: workers, scratch: {},
      compute: { block, _ in
        try columns(block * width..<min((block + 1) * width, neurons)).map { column in
          Fit(regression.fit(column), on: column, labels: labels, isHeldOut: heldOut)
        }
      },
      merge: { _, fits in found.withLock { $0 += fits } })
    self.init(found.withLock { $0 })
  }
}
