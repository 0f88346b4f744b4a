import LanguageModel
import Passes
import StudyFile

/// The study's ablation of several neurons of any layers: the values that it sets each to.
struct SetEdits {
  let settled: Settled
  /// nil in a plan, where any number has the cost of another.
  let fitted: FittedNeurons?

  /// Nil before the fitting documents have been run.
  init?(_ settled: Settled) throws {
    self.settled = settled
    fitted = try settled.fittedNeurons()
    if fitted == nil, !settled.isPlan { return nil }
  }

  /// The number that a neuron is set to; nil where each token has its own.
  func number(_ neuron: NeuronAddress) -> Float? {
    func mean(_ means: [Int: [Double]]?) -> Float {
      means?[neuron.layer].map { Float($0[neuron.neuron]) } ?? 0
    }
    return switch settled.study.file.ablation.value {
    case .otherMean: mean(fitted?.means.other)
    case .ownMean: mean(fitted?.means.target)
    case .zero: 0
    case .number(let number): Float(number)
    case .resample: nil
    }
  }

  private func value(
    _ neuron: NeuronAddress, _ documents: DocumentSet
  ) -> Intervention.Value {
    number(neuron).map { .number($0) }
      ?? .resampled(
        Resampling.Source(donors: documents, isAmongDonors: true, seed: settled.study.seed))
  }

  /// The ablation of all of some neurons at once, from the first text token on.
  func together(_ neurons: [NeuronAddress], on documents: DocumentSet) -> Intervention {
    Intervention(
      neurons.map { Intervention.Part($0, to: value($0, documents)) }, from: settled.study.front)
  }

  /// The ablation of other neurons, each of which shifts a document's residual stream as far as its
  /// counterpart in the set does.
  func scaled(
    _ neurons: [NeuronAddress], as set: NeuronSet, on documents: DocumentSet
  ) -> Intervention {
    Intervention(
      zip(neurons, set.neurons).map { neuron, own in
        Intervention.Part(
          neuron,
          to: .scaled(
            to: value(neuron, documents), size: .init(of: own, to: value(own, documents))))
      }, from: settled.study.front)
  }

  /// Moves along random directions, one for each neuron of the set, as far at every token as the
  /// neuron's own ablation moves the stream. Each has a seed of its own, so that none depends on how
  /// many are drawn before it.
  func direction(_ index: Int, of set: NeuronSet, on documents: DocumentSet) -> Intervention {
    Intervention(
      set.neurons.enumerated().map { place, neuron in
        Intervention.Part(
          neuron, to: value(neuron, documents),
          along: RandomDirection(
            0,
            seed: settled.study.seed &+ 1 &+ UInt32(truncatingIfNeeded: index * set.count + place)))
      }, from: settled.study.front)
  }
}
