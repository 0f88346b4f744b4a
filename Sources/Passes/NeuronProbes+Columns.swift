import LinearAlgebra
import Statistics

extension NeuronProbes {
  /// Fits a regression to every column, on one split of all rows.
  ///
  /// - Parameters:
  ///   - labels: the class of every row
  ///   - split: the rows to fit on and the rows to judge by
  /// - Throws: `Diagnostic` of kind `.resources` when the columns cannot be read.
  package init(
    _ columns: LayerActivations, labels: [Bool], split: TrainTestSplit, workers: Int
  ) throws {
    let fitter = Fitter(labels: labels, split: split)
    self.init(try columns.map(workers: workers) { fitter.fit($1) })
  }
}
