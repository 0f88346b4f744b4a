import Analyses
import LanguageModel
import LinearAlgebra
import Passes
import Reporting
import Storage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Measures how long each phase of a build takes, for the provenance.
struct PhaseClock {
  private(set) var phases: [Provenance.Phase] = []
  let started = Date()

  /// Records the number of operations of the last phase.
  mutating func count(_ operations: Double) {
    guard !phases.isEmpty else { return }
    phases[phases.count - 1].operations = operations
  }

  /// Records phases that were measured elsewhere.
  mutating func add(_ measured: [Provenance.Phase]) { phases += measured }

  mutating func time<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    phases.append(
      .init(name: name, seconds: (seconds * 1000).rounded() / 1000, operations: nil))
    return result
  }
}

extension Provenance {
  /// The provenance of a build's findings.
  init(_ study: ResolvedStudy, sweep: Sweep, cached: [String], clock: PhaseClock) {
    let probe = study.file.probe
    self.init(
      version: ProgramVersion.current,
      study: File(path: study.file.origin.file, sha256: study.file.origin.sha256),
      model: study.source.name, revision: study.source.snapshot ?? study.source.revision,
      modelFiles: study.checkpoint.files.map { File(path: $0.name, sha256: $0.sha256) },
      tokenizer: study.tokenizerChecksum,
      corpora: study.corpora.all.flatMap(\.files).map { File(path: $0.path, sha256: $0.sha256) },
      blas: MatrixProduct.library, kernels: Kernels.best.name, threads: sweep.workers,
      machine: .current, started: clock.started.formatted(.iso8601), phases: clock.phases,
      seeds: [probe.seed] + (0..<probe.splits).map { probe.seed + $0 },
      operations: Registry.plan(sweep).operations.total,
      cached: cached,
      notes: study.modelNotes)
  }
}
