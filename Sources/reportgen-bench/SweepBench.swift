import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import StudyFile

/// Runs the whole sweep on a random model: the target's loss, clean and ablated, and the other
/// class's activations up to the probed layer, without padding.
struct SweepBench {
  struct Outcome {
    var tokens: Int
    var operations: OperationCount
    var loadSeconds: Double
    var tokenizeSeconds: Double
    var seconds: Double
  }

  let study: ResolvedStudy
  let tokenizeSeconds: Double

  init(_ yaml: String, folder: String) throws {
    let file = try StudyFile(yaml: yaml, file: "bench.yml", folder: folder)
    let start = ContinuousClock.now
    study = try ResolvedStudy(file, environment: [:])
    tokenizeSeconds = (ContinuousClock.now - start) / .seconds(1)
  }

  /// - Parameter loaded: called with the model before it is run.
  func run(workers: Int, loaded: (Transformer) -> Void = { _ in }) throws -> Outcome {
    let loading = ContinuousClock.now
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let loadSeconds = (ContinuousClock.now - loading) / .seconds(1)
    loaded(model)
    let start = ContinuousClock.now
    let needs = Needs(columns: [
      ColumnNeed(.loss(.clean), of: .target), ColumnNeed(.loss(.ablated), of: .target),
      ColumnNeed(.activation(.auto), of: .other),
    ])
    var sweep = Sweep(study, needs: needs, environment: ProcessInfo.processInfo.environment)
    sweep.workers = workers
    _ = try sweep.run(in: model)
    let end = ContinuousClock.now
    return Outcome(
      tokens: study.documents(of: .target).rows + study.documents(of: .other).rows,
      operations: sweep.plan().operations, loadSeconds: loadSeconds,
      tokenizeSeconds: tokenizeSeconds, seconds: (end - start) / .seconds(1))
  }
}
