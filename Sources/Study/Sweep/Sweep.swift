import LanguageModel
import LinearAlgebra

/// Runs the model as few times as the questions allow.
///
/// First the probe documents pass to the probed layer, which settles the neuron and the value it is
/// ablated to; then each class passes once, with everything any analysis wants of it.
package struct Sweep: Sendable {
  package let study: ResolvedStudy
  package let needs: Needs
  package var workers = ParallelLoop.cores
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
    /// Model rows of all phases, done and in all.
    package let done: Int
    package let total: Int
  }

  /// Runs everything.
  ///
  /// - Throws: `Diagnostic`.
  package func run(
    in model: Transformer, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Evidence {
    let meter = ProgressMeter(total: plannedRows, report: progress)
    let probe = try self.probe(in: model, meter: meter)
    let neuron = probe.neuron(study.file.neuron)
    let value = Self.mean(probe.column(neuron).other)
    var evidence = Evidence(
      study: study, model: model, probe: probe,
      neuron: NeuronAddress(layer: study.file.layer, neuron: neuron), value: value)
    for corpus in corpora {
      meter.begin(study.documents(of: corpus).name)
      let (pass, references) = classPass(corpus, neuron: neuron, value: value) {
        probe.neuron($0)
      }
      let outcome = try pass.run(in: model, workers: workers) { meter.add(rows: $0) }
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

  private var plannedRows: Int {
    let probed = probeClasses.reduce(0) { $0 + $1.rows }
    return corpora.reduce(probed) { $0 + layout(of: $1).computed.reduce(0, +) }
  }

  private var probeClasses: [TokenizedClass] {
    [study.probeDocuments(of: .target), study.probeDocuments(of: .other)]
  }

  /// The notebook takes the means as float32 sums do; Double agrees far below its tolerance.
  private static func mean(_ values: [Float]) -> Float {
    Float(values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count)))
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
      NeuronAddress(layer: study.file.layer, neuron: resolve($0))
    }
    pass.loss = columns.contains(.loss(.clean))
    let sums = needs.sums.filter { $0.corpus == corpus }
    pass.sums = Set(sums.filter { $0.run == .clean }.map(\.layer))
    let edited = Set(sums.filter { $0.run == .ablated }.map(\.layer))
    if columns.contains(.loss(.ablated)) || !edited.isEmpty {
      pass.edited = ClassPass.Edited(
        edit: NeuronEdit(layer: study.file.layer, neuron: neuron, value: value),
        loss: columns.contains(.loss(.ablated)), sums: edited)
    }
    return (pass, references)
  }

  /// What the whole sweep computes.
  package var operations: OperationCount {
    var count = OperationCount()
    for documents in probeClasses {
      count += probePass(documents).operations(of: study.architecture)
    }
    for corpus in corpora {
      let (pass, _) = classPass(corpus, neuron: 0, value: 0) { _ in 0 }
      count += pass.operations(of: study.architecture)
    }
    return count
  }

  private func probePass(_ documents: TokenizedClass) -> ClassPass {
    var pass = ClassPass(
      documents: documents, layout: ClassLayout(of: documents, padding: nil, toLongest: false))
    pass.spilled = study.file.layer
    return pass
  }

  /// Passes the probe documents to the probed layer.
  private func probe(in model: Transformer, meter: ProgressMeter) throws -> ProbeEvidence {
    meter.begin("probing")
    let classes = probeClasses
    let spill = try ActivationSpill(
      rows: classes.reduce(0) { $0 + $1.tokens }, columns: model.architecture.dMLP,
      folder: temporaryFolder)
    var first = 0
    for documents in classes {
      var pass = probePass(documents)
      pass.spill = (spill, first)
      _ = try pass.run(in: model, workers: workers) { meter.add(rows: $0) }
      first += documents.tokens
    }
    return try ProbeEvidence(
      spill, target: classes[0].tokens, other: classes[1].tokens, settings: study.file.probe,
      probed: needs.probed.union([study.file.neuron]))
  }
}

extension Sweep {
  /// Memory that the sweep needs, from sizes alone: weights, each worker's scratch, and the columns
  /// that are kept.
  package var memoryBytes: Int {
    let layouts = corpora.map { layout(of: $0) }
    let columns = layouts.reduce(0) { $0 + 4 * $1.computed.reduce(0, +) }
    let longest = max(
      layouts.flatMap(\.computed).max() ?? 0, probeClasses.map(\.longest).max() ?? 0)
    let rows = max(ClassPass.packRows, longest)
    let scratch = ForwardPass.scratchBytes(of: study.architecture, rows: rows, longest: longest)
    let kept = 3 * columns + 4 * (study.file.probe.candidates + study.file.probe.k) * probeRows
    return study.checkpoint.estimatedBytes + workers * scratch + kept
  }

  /// Bytes of the unnamed temporary file that holds the probed layer.
  package var temporaryBytes: Int { 4 * probeRows * study.architecture.dMLP }

  private var probeRows: Int { probeClasses.reduce(0) { $0 + $1.tokens } }
}
