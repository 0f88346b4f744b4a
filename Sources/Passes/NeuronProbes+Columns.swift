import LinearAlgebra
import Statistics

extension NeuronProbes {
  /// Fits the column of every neuron, on a split of all rows.
  ///
  /// - Parameters:
  ///   - labels: the class of every row
  ///   - split: which rows are fitted on, and which are judged
  /// - Throws: `Diagnostic` of kind `.resources` when the columns cannot be read.
  package init(
    _ columns: LayerActivations, labels: [Bool], split: TrainTestSplit, workers: Int
  ) throws {
    let fitter = Fitter(labels: labels, split: split)
    self.init(try columns.map(workers: workers) { fitter.fit($1) })
  }
}
