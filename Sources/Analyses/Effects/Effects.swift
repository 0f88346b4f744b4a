import LanguageModel
import Passes
import Statistics
import StudyFile

/// How the neuron's ablation reaches the loss: directly through the residual stream, or through
/// later heads and MLPs (path patching, Wang et al. 2022).
package struct Effects: Analysis {
  package static let id = "effects"
  package static let question =
    "How much of that goes straight to the logits, how much through which later component?"
  package static let settings: [Setting] = [.resamples()]
  package static let answers: Set<KnownObjection> = [.chosenAndMeasured, .noIntervals]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    let runs = runs(settled)
    return [runs.clean, runs.paths]
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let runs = runs(evidence.settled)
    let clean = try evidence.outcome(of: runs.clean).tokens(.loss)
    let paths = try evidence.outcome(of: runs.paths).documents(.paths)
    return Result(
      evidence.neuron,
      value: evidence.settled.ablationValue(of: evidence.neuron.neuron).map(Double.init),
      sample: runs.sample.size,
      components: PathRuns.components(
        after: evidence.neuron.layer, of: evidence.model.architecture),
      documents: zip(clean, paths).map(DocumentLosses.init),
      bootstrap: evidence.study.file.bootstrap(of: Self.id))
  }

  /// The target's sample, run clean and by the paths of the study's ablation from position 1 on.
  private func runs(_ settled: Settled) -> (sample: DocumentSample, clean: Pass, paths: Pass) {
    let sample = DocumentSample(of: .target, in: settled.study)
    let documents = sample.set
    return (
      sample, Pass(documents, reading: [.loss]),
      Pass(
        documents,
        interventions: [
          settled.ablation(of: [settled.neuron.neuron], on: documents, from: documents.front)
        ],
        reading: [.paths])
    )
  }

  /// The sums over one document's tokens of the losses of each run, in nats.
  struct DocumentLosses: Sendable {
    let tokens: Double
    let clean: Double
    let total: Double
    let direct: Double
    let indirect: Double
    let components: [Double]

    /// - Parameters:
    ///   - clean: the clean loss of each token
    ///   - paths: the sums in the order of `Readout.paths`
    init(clean: [Float], paths: [Double]) {
      tokens = Double(clean.count)
      self.clean = clean.reduce(0.0) { $0 + Double($1) }
      (total, direct, indirect) = (paths[0], paths[1], paths[2])
      components = Array(paths[3...])
    }
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The value that ablation sets the neuron to; absent where each token has its own.
    package var value: Double?
    package var sample: DocumentSample.Size
    /// The clean loss, in nats per token.
    package var clean: Double
    /// The change of the loss in nats per token, when the neuron is ablated and the model runs on.
    package var total: Measured
    /// The change when the neuron is ablated and the outputs of later heads and MLPs are clean.
    package var direct: Measured
    /// The change when the neuron is clean and the outputs of later heads and MLPs are those of the
    /// ablated run.
    package var indirect: Measured
    /// total − direct − indirect, which is not zero because the final norm and the softmax are not
    /// linear.
    package var remainder: Measured
    /// The changes when the neuron is clean and the output of one later head or MLP is that of the
    /// ablated run.
    package var components: [ComponentEffect]

    init(
      _ neuron: NeuronAddress, value: Double?, sample: DocumentSample.Size,
      components: [PathRuns.Component], documents: [DocumentLosses], bootstrap: Bootstrap
    ) {
      let tokens = documents.map(\.tokens)
      func measured(_ change: (DocumentLosses) -> Double) -> Measured {
        Measured(numerators: documents.map(change), denominators: tokens, bootstrap: bootstrap)
      }
      layer = neuron.layer
      self.neuron = neuron.neuron
      self.value = value
      self.sample = sample
      clean = documents.reduce(0) { $0 + $1.clean } / max(1, tokens.reduce(0, +))
      total = measured { $0.total - $0.clean }
      direct = measured { $0.direct - $0.clean }
      indirect = measured { $0.indirect - $0.clean }
      remainder = measured { $0.total - $0.direct - $0.indirect + $0.clean }
      let pValues = components.indices.map { index in
        RatioEstimate(
          numerators: documents.map { $0.components[index] - $0.clean }, denominators: tokens
        ).pValue
      }
      // Whether there are enough documents for a p value is the same for all components.
      let adjusted = HolmCorrection.adjusted(pValues.map { $0 ?? 1 })
      self.components = components.enumerated().map { index, component in
        ComponentEffect(
          component, measured { $0.components[index] - $0.clean },
          pValue: pValues[index] == nil ? nil : adjusted[index])
      }
    }
  }

  /// The effect of one later head or MLP.
  package struct ComponentEffect: Codable, Sendable, Equatable {
    package var label: String
    package var layer: Int
    /// The head; absent for an MLP.
    package var head: Int?
    package var effect: Measured
    /// The two-sided p value by Student's t over documents, after Holm's correction for all
    /// components; absent where the effect has no interval.
    package var pValue: Double?

    /// Whether the effect differs from zero at the 5 % level after Holm's correction.
    package var isClear: Bool { pValue.map { $0 < 0.05 } ?? false }

    enum CodingKeys: String, CodingKey {
      case label, layer, head, effect
      case pValue = "p_value"
    }

    init(_ component: PathRuns.Component, _ effect: Measured, pValue: Double?) {
      self.pValue = pValue
      label = component.label
      layer = component.layer
      head = component.head
      self.effect = effect
    }
  }
}
