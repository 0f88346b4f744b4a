import Passes
import StudyFile

/// What the scan of an atlas chooses for the runs that follow.
package struct AtlasSelection: Sendable, Codable {
  /// A document of which passages are shown, and the neurons that show it.
  package struct Shown: Sendable, Codable, Equatable {
    /// The document's row.
    let row: Int
    /// The places of the neurons.
    let places: [Int]
  }

  package let sets: [SetStudy.Chosen]
  package let shown: [Shown]

  /// What is read of the shown documents.
  package func readings(_ atlas: ResolvedAtlas) -> [NeuronReadings] {
    Self.readings(shown, atlas)
  }

  static func readings(_ shown: [Shown], _ atlas: ResolvedAtlas) -> [NeuronReadings] {
    let (documents, width) = (atlas.documents, atlas.model.architecture.dMLP)
    return shown.map { shown in
      NeuronReadings(
        documents[shown.row].ids,
        shown.places.map { NeuronAddress(layer: $0 / width, neuron: $0 % width) })
    }
  }
}
