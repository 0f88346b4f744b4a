import LanguageModel
import Passes
import StudyFile

/// Whether the later neurons that read the studied neuron's direction move when it is ablated:
/// mean activation clean minus ablated, on the first evaluation corpus (cells 40 and 41).
package struct Downstream: Analysis {
  package static let id = "downstream"
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    guard let corpus = study.evaluation else { return Needs() }
    let sums = study.laterLayers.flatMap { layer in
      Run.allCases.map { SumNeed(layer: layer, run: $0, of: corpus) }
    }
    return Needs(sums: Set(sums))
  }

  package func run(_ evidence: Evidence) throws -> [LayerChange] {
    guard let corpus = evidence.study.evaluation else { return [] }
    return evidence.study.laterLayers.map { layer in
      let clean = evidence.sums(layer: layer, run: .clean, of: corpus)
      let ablated = evidence.sums(layer: layer, run: .ablated, of: corpus)
      let selected = WeightSimilarity.topCosine(evidence.neuron, layer: layer, in: evidence.model)
      func change(
        _ sums: KeyPath<TokenSums, [Double]>, _ count: KeyPath<TokenSums, Int>
      ) -> Change {
        Change(
          clean: clean[keyPath: sums], ablated: ablated[keyPath: sums],
          rows: clean[keyPath: count], selected: selected.neurons)
      }
      return LayerChange(
        layer: layer, neurons: selected.neurons,
        padded: evidence.study.file.padded == nil ? nil : change(\.padded, \.paddedCount),
        masked: change(\.masked, \.maskedCount))
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
