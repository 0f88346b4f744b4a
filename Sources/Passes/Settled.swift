import Corpora
import LanguageModel
import StudyFile

/// What is known when an analysis chooses its passes: the study, its neuron, and what other passes
/// have read by then. In a plan nothing has run, and stand-ins of the same cost replace neurons and
/// values.
package struct Settled: Sendable {
  package let study: ResolvedStudy
  /// The studied neuron; in a plan any neuron of its layer. A set has none.
  package var neuron: NeuronAddress {
    guard let single else { preconditionFailure("a study of a set has no single neuron") }
    return single
  }
  private let single: NeuronAddress?
  /// Every neuron's mean over the probe documents of each class; nil in a plan.
  private let probe: ProbeEvidence?
  /// The engine that runs the passes; nil in a plan.
  private let engine: Engine?

  /// What is known in a plan, where nothing has run.
  package init(planning study: ResolvedStudy) {
    self.study = study
    single = study.file.subject == .set ? nil : NeuronAddress(layer: study.layer, neuron: 0)
    (probe, engine) = (nil, nil)
  }

  init(_ study: ResolvedStudy, _ found: Evidence.Single?, engine: Engine) {
    self.study = study
    single = found?.neuron
    probe = found?.probe
    self.engine = engine
  }

  package var isPlan: Bool { engine == nil }

  /// The model; nil in a plan.
  package var model: Transformer? { engine?.model }

  /// The outcome of a pass; nil where not all of it has been run.
  package func known(_ pass: Pass) -> Outcome? { engine?.known(pass) }

  /// What was derived from outcomes under a name; otherwise what `derive` makes of them, which is then
  /// kept unless it is nil.
  package func derived<Value: Sendable>(
    as name: String, derive: () throws -> Value?
  ) rethrows -> Value? {
    if let known = engine?.derived(Value.self, as: name) { return known }
    let found = try derive()
    if let found { engine?.keep(found, as: name) }
    return found
  }

  /// The index of the neuron that a reference means. In a plan it is a stand-in that depends on
  /// `place`, so that different places have different neurons.
  package func neuron(_ reference: NeuronReference, place: Int) -> Int {
    probe?.neuron(reference) ?? min(place + 1, study.architecture.dMLP - 1)
  }

  /// A neuron's mean over the other class's probe documents; 0 in a plan.
  package func otherMean(of neuron: Int) -> Float {
    guard let probe else { return 0 }
    return neuron == self.neuron.neuron
      ? probe.column(neuron).other.meanValue : Float(probe.means.other[neuron])
  }

  /// A neuron's mean over the target's probe documents; 0 in a plan.
  package func targetMean(of neuron: Int) -> Float {
    guard let probe else { return 0 }
    return neuron == self.neuron.neuron
      ? probe.column(neuron).target.meanValue : Float(probe.means.target[neuron])
  }

  /// The run that a column is read from, and the readout that gives it.
  func pass(
    _ quantity: ColumnNeed.Quantity, of corpus: CorpusReference
  ) -> (run: Run, readout: Readout) {
    switch quantity {
    case .loss(let run): (run, .loss)
    case .activation(let reference):
      (.clean, .activation(NeuronAddress(layer: neuron.layer, neuron: neuron(reference, place: 0))))
    }
  }

  /// A run of a class's documents, padded where the study pads.
  package func pass(
    _ run: Run, of corpus: CorpusReference, reading readings: Set<Readout>
  ) -> Pass {
    let documents = study.layout(of: corpus).documents
    return Pass(
      documents,
      interventions: run == .clean
        ? [] : [ablation(of: [neuron.neuron], on: documents, from: 0)], reading: readings)
  }

  /// The number that the study's ablation sets a neuron to; nil where each token has its own.
  package func ablationValue(of neuron: Int) -> Float? {
    switch study.file.ablation.value {
    case .otherMean: otherMean(of: neuron)
    case .ownMean: targetMean(of: neuron)
    case .zero: 0
    case .number(let number): Float(number)
    case .resample: nil
    }
  }

  /// The study's ablation of some neurons of its layer.
  ///
  /// - Parameters:
  ///   - documents: the documents that are run; resampling draws each one's donor among the others
  ///   - from: the first position that is changed
  package func ablation(
    of neurons: [Int], on documents: DocumentSet, from: Int
  ) -> Intervention {
    Intervention(
      neurons.map { neuron in
        Intervention.Part(
          NeuronAddress(layer: self.neuron.layer, neuron: neuron),
          to: ablated(neuron, on: documents))
      }, from: from)
  }

  /// The value that the study's ablation sets a neuron of its layer to, on some documents.
  package func ablated(_ neuron: Int, on documents: DocumentSet) -> Intervention.Value {
    ablationValue(of: neuron).map { .number($0) }
      ?? .resampled(Resampling.Source(donors: documents, isAmongDonors: true, seed: study.seed))
  }

  /// The columns of a layer that a pass has kept; nil in a plan.
  package func activations(of documents: DocumentSet, layer: Int) -> LayerActivations? {
    engine?.activations(of: documents, layer: layer)
  }

  /// The number of threads; nil in a plan.
  package var workers: Int? { engine?.workers }
}

extension ResolvedStudy {
  /// The seed of every random draw that is not a split.
  package var seed: UInt32 { UInt32(truncatingIfNeeded: file.probe.seed) }
}

extension [Float] {
  /// The mean, 0 for no numbers. The notebook sums in float32; sums in Double agree with it far
  /// below its tolerance.
  var meanValue: Float {
    Float(reduce(0.0) { $0 + Double($1) } / Double(Swift.max(1, count)))
  }
}

extension DocumentSample {
  /// The documents of the sample in packs.
  package var set: DocumentSet { DocumentSet(documents.map(\.ids), front: front) }
}
