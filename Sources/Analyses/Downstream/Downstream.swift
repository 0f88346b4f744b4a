import LanguageModel
import Passes
import StudyFile

/// Whether the later neurons that read the studied neuron's direction move when it is ablated: mean
/// activation clean minus ablated, on the first evaluation corpus (cells 40 and 41). Pages turn the
/// sign, since every other change is ablated minus clean.
package struct Downstream: Analysis {
  package static let id = "downstream"
  package static let question = "Do those change when it is ablated?"
  package static let isOptional = false
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    guard let runs = Runs(settled) else { return [] }
    return runs.masked + (runs.padded ?? [])
  }

  /// The first evaluation corpus, clean and ablated at every position.
  private struct Runs {
    let masked: [Pass]
    /// The same documents in one batch padded to the longest, where the study pads.
    let padded: [Pass]?

    init?(_ settled: Settled) {
      let study = settled.study
      guard let corpus = study.evaluation, !study.laterLayers.isEmpty else { return nil }
      let readings = Set(study.laterLayers.map { Readout.moments(layer: $0) })
      func passes(_ documents: DocumentSet) -> [Pass] {
        let ablation = settled.ablation(
          of: [settled.neuron.neuron], on: documents, from: 0)
        return [
          Pass(documents, reading: readings),
          Pass(documents, interventions: [ablation], reading: readings),
        ]
      }
      let documents = study.documents(of: corpus)
      masked = passes(DocumentSet(documents.documents.map(\.ids), front: documents.front))
      padded = study.file.padded.map { _ in
        passes(
          ClassLayout.padded(
            documents, to: documents.documents.map { _ in documents.longest }))
      }
    }
  }

  package func run(_ evidence: Evidence) throws -> [LayerChange] {
    guard let runs = Runs(evidence.settled) else { return [] }
    let masked = try runs.masked.map(evidence.outcome)
    let padded = try runs.padded?.map(evidence.outcome)
    return evidence.study.laterLayers.map { layer in
      let selected = WeightSimilarity.topCosine(evidence.neuron, layer: layer, in: evidence.model)
      func change(_ runs: [Outcome]) -> Change {
        let (clean, ablated) = (runs[0].moments(layer: layer), runs[1].moments(layer: layer))
        return Change(
          clean: clean.sum, ablated: ablated.sum, rows: clean.tokens, selected: selected.neurons)
      }
      return LayerChange(
        layer: layer, neurons: selected.neurons, padded: padded.map(change),
        masked: change(masked))
    }
  }

  package struct LayerChange: Codable, Sendable, Equatable {
    package var layer: Int
    /// The ten with the largest |cos| between W_in and the studied neuron's W_out.
    package var neurons: [Int]
    /// All positions after BOS of one batch padded to the longest document, pads included.
    package var padded: Change?
    /// Real tokens after BOS.
    package var masked: Change

    package init(layer: Int, neurons: [Int], padded: Change?, masked: Change) {
      self.layer = layer
      self.neurons = neurons
      self.padded = padded
      self.masked = masked
    }
  }

  /// Mean activation, clean minus ablated.
  package struct Change: Codable, Sendable, Equatable {
    /// By neuron, in the order of `neurons`.
    package var selected: [Double]
    /// The mean over the layer's other neurons, in which signs cancel; nil when there are none.
    package var otherMean: Double?
    /// The mean of their absolute values, in which they do not.
    package var otherMeanAbsolute: Double?
    /// Positions that the means are over.
    package var rows: Int

    enum CodingKeys: String, CodingKey {
      case selected, rows
      case otherMean = "other_mean"
      case otherMeanAbsolute = "other_mean_absolute"
    }
  }
}

extension Downstream.Change {
  /// - Parameters:
  ///   - clean, ablated: sums over `rows` positions, `[d_mlp]`
  ///   - selected: neurons that are told apart from all others
  package init(clean: [Double], ablated: [Double], rows: Int, selected: [Int]) {
    let differences = zip(clean, ablated).map { ($0 - $1) / Double(max(1, rows)) }
    let chosen = Set(selected)
    let others = differences.indices.filter { !chosen.contains($0) }.map { differences[$0] }
    self.selected = selected.map { differences[$0] }
    otherMean = Self.mean(others)
    otherMeanAbsolute = Self.mean(others.map(abs))
    self.rows = rows
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The selected neurons' mean and mean absolute value.
  package var selectedMean: Double { Self.mean(selected) ?? 0 }
  package var selectedMeanAbsolute: Double { Self.mean(selected.map(abs)) ?? 0 }
}
