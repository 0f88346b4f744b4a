import Corpora
import LanguageModel
import LinearAlgebra
import Storage
import StudyFile

/// The first wave of a study of one neuron; a set has none. The probe documents run up to the probed
/// layer, which decides the neuron and the value it is ablated to. If every neuron is judged, the
/// documents of that scan run through all layers. All other passes follow from these.
package struct Sweep: Sendable {
  package let study: ResolvedStudy
  /// The needs of every analysis, cached or not. Running the same passes either way keeps each
  /// number independent of the cache.
  package let needs: Needs
  package var cache: ContentCache?
  package var workers = ParallelLoop.cores
  /// How much of the model is held in memory while it runs; no number depends on it.
  package var residency = Residency.whole
  package var temporaryFolder: String
  /// Outcomes that other processes have left.
  package var elsewhere = SharedOutcomes()

  package init(_ study: ResolvedStudy, needs: Needs, environment: [String: String]) {
    self.study = study
    self.needs = needs
    temporaryFolder = Self.temporaryFolder(environment)
  }

  /// The folder for temporary files: `TMPDIR`, or else one that is on disk rather than in memory.
  package static func temporaryFolder(_ environment: [String: String]) -> String {
    TemporaryFile.folder(environment)
  }

  /// What is reported while the model runs.
  package struct Progress: Sendable {
    /// The phase that runs: `probing` or `running`.
    package let phase: String
    /// The number of tokens of this phase that are done.
    package let tokens: Int
    /// The share of all operations that is done, 0 to 1.
    package let share: Double
  }

  /// The cost of probing, of the needs' columns and of further passes.
  package func plan(_ passes: [Pass] = []) -> SweepPlan {
    let settled = Settled(planning: study)
    return SweepPlan(
      self,
      passes: needs.corpora.sorted { "\($0)" < "\($1)" }.flatMap {
        needs.passes(of: $0, settled)
      } + passes)
  }

  /// Runs the probe, and the columns of some classes.
  ///
  /// - Parameters:
  ///   - wanted: the classes whose columns are run, each alone; nil for all classes of the needs
  ///   - isScanned: whether the scan among the needs is run
  /// - Throws: `Diagnostic`.
  package func run(
    in model: Transformer, for wanted: Set<CorpusReference>? = nil, isScanned: Bool = false,
    meter: ProgressMeter? = nil
  ) throws -> Evidence {
    let engine = engine(running: model)
    guard let neuron = study.file.neuron else { return Evidence(study: study, engine: engine) }
    meter?.begin("probing")
    let probe = try probe(engine, asked: neuron, meter)
    if isScanned, let scan = needs.scan { try Self.run(scan, engine, meter) }
    let evidence = Evidence(
      study: study, engine: engine, probe: probe,
      neuron: NeuronAddress(layer: study.layer, neuron: probe.neuron(neuron)))
    let passes = needs.corpora.filter { wanted?.contains($0) ?? true }
      .flatMap { needs.passes(of: $0, evidence.settled) }
    try engine.run(passes) { meter?.add($0, rows: $1) }
    return evidence
  }

  /// The engine that runs the model for this study.
  package func engine(running model: Transformer) -> Engine {
    let study = study
    return Engine(
      running: model, workers: workers, temporaryFolder: temporaryFolder, elsewhere: elsewhere,
      name: { study.name(ofTokens: $0) })
  }

  private func probe(
    _ engine: Engine, asked neuron: NeuronReference, _ meter: ProgressMeter?
  ) throws -> ProbeEvidence {
    let probed = needs.probed.union([neuron])
    // Without a cache no key is needed, and so no checksum of the weights.
    let key = try cache.map { _ in
      ContentKey(
        "the probe",
        try study.showing([]).content() + probed.map(\.description).sorted())
    }
    if let cache, let key, let probe = cache.value(ProbeEvidence.self, for: key) { return probe }
    let documents = study.probed
    try engine.run(probing) { meter?.add($0, rows: $1) }
    let classes = [CorpusReference.target, .other].map { study.probeDocuments(of: $0) }
    let probe = try ProbeEvidence(
      engine.activations(of: documents, layer: study.layer), target: classes[0].counted,
      other: classes[1].counted, settings: study.file.probe, probed: probed,
      best: study.neuronChoice?.neuron, workers: workers)
    if let cache, let key, probe.isFinite { cache.keep(probe, for: key) }
    return probe
  }

  private static func run(
    _ scan: ScanNeed, _ engine: Engine, _ meter: ProgressMeter?
  ) throws {
    func run(_ reducer: some ColumnReducer) throws {
      _ = try engine.scan(scan.scan, reducer) { meter?.add($0, rows: $1) }
    }
    try run(scan.reducer)
  }

  /// The pass that runs the probe documents up to the probed layer and keeps its activations, so
  /// that later passes can resume there; none for a set, which is not probed.
  fileprivate var probing: [Pass] {
    study.file.subject == .set
      ? []
      : [Pass(study.probed, reading: [.post(layer: study.layer), .residual(layer: study.layer)])]
  }
}

/// The cost of a study's passes, before any of them has run.
package struct SweepPlan: Sendable {
  /// The scan, where there is one.
  private let scan: LayerScan?
  /// The short texts that are run alone.
  private let texts: Set<TextRun>
  /// The probe documents' wave, and the wave of everything that follows.
  private let waves: [Wave]
  private let shape: Architecture

  /// Plans the probe, the scan and the passes without running them.
  ///
  /// - Parameter passes: the passes of the second wave
  package init(_ sweep: Sweep, passes: [Pass]) {
    shape = sweep.study.architecture
    scan = sweep.needs.scan?.scan
    texts = sweep.needs.texts
    var ledger = PassLedger(of: shape)
    var waves: [Wave] = []
    waves.append(ledger.wave(sweep.probing))
    if let scan { ledger.book(scan.readouts(in: shape), of: scan.documents) }
    waves.append(ledger.wave(passes))
    self.waves = waves
  }

  package var operations: OperationCount {
    var count = scan?.operations(of: shape) ?? OperationCount()
    for wave in waves { count += wave.operations(of: shape) }
    for text in texts { count += text.operations(of: shape) }
    return count
  }

  /// The operations of the probe, of the clean and of the edited runs that follow it, and of the scan and
  /// the short texts.
  package var parts: (probe: Double, clean: Double, edited: Double, rest: Double) {
    let probe = waves[0].operations(of: shape).total
    var clean = waves[1]
    clean.edited = []
    let followed = clean.operations(of: shape).total
    let edited = waves[1].operations(of: shape).total - followed
    return (probe, followed, edited, operations.total - probe - followed - edited)
  }

  /// The most scratch memory that a worker holds, in bytes.
  package var scratchBytes: Int {
    let sizes = waves.map { $0.size(in: shape) } + [scan?.documents.size ?? (rows: 0, longest: 0)]
    return ForwardPass.scratchBytes(
      of: shape, rows: sizes.map(\.rows).max() ?? 0, longest: sizes.map(\.longest).max() ?? 0)
  }

  /// The bytes of what passes and short texts have left.
  package var outcomeBytes: Int {
    waves.reduce(0) { $0 + $1.outcomeBytes(in: shape) }
      + texts.reduce(0) { $0 + $1.keptBytes(in: shape) }
  }

  /// The bytes that a scan holds: each worker's, those that all share, and those of what is found.
  ///
  /// A worker holds a pass with the projections on the directions and all columns of a pack packed
  /// for the file, and later a tile of columns over all tokens.
  package var scanBytes: (perWorker: Int, shared: Int, found: Int) {
    guard let scan else { return (0, 0, 0) }
    let (width, stride) = (shape.dMLP + scan.directions, MemoryLayout<Float>.stride)
    let size = scan.documents.size
    let running =
      ForwardPass.scratchBytes(of: shape, rows: size.rows, longest: size.longest)
      + size.rows * (width + scan.directions) * stride
    return (
      max(running, KeptStreams.tileColumns * scan.documents.rows * stride),
      scan.directions * shape.dMLP * stride, shape.layers * width * LayerScan.foundBytes
    )
  }

  /// The bytes of the temporary file.
  package var keptBytes: Int {
    waves.reduce(0) { $0 + $1.keptBytes(in: shape) } + (scan?.keptBytes(in: shape) ?? 0)
  }
}

extension DocumentSet {
  /// The number of rows of the largest pack, and the length of the longest document.
  var size: (rows: Int, longest: Int) {
    (packs.map(\.rows).max() ?? 0, packs.flatMap(\.lengths).max() ?? 0)
  }
}
