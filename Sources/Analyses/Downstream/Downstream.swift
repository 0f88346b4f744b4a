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

  /// The first evaluation corpus, run clean and with the study's ablation at every position.
  private struct Runs {
    let masked: [Pass]
    /// The same documents in one batch padded to the longest; nil unless the study pads.
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

  package func run(_ evidence: Evidence) throws -> [LayerDifference] {
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
      return LayerDifference(
        layer: layer, neurons: selected.neurons, padded: padded.map(change),
        masked: change(masked))
    }
  }

  package struct LayerDifference: Codable, Sendable, Equatable {
    package var layer: Int
    /// The ten neurons with the largest |cos| between W_in and the studied neuron's W_out.
    package var neurons: [Int]
    /// The change over all positions after BOS of one batch padded to the longest document, padding
    /// included; absent unless the study pads.
    package var padded: Change?
    /// The change over real tokens after BOS.
    package var masked: Change

    package init(layer: Int, neurons: [Int], padded: Change?, masked: Change) {
      self.layer = layer
      self.neurons = neurons
      self.padded = padded
      self.masked = masked
    }
  }

  /// Mean activations, clean minus ablated.
  package struct Change: Codable, Sendable, Equatable {
    /// The change of each selected neuron, in the order of `neurons`.
    package var selected: [Double]
    /// The mean change of the layer's other neurons, in which signs cancel; nil when there are
    /// none.
    package var otherMean: Double?
    /// The mean of the absolute changes of the layer's other neurons; nil when there are none.
    package var otherMeanAbsolute: Double?
    /// The number of positions that the means are over.
    package var rows: Int

    enum CodingKeys: String, CodingKey {
      case selected, rows
      case otherMean = "other_mean"
      case otherMeanAbsolute = "other_mean_absolute"
    }
  }
}

extension Downstream.Change {
  /// The differences of the means of two runs.
  ///
  /// - Parameters:
  ///   - clean, ablated: sums of hook_post over `rows` positions, `[d_mlp]`
  ///   - selected: the neurons that are reported one by one
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

  /// The mean of the selected neurons' changes; below, the mean of their absolute values.
  package var selectedMean: Double { Self.mean(selected) ?? 0 }
  package var selectedMeanAbsolute: Double { Self.mean(selected.map(abs)) ?? 0 }
}
