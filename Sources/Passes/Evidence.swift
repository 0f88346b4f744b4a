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
  /// What ablation sets it to; nil where each token has its own.
  package var value: Float? { settled.ablationValue(of: neuron.neuron) }
  /// By analysis id.
  private var results: [String: any Sendable] = [:]

  init(
    study: ResolvedStudy, engine: Engine, probe: ProbeEvidence, neuron: NeuronAddress
  ) {
    self.study = study
    self.engine = engine
    self.probe = probe
    self.neuron = neuron
  }

  /// What an analysis is shown that looks at these parts of the study.
  package func showing(_ parts: StudyParts, settings: Set<String>) -> Evidence {
    var evidence = self
    evidence.study = study.showing(parts, settings: settings)
    return evidence
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
    let column = settled.pass(quantity, of: corpus)
    let pass = settled.pass(column.run, of: corpus, reading: [column.readout])
    guard let outcome = engine.known(pass) else {
      preconditionFailure("\(quantity) of \(corpus) is not among the needs")
    }
    return Column(outcome.tokens(column.readout))
  }

  /// Which rows of a class are run.
  package func layout(of corpus: CorpusReference) -> ClassLayout { study.layout(of: corpus) }
}
