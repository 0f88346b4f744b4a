import LanguageModel
import Passes
import Statistics

/// Where an atlas's large results come from, for one state of its model: the model is run for them, or
/// other processes have left them.
package protocol AtlasResults: Sendable {
  /// - Throws: `Diagnostic`.
  func totals(of scan: BlockScan) throws -> ScanTotals

  /// - Parameter compute: finds the statistics where nobody has left them
  /// - Throws: `Diagnostic`.
  func statistics(_ compute: () -> AtlasStatistics) throws -> AtlasStatistics

  /// Each neuron's activations by document and position.
  ///
  /// - Throws: `Diagnostic`.
  func activations(_ readings: [NeuronReadings], front: Int) throws -> [[[Float]]]

  /// - Throws: `Diagnostic`.
  func losses(_ sets: SetStudy) throws -> SetLosses
}

/// Runs the model for everything.
package struct EngineResults: AtlasResults {
  let engine: Engine
  let progress: AtlasComputation.Progress

  package init(_ engine: Engine, progress: @escaping AtlasComputation.Progress = { _, _ in }) {
    (self.engine, self.progress) = (engine, progress)
  }

  package func totals(of scan: BlockScan) throws -> ScanTotals {
    try engine.scan(scan, progress: progress)
  }

  package func statistics(_ compute: () -> AtlasStatistics) -> AtlasStatistics { compute() }

  package func activations(_ readings: [NeuronReadings], front: Int) throws -> [[[Float]]] {
    try engine.activations(readings, front: front, progress: progress)
  }

  package func losses(_ sets: SetStudy) throws -> SetLosses {
    try sets.losses(by: engine, progress: progress)
  }
}
