import Analyses
import Diagnostics
import LanguageModel
import LinearAlgebra
import Passes
import Reporting
import Storage
import StudyFile

/// One run of a study, from its files to its findings and its published report.
package struct StudyRun {
  /// The findings of a run and how they came about.
  package struct Outcome {
    package let findings: FindingsFile
    package let provenance: Provenance
    /// The operations that the engine has counted; zero if every result came from the cache.
    package let operations: OperationCount
  }

  /// The study with all files it names; with `layer: auto`, its layer is not chosen yet.
  package let study: ResolvedStudy
  /// The work of other processes, where their findings are rendered and no model is run.
  package var rendering: WorkOutcome?
  let limits: RunLimits
  /// How much of the model is in memory while it runs.
  let residency: Residency
  let activations: String?
  let environment: [String: String]
  let cache: ContentCache?
  let progress: any RunObserver
  private let clock: PhaseClock

  /// Reads and checks the files that the study names, and refuses a study that does not fit into
  /// memory.
  ///
  /// - Parameters:
  ///   - activations: a file for every token's activations; it makes the model run even if every
  ///     result is cached.
  ///   - cache: the results of earlier builds, which are not computed again.
  /// - Throws: `Diagnostic`.
  package init(
    _ file: StudyFile, corporaFolder: String? = nil, limits: RunLimits = RunLimits(),
    activations: String? = nil, environment: [String: String], cache: ContentCache? = nil,
    progress: any RunObserver = UnobservedRun()
  ) throws {
    if activations != nil { try ActivationExport.check(file) }
    var clock = PhaseClock()
    study = try clock.time("reading") {
      try ResolvedStudy.checked(file, corporaFolder: corporaFolder, environment: environment)
    }
    self.clock = clock
    self.limits = limits
    self.activations = activations
    self.environment = environment
    self.cache = cache
    self.progress = progress
    // The memory is checked before any byte of the weights is read, even for a checksum.
    var sweep = Self.sweep(study, limits, activations: activations, environment, cache)
    residency = try limits.residency(of: study.source.name) {
      sweep.residency = $0
      return Registry.memoryBytes(sweep)
    }
  }

  /// Computes the results that the cache does not hold.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome() throws -> Outcome {
    try rendering?.check(inputs)
    var (study, clock) = (study, clock)
    if ProbeSweep.isOpen(study) {
      if let rendering, try chosen(study) == nil { throw rendering.refusal }
      let open = study
      study = try clock.time("choosing the neuron") {
        try settled(open)
      }
    }
    let sweep = sweep(of: study)
    let known = try clock.time("looking into the cache") { try CachedResults(of: study, in: cache) }
    let found: Findings
    var operations = OperationCount()
    if let cached = known.findings, activations == nil {
      found = cached
    } else if let rendering {
      throw rendering.refusal
    } else {
      let evidence = try Self.evidence(
        sweep, known,
        columns: activations == nil ? Needs() : ActivationExport.needs(study), &clock, progress)
      found = try known.findings(from: evidence) { id, run in
        FreedMemory.returnToSystem()
        let before = evidence.engine.operations.total
        try clock.time("analysing: " + id, run)
        clock.count(evidence.engine.operations.total - before)
      }
      operations = evidence.engine.operations
      if let activations { try ActivationExport.write(evidence, to: activations) }
    }
    let findings = try clock.time("writing the findings") { try FindingsFile(found) }
    cache?.prune()
    // The weights must not have changed: the provenance states the checksum of the bytes that were
    // used.
    try study.checkpoint.checkUnchanged()
    return Outcome(
      findings: findings,
      provenance: Provenance(study, sweep: sweep, cached: known.ids, clock: clock)
        .naming(rendering?.numerics),
      operations: operations)
  }

  /// The operations and bytes that the run needs, estimated before the model is read.
  package var estimate: (operations: OperationCount, bytes: Int) {
    let sweep = sweep(of: study)
    return (Registry.plan(sweep).operations, Registry.memoryBytes(sweep))
  }

  /// The sweep of a study, whose neuron may be settled by now.
  func sweep(of study: ResolvedStudy) -> Sweep {
    var sweep = Self.sweep(study, limits, activations: activations, environment, cache)
    sweep.residency = residency
    return sweep
  }

  private static func sweep(
    _ study: ResolvedStudy, _ limits: RunLimits, activations: String?,
    _ environment: [String: String], _ cache: ContentCache?
  ) -> Sweep {
    var needs = Registry.needs(of: study)
    if activations != nil { needs.formUnion(ActivationExport.needs(study)) }
    var sweep = Sweep(study, needs: needs, environment: environment)
    sweep.cache = cache
    if let threads = limits.threads { sweep.workers = threads }
    return sweep
  }

  private func choiceKey(_ study: ResolvedStudy) throws -> ContentKey {
    ContentKey(
      study.file.neuron == .best ? "neuron_choice" : "layer_choice",
      try study.showing([]).content())
  }

  /// The study with what its file leaves open, as an earlier build has chosen it.
  private func chosen(_ study: ResolvedStudy) throws -> ResolvedStudy? {
    let key = try choiceKey(study)
    return study.file.neuron == .best
      ? cache?.value(NeuronChoice.self, for: key).map { study.settled($0) }
      : cache?.value(LayerChoice.self, for: key).map { study.choosing($0) }
  }

  /// The study with what its file leaves open: as an earlier build has chosen it, or chosen now.
  func settled(_ study: ResolvedStudy) throws -> ResolvedStudy {
    if let chosen = try chosen(study) { return chosen }
    let key = try choiceKey(study)
    let sweep = sweep(of: study)
    let settled = try ProbeSweep.settled(
      study, by: sweep.engine(running: try Self.model(sweep)))
    if let choice = settled.neuronChoice { cache?.keep(choice, for: key) }
    if let choice = settled.layerChoice { cache?.keep(choice, for: key) }
    return settled
  }

  /// Loads the model.
  static func model(_ sweep: Sweep) throws -> Transformer {
    let study = sweep.study
    let model = try Transformer(
      architecture: study.architecture, checkpoint: study.checkpoint, residency: sweep.residency,
      workers: sweep.workers)
    // The file must be unchanged: results are cached under the checksum of the weights in memory.
    try study.checkpoint.checkUnchanged()
    study.checkpoint.releasePages()
    return model
  }

  /// What all passes follow from: the probe, or the fit of a set.
  static func begun(
    _ sweep: Sweep, in model: Transformer, isScanned: Bool, meter: ProgressMeter
  ) throws -> Evidence {
    let evidence = try sweep.run(in: model, for: [], isScanned: isScanned, meter: meter)
    try evidence.fitSet(sweep.cache, meter)
    return evidence
  }

  /// Loads the model and runs the passes.
  private static func evidence(
    _ sweep: Sweep, _ known: CachedResults, columns: Needs, _ clock: inout PhaseClock,
    _ progress: any RunObserver
  ) throws -> Evidence {
    let model = try clock.time("loading the model") { try Self.model(sweep) }
    let meter = ProgressMeter(total: Registry.plan(sweep).operations.total) {
      progress.update($0)
    }
    let evidence = try clock.time("probing") {
      try begun(sweep, in: model, isScanned: known.isScanned, meter: meter)
    }
    let probed = evidence.engine.operations.total
    clock.count(probed)
    try clock.time("running the passes") {
      try known.runPasses(evidence, columns: columns, meter: meter)
    }
    clock.count(evidence.engine.operations.total - probed)
    progress.finish()
    return evidence
  }
}
