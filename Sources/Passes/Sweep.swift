import Corpora
import LanguageModel
import LinearAlgebra
import Storage
import StudyFile

/// Runs the model as few times as the questions allow.
///
/// First the probe documents pass to the probed layer, which settles the neuron and the value it is
/// ablated to; then each class passes once, with everything any analysis wants of it. What the cache
/// holds of an earlier sweep is not run again.
package struct Sweep: Sendable {
  package let study: ResolvedStudy
  /// Of all analyses, whichever of them are to be run: so that no number depends on what the cache
  /// holds.
  package let needs: Needs
  package var cache: ContentCache?
  package var workers = ParallelLoop.cores
  /// How much of the model is in memory while it runs; no number depends on it.
  package var residency = Residency.whole
  package var temporaryFolder: String

  package init(_ study: ResolvedStudy, needs: Needs, environment: [String: String]) {
    self.study = study
    self.needs = needs
    temporaryFolder = ActivationSpill.temporaryFolder(environment)
  }

  /// What a sweep tells while it runs.
  package struct Progress: Sendable {
    /// `probing`, or the name of the class that is being run.
    package let phase: String
    /// Tokens of this phase that are done.
    package let tokens: Int
    /// Share of all operations that is done.
    package let share: Double
  }

  /// Runs the model.
  ///
  /// - Parameter wanted: classes that are looked at; nil for all of the needs.
  /// - Throws: `Diagnostic`.
  package func run(
    in model: Transformer, for wanted: Set<CorpusReference>? = nil,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Evidence {
    let engine = Engine(running: model, workers: workers, temporaryFolder: temporaryFolder)
    let meter = ProgressMeter(total: operations.total, report: progress)
    let (probe, spills) = try probe(in: model, meter: meter)
    let neuron = probe.neuron(study.file.neuron)
    let value = probe.column(neuron).other.meanValue
    var evidence = Evidence(
      study: study, engine: engine, probe: probe,
      neuron: NeuronAddress(layer: study.layer, neuron: neuron), value: value)
    for corpus in corpora where wanted?.contains(corpus) ?? true {
      var (pass, references) = classPass(corpus, neuron: neuron, value: value) {
        probe.neuron($0)
      }
      pass.resumed = spills[corpus]
      meter.begin(pass, named: study.documents(of: corpus).name, of: study.architecture)
      let outcome = try cache.value(
        for: ContentKey("one class's losses and activations", content(of: pass))
      ) {
        try pass.run(in: model, workers: workers) { meter.add(rows: $0) }
      }
      evidence.record(outcome, of: corpus, layout: pass.layout, activations: references)
    }
    return evidence
  }

  /// Classes in the order they are run: the other class first.
  fileprivate var corpora: [CorpusReference] {
    let named = study.corpora.all.map { CorpusReference.named($0.name) }
    let wanted = needs.corpora
    return ([.other, .target] + named).filter { wanted.contains($0) }
  }

  private var probeClasses: [TokenizedClass] {
    Self.probed.map { study.probeDocuments(of: $0) }
  }

  private func layout(of corpus: CorpusReference) -> ClassLayout {
    ClassLayout(
      of: study.documents(of: corpus), padding: study.file.padded,
      toLongest: needs.sums.contains { $0.corpus == corpus })
  }

  /// One passage with all that is wanted of a class, and which activation column is which.
  private func classPass(
    _ corpus: CorpusReference, neuron: Int, value: Float, resolve: (NeuronReference) -> Int
  ) -> (ClassPass, [NeuronReference]) {
    let columns = needs.columns.filter { $0.corpus == corpus }.map(\.quantity)
    let references = columns.compactMap { quantity -> NeuronReference? in
      if case .activation(let reference) = quantity { reference } else { nil }
    }.sorted { $0.description < $1.description }
    var pass = ClassPass(documents: study.documents(of: corpus), layout: layout(of: corpus))
    pass.activations = references.map {
      NeuronAddress(layer: study.layer, neuron: resolve($0))
    }
    pass.loss = columns.contains(.loss(.clean))
    let sums = needs.sums.filter { $0.corpus == corpus }
    pass.sums = Set(sums.filter { $0.run == .clean }.map(\.layer))
    let edited = Set(sums.filter { $0.run == .ablated }.map(\.layer))
    if columns.contains(.loss(.ablated)) || !edited.isEmpty {
      pass.edited = ClassPass.Edited(
        edit: NeuronEdit(layer: study.layer, neuron: neuron, value: value),
        loss: columns.contains(.loss(.ablated)), sums: edited)
    }
    if Self.probed.contains(corpus), pass.canResume(after: study.layer) {
      pass.apart = study.probeDocuments(of: corpus).documents.count
    }
    return (pass, references)
  }

  private func content(of pass: ClassPass) throws -> [String] {
    try study.modelContent() + pass.content
  }

  /// What the whole sweep computes.
  package var operations: OperationCount {
    var count = OperationCount()
    let shape = study.architecture
    for corpus in Self.probed {
      count += probePass(corpus, firstDocument: 0, firstRow: 0).operations(of: shape)
    }
    for corpus in corpora {
      var (pass, _) = classPass(corpus, neuron: 0, value: 0) { _ in 0 }
      if pass.canResume(after: study.layer), Self.probed.contains(corpus) {
        pass.resumed = probePass(corpus, firstDocument: 0, firstRow: 0).spill
      }
      count += pass.operations(of: shape)
    }
    return count
  }

  /// The classes that are probed, in the order of their rows.
  private static let probed: [CorpusReference] = [.target, .other]

  /// The probe documents of a class, to the probed layer, and past it where the class goes on from
  /// there.
  private func probePass(
    _ corpus: CorpusReference, firstDocument: Int, firstRow: Int
  ) -> ClassPass {
    let documents = study.probeDocuments(of: corpus)
    var pass = ClassPass(
      documents: documents, layout: ClassLayout(of: documents, padding: nil, toLongest: false))
    let (later, _) = classPass(corpus, neuron: 0, value: 0) { _ in 0 }
    pass.spill = ClassPass.Spill(
      layer: study.layer,
      isWhole: corpora.contains(corpus) && later.needsLogits
        && later.canResume(after: study.layer),
      documents: documents.documents.count, firstDocument: firstDocument, firstRow: firstRow)
    return pass
  }

  /// Passes the probe documents to the probed layer, and leaves what their classes can go on from.
  ///
  /// Where the cache holds what comes of it, there is nothing to go on from.
  private func probe(
    in model: Transformer, meter: ProgressMeter
  ) throws -> (ProbeEvidence, [CorpusReference: ClassPass.Spill]) {
    let probed = needs.probed.union([study.file.neuron])
    // Without a cache the weights need no checksum yet.
    let key = try cache.map { _ in
      ContentKey(
        "the probe",
        try study.showing([]).content() + probed.map(\.description).sorted())
    }
    if let cache, let key, let probe = cache.value(ProbeEvidence.self, for: key) {
      return (probe, [:])
    }
    let classes = probeClasses
    let rows = classes.reduce(0) { $0 + $1.counted }
    let post = try ActivationSpill(
      rows: rows, columns: model.architecture.dMLP, front: study.front, folder: temporaryFolder)
    let residual = try ActivationSpill(
      rows: rows, columns: model.architecture.dModel, front: study.front, folder: temporaryFolder)
    var spills: [CorpusReference: ClassPass.Spill] = [:]
    var (firstDocument, firstRow) = (0, 0)
    for (corpus, documents) in zip(Self.probed, classes) {
      var pass = probePass(corpus, firstDocument: firstDocument, firstRow: firstRow)
      pass.spill?.post = post
      if pass.spill?.isWhole == true { pass.spill?.residual = residual }
      meter.begin(pass, named: "probing", of: study.architecture)
      _ = try pass.run(in: model, workers: workers) { meter.add(rows: $0) }
      let (later, _) = classPass(corpus, neuron: 0, value: 0) { _ in 0 }
      if later.canResume(after: study.layer) { spills[corpus] = pass.spill }
      firstDocument += documents.documents.count
      firstRow += documents.counted
    }
    let probe = try ProbeEvidence(
      post, target: classes[0].counted, other: classes[1].counted,
      settings: study.file.probe, probed: probed, best: study.neuronChoice?.neuron)
    if let cache, let key { cache.keep(probe, for: key) }
    return (probe, spills)
  }
}

extension Sweep {
  /// Memory that a build needs, from sizes alone: weights, each worker's scratch, the columns that
  /// are kept, texts and tokens, and the program with its pages.
  package var memoryBytes: Int {
    let layouts = corpora.map { layout(of: $0) }
    let columns = layouts.reduce(0) { $0 + 4 * $1.computed.reduce(0, +) }
    let longest = max(
      layouts.flatMap(\.computed).max() ?? 0, probeClasses.map(\.longest).max() ?? 0)
    let rows = max(ClassPass.packRows, longest)
    let scratch = ForwardPass.scratchBytes(of: study.architecture, rows: rows, longest: longest)
    let kept = 3 * columns + 4 * (study.file.probe.candidates + study.file.probe.k) * probeRows
    // The residual stream of every token, the directions, some columns, and each worker's pack.
    let shape = study.architecture
    let size = { (name: String) in study.file.size(of: "probe_sweep", name) }
    let swept = 2 * size("documents") * min(size("window"), shape.context)
    let directions = min(size("directions"), shape.dMLP)
    let layerByLayer =
      study.file.isOn("probe_sweep")
      ? 4 * (swept * shape.dModel + directions * (shape.dMLP + workers * rows)) + 32_000_000 : 0
    // The residual stream and hook_post of the sample whose ablation is repeated.
    let measured = study.file.measuringOrStandard
    let sampled = measured.documents * min(measured.window, shape.context)
    let repeated =
      study.file.isOn("ablation_controls")
      ? 4 * sampled * (shape.dModel + shape.dMLP) : 0
    let texts = 40_000_000 + 100 * layouts.reduce(0) { $0 + $1.computed.reduce(0, +) }
    return study.checkpoint.bytes(residency) + workers * scratch + kept + texts
      + max(layerByLayer, repeated)
  }

  /// Bytes of the unnamed temporary file that holds the probed layer.
  package var temporaryBytes: Int {
    4 * probeRows * (study.architecture.dMLP + study.architecture.dModel)
  }

  private var probeRows: Int { probeClasses.reduce(0) { $0 + $1.counted } }
}

extension ProgressMeter {
  fileprivate func begin(_ pass: ClassPass, named phase: String, of shape: Architecture) {
    begin(
      phase, rows: pass.layout.computed.reduce(0, +), operations: pass.operations(of: shape).total)
  }
}
