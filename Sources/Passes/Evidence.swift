import LanguageModel
import StudyFile
import Tokenization

/// What the sweep saw, for the analyses to reduce.
package struct Evidence: Sendable {
  package private(set) var study: ResolvedStudy
  /// Runs passes that are not covered by the columns.
  package let engine: Engine
  package var model: Transformer { engine.model }
  package let probe: ProbeEvidence
  /// The studied neuron.
  package let neuron: NeuronAddress
  /// What ablation sets it to: its mean over the other class's probe documents, BOS left out.
  package let value: Float
  private var columns: [ColumnNeed: Column] = [:]
  private var sums: [SumNeed: TokenSums] = [:]
  private var layouts: [CorpusReference: ClassLayout] = [:]
  /// By analysis id.
  private var results: [String: any Sendable] = [:]

  init(
    study: ResolvedStudy, engine: Engine, probe: ProbeEvidence, neuron: NeuronAddress,
    value: Float
  ) {
    self.study = study
    self.engine = engine
    self.probe = probe
    self.neuron = neuron
    self.value = value
  }

  /// What an analysis is shown that looks at these parts of the study.
  package func showing(_ parts: StudyParts, settings: Set<String>) -> Evidence {
    var evidence = self
    evidence.study = study.showing(parts, settings: settings)
    return evidence
  }

  mutating func record(
    _ outcome: ClassPass.Outcome, of corpus: CorpusReference, layout: ClassLayout,
    activations: [NeuronReference]
  ) {
    layouts[corpus] = layout
    for (reference, column) in zip(activations, outcome.activations) {
      columns[ColumnNeed(.activation(reference), of: corpus)] = column
    }
    columns[ColumnNeed(.loss(.clean), of: corpus)] = outcome.loss
    columns[ColumnNeed(.loss(.ablated), of: corpus)] = outcome.editedLoss
    for (layer, total) in outcome.sums {
      sums[SumNeed(layer: layer, run: .clean, of: corpus)] = total
    }
    for (layer, total) in outcome.editedSums {
      sums[SumNeed(layer: layer, run: .ablated, of: corpus)] = total
    }
  }

  package mutating func record(_ result: any Sendable, of id: String) {
    results[id] = result
  }

  /// What the analysis of this id found that runs before; nil where it was not run.
  package func result(of id: String) -> (any Sendable)? {
    results[id]
  }

  /// What the analysis may base its passes on.
  package var settled: Settled {
    Settled(study, neuron: neuron, probe: probe, engine: engine)
  }

  /// What a pass has read; it is run where nobody has run it yet.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome(of pass: Pass) throws -> Outcome { try engine.outcome(of: pass) }

  /// A column that the analysis declared in its needs.
  package func column(_ quantity: ColumnNeed.Quantity, of corpus: CorpusReference) -> Column {
    guard let column = columns[ColumnNeed(quantity, of: corpus)] else {
      preconditionFailure("\(quantity) of \(corpus) is not among the needs")
    }
    return column
  }

  /// Sums that the analysis declared in its needs.
  package func sums(layer: Int, run: Run, of corpus: CorpusReference) -> TokenSums {
    guard let sums = sums[SumNeed(layer: layer, run: run, of: corpus)] else {
      preconditionFailure("sums of layer \(layer), \(run), of \(corpus) are not among the needs")
    }
    return sums
  }

  /// Which rows of a class were computed.
  package func layout(of corpus: CorpusReference) -> ClassLayout {
    guard let layout = layouts[corpus] else {
      preconditionFailure("no column of \(corpus) is among the needs")
    }
    return layout
  }

  /// The study's ablation, at every position as the notebook has it.
  package var ablation: NeuronEdit {
    NeuronEdit(layer: neuron.layer, neuron: neuron.neuron, value: value)
  }

  /// Runs one short text.
  package func trace(_ ids: [Int32], _ run: Run) -> Trace {
    Trace(of: ids, in: model, edit: run == .clean ? nil : ablation)
  }
}
