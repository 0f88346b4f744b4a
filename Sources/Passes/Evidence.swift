import LanguageModel
import StudyFile
import Tokenization

/// What the sweep has read, for the analyses to reduce.
package struct Evidence: Sendable {
  package private(set) var study: ResolvedStudy
  /// The engine, for passes that the declared columns do not cover.
  package let engine: Engine
  package var model: Transformer { engine.model }
  /// What the probe documents have shown of the studied layer.
  package var probe: ProbeEvidence { single.probe }
  /// The neuron that the study is about.
  package var neuron: NeuronAddress { single.neuron }
  private let found: Single?
  /// The value the study's ablation sets the neuron to; nil where each token has its own.
  package var value: Float? { settled.ablationValue(of: neuron.neuron) }
  /// Results of the analyses that have run, by analysis id.
  private var results: [String: any Sendable] = [:]

  /// What is known of a single neuron and not of a set.
  struct Single: Sendable {
    let probe: ProbeEvidence
    let neuron: NeuronAddress
  }

  private var single: Single {
    guard let found else { preconditionFailure("a study of a set has no single neuron") }
    return found
  }

  /// The neuron that the study is about; nil for a set.
  package var singleNeuron: NeuronAddress? { found?.neuron }

  init(
    study: ResolvedStudy, engine: Engine, probe: ProbeEvidence, neuron: NeuronAddress
  ) {
    self.study = study
    self.engine = engine
    found = Single(probe: probe, neuron: neuron)
  }

  /// The evidence of a study of a set.
  init(study: ResolvedStudy, engine: Engine) {
    self.study = study
    self.engine = engine
    found = nil
  }

  /// The evidence as an analysis sees it that reads only these parts of the study.
  package func showing(_ parts: StudyParts, settings: Set<String>) -> Evidence {
    var evidence = self
    evidence.study = study.showing(parts, settings: settings)
    return evidence
  }

  /// Keeps the result of an analysis for those that run later.
  package mutating func record(_ result: any Sendable, of id: String) {
    results[id] = result
  }

  /// The result of an analysis that runs earlier; nil where it was not run.
  package func result(of id: String) -> (any Sendable)? {
    results[id]
  }

  /// What is known of the study by now, as analyses read it when they choose their passes.
  package var settled: Settled {
    Settled(study, found, engine: engine)
  }

  /// The outcome of a pass. Runs of it that are missing are run first.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome(of pass: Pass) throws -> Outcome { try engine.outcome(of: pass) }

  /// A column that the analysis has declared in its needs.
  package func column(_ quantity: ColumnNeed.Quantity, of corpus: CorpusReference) -> Column {
    let column = settled.pass(quantity, of: corpus)
    let pass = settled.pass(column.run, of: corpus, reading: [column.readout])
    guard let outcome = engine.known(pass) else {
      preconditionFailure("\(quantity) of \(corpus) is not among the needs")
    }
    return Column(outcome.tokens(column.readout))
  }

  /// The documents of a class as passes run them.
  package func layout(of corpus: CorpusReference) -> ClassLayout { study.layout(of: corpus) }
}
