import Atlas
import AtlasPages
import Diagnostics
import JSON
import LanguageModel
import LinearAlgebra
import Passes
import Reporting
import Storage
import StudyFile
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One run of an atlas, from its files to its findings.
package struct AtlasRun {
  /// The findings of a run and how they came about.
  package struct Outcome {
    package let findings: AtlasFindingsFile
    package let provenance: Provenance
    /// The operations that the engine has counted; zero if the findings came from the cache.
    package let operations: OperationCount
  }

  package let atlas: ResolvedAtlas
  /// The work of other processes, where their findings are rendered and no model is run.
  package var rendering: WorkOutcome?
  let plan: AtlasPlan
  private let limits: RunLimits
  private let residency: Residency
  private let environment: [String: String]
  private let cache: ContentCache?
  let progress: any RunObserver
  private let clock: PhaseClock

  /// Reads and checks the files that the atlas names, and refuses one that does not fit into memory.
  ///
  /// - Throws: `Diagnostic`.
  package init(
    _ file: AtlasFile, corporaFolder: String? = nil, limits: RunLimits = RunLimits(),
    environment: [String: String], cache: ContentCache? = nil,
    progress: any RunObserver = UnobservedRun()
  ) throws {
    var clock = PhaseClock()
    let atlas = try clock.time("reading") {
      try ResolvedAtlas.checked(
        file, corporaFolder: corporaFolder, environment: environment, cache: cache)
    }
    let plan = AtlasPlan(atlas)
    (self.atlas, self.plan, self.clock, self.limits) = (atlas, plan, clock, limits)
    (self.environment, self.cache, self.progress) = (environment, cache, progress)
    let workers = limits.threads ?? ParallelLoop.cores
    residency = try limits.residency(of: atlas.model.source.name) {
      plan.bytes(workers: workers, $0)
    }
  }

  /// The operations and bytes that the run needs, estimated before the model is read.
  package var estimate: (operations: OperationCount, bytes: Int) {
    (plan.operations, plan.bytes(workers: workers, residency))
  }

  var workers: Int { limits.threads ?? ParallelLoop.cores }

  /// Computes the findings, or takes those that an earlier run of the same atlas has kept.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome() throws -> Outcome {
    try rendering?.check(inputs)
    var clock = clock
    if let known = try known() {
      return Outcome(
        findings: known,
        provenance: Provenance(
          atlas, workers: workers, clock: clock, operations: plan.operations,
          cached: ["atlas"]
        ).naming(rendering?.numerics), operations: OperationCount())
    }
    if let rendering { throw rendering.refusal }
    let key = try cache.map { _ in try contentKey() }
    let meter = ProgressMeter(total: plan.operations.total) { progress.update($0) }
    let engine = try clock.time("loading the model") { try self.engine(atlas) }
    let watch = PhaseWatch(engine)
    let computation = AtlasComputation(
      atlas, by: engine, results: EngineResults(engine) { meter.add($0, rows: $1) },
      phase: {
        watch.begin($0)
        meter.begin($0)
      })
    var findings = try computation.findings()
    watch.end()
    clock.add(watch.phases)
    var operations = engine.operations
    if !atlas.states.isEmpty {
      meter.begin("checkpoints")
      let (states, done) = try clock.time("running the checkpoints") {
        try computation.checkpoints(beside: findings) { state in
          let engine = try self.engine(state)
          return AtlasComputation(
            state, by: engine, results: EngineResults(engine) { meter.add($0, rows: $1) })
        }
      }
      findings.checkpoints = states
      operations += done
    }
    meter.end()
    progress.finish()
    try atlas.model.checkpoint.checkUnchanged()
    let found = findings
    let file = try clock.time("writing the findings") { try AtlasFindingsFile(found) }
    if let cache, let key {
      cache.keep(Self.kept(file), for: key)
      cache.prune()
    }
    return Outcome(
      findings: file,
      provenance: Provenance(
        atlas, workers: workers, clock: clock, operations: operations, cached: []),
      operations: operations)
  }

  /// The findings that the cache holds of the same atlas.
  func known() throws -> AtlasFindingsFile? {
    guard let text = cache?.value(PackedArray<UInt8>.self, for: try contentKey()) else {
      return nil
    }
    return try? AtlasFindingsFile(
      reading: FileBytes(text.wrappedValue, name: AtlasFindingsFile.name))
  }

  /// Findings as `known` reads them.
  static func kept(_ file: AtlasFindingsFile) -> PackedArray<UInt8> {
    PackedArray(wrappedValue: Array(file.text.utf8))
  }

  private func engine(_ atlas: ResolvedAtlas) throws -> Engine {
    engine(atlas, running: try model(atlas))
  }

  /// Loads a state of the model.
  func model(_ atlas: ResolvedAtlas) throws -> Transformer {
    let checkpoint = atlas.model.checkpoint
    let model = try Transformer(
      architecture: atlas.model.architecture, checkpoint: checkpoint, residency: residency,
      workers: workers)
    try checkpoint.checkUnchanged()
    checkpoint.releasePages()
    return model
  }

  func engine(_ atlas: ResolvedAtlas, running model: Transformer) -> Engine {
    Engine(
      running: model, workers: workers,
      temporaryFolder: Sweep.temporaryFolder(environment),
      name: { ids in
        let document = atlas.documents.first {
          $0.ids.starts(with: ids) || ids.starts(with: $0.ids)
        }
        return document.map { "\(atlas.file.corpora[$0.label].name), document \($0.index)" }
          ?? "a document"
      })
  }

  /// The cache key of the findings, made of everything that they depend on.
  func contentKey() throws -> ContentKey {
    let file = try JSON(encoding: atlas.file, file: atlas.file.origin.file).text
    return ContentKey(
      "the findings of an atlas",
      [file, atlas.model.configuration?.sha256 ?? "", atlas.model.weights]
        + atlas.model.found.files.map(\.sha256) + atlas.corpora.map(\.sha256)
        + atlas.states.map(\.model.weights))
  }
}

/// Measures the phases of a computation that reports only where each begins.
private final class PhaseWatch: Sendable {
  private struct State {
    var phases: [Provenance.Phase] = []
    var current: (name: String, start: ContinuousClock.Instant, operations: Double)?
  }

  private let state = Mutex(State())
  private let engine: Engine

  init(_ engine: Engine) {
    self.engine = engine
  }

  var phases: [Provenance.Phase] { state.withLock { $0.phases } }

  func begin(_ name: String) {
    end()
    let operations = engine.operations.total
    state.withLock { $0.current = (name, .now, operations) }
  }

  func end() {
    let operations = engine.operations.total
    state.withLock { state in
      guard let current = state.current else { return }
      let seconds = (ContinuousClock.now - current.start) / .seconds(1)
      let done = operations - current.operations
      state.phases.append(
        .init(
          name: current.name, seconds: (seconds * 1000).rounded() / 1000,
          operations: done > 0 ? done : nil))
      state.current = nil
    }
  }
}

extension Provenance {
  /// The provenance of an atlas's findings.
  fileprivate init(
    _ atlas: ResolvedAtlas, workers: Int, clock: PhaseClock, operations: OperationCount,
    cached: [String]
  ) {
    let source = atlas.model.source
    self.init(
      version: ProgramVersion.current,
      study: File(path: atlas.file.origin.file, sha256: atlas.file.origin.sha256),
      model: source.name, revision: source.snapshot ?? source.revision,
      modelFiles: atlas.model.checkpoint.files.map { File(path: $0.name, sha256: $0.sha256) },
      tokenizer: atlas.model.found.file.sha256,
      corpora: atlas.corpora.flatMap(\.files).map { File(path: $0.path, sha256: $0.sha256) },
      blas: MatrixProduct.library, kernels: Kernels.best.name, threads: workers,
      machine: .current, started: clock.started.formatted(.iso8601), phases: clock.phases,
      seeds: [atlas.file.seed], operations: operations.total, cached: cached, notes: atlas.notes)
  }
}
