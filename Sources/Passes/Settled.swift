import Corpora
import LanguageModel
import StudyFile

/// What is known when an analysis says which passes it wants: the study, its neuron, and what other
/// passes have read by then. In a plan nothing has run, and stand-ins of the same cost take the
/// places of neurons and values.
package struct Settled: Sendable {
  package let study: ResolvedStudy
  /// The studied neuron; in a plan any one of its layer.
  package let neuron: NeuronAddress
  /// Every neuron's mean over each class's probe documents; nil in a plan.
  private let probe: ProbeEvidence?
  /// Nil in a plan.
  private let engine: Engine?

  /// What the plan goes by.
  package init(planning study: ResolvedStudy) {
    self.study = study
    neuron = NeuronAddress(layer: study.layer, neuron: 0)
    (probe, engine) = (nil, nil)
  }

  init(_ study: ResolvedStudy, neuron: NeuronAddress, probe: ProbeEvidence, engine: Engine) {
    self.study = study
    self.neuron = neuron
    self.probe = probe
    self.engine = engine
  }

  package var isPlan: Bool { engine == nil }

  /// Nil in a plan.
  package var model: Transformer? { engine?.model }

  /// What a pass has read, where it has run already.
  package func known(_ pass: Pass) -> Outcome? { engine?.known(pass) }

  /// Which neuron of the layer a reference means; in a plan a stand-in that no other reference of
  /// another place has.
  package func neuron(_ reference: NeuronReference, place: Int) -> Int {
    probe?.neuron(reference) ?? min(place + 1, study.architecture.dMLP - 1)
  }

  /// A neuron's mean over the other class's probe documents.
  package func otherMean(of neuron: Int) -> Float {
    guard let probe else { return 0 }
    return neuron == self.neuron.neuron
      ? probe.column(neuron).other.meanValue : Float(probe.means.other[neuron])
  }

  /// A neuron's mean over the target's probe documents.
  package func targetMean(of neuron: Int) -> Float {
    guard let probe else { return 0 }
    return neuron == self.neuron.neuron
      ? probe.column(neuron).target.meanValue : Float(probe.means.target[neuron])
  }

  /// Which run a column is read of, and as what.
  func pass(
    _ quantity: ColumnNeed.Quantity, of corpus: CorpusReference
  ) -> (run: Run, readout: Readout) {
    switch quantity {
    case .loss(let run): (run, .loss)
    case .activation(let reference):
      (.clean, .activation(NeuronAddress(layer: neuron.layer, neuron: neuron(reference, place: 0))))
    }
  }

  /// A run of a class's documents, pads included where the study pads.
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

  /// The study's ablation of neurons of its layer.
  ///
  /// - Parameters:
  ///   - documents: those that are run; resampling takes each one's donor among the others.
  ///   - from: the first position that is changed.
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

  /// What the study's ablation makes of a neuron of its layer on some documents.
  package func ablated(_ neuron: Int, on documents: DocumentSet) -> Intervention.Value {
    ablationValue(of: neuron).map { .number($0) }
      ?? .resampled(Resampling.Source(donors: documents, isAmongDonors: true, seed: study.seed))
  }

  /// Columns of a layer that a pass has kept; nil in a plan.
  package func activations(of documents: DocumentSet, layer: Int) -> LayerActivations? {
    engine?.activations(of: documents, layer: layer)
  }

  /// Threads; nil in a plan.
  package var workers: Int? { engine?.workers }
}

extension ResolvedStudy {
  /// Of every draw that is not a split's.
  package var seed: UInt32 { UInt32(truncatingIfNeeded: file.probe.seed) }
}

extension [Float] {
  /// The notebook takes the means as float32 sums do; Double agrees far below its tolerance.
  var meanValue: Float {
    Float(reduce(0.0) { $0 + Double($1) } / Double(Swift.max(1, count)))
  }
}

extension DocumentSample {
  /// As passes take them.
  package var set: DocumentSet { DocumentSet(documents.map(\.ids), front: front) }
}
