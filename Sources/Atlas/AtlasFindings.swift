import StudyFile

/// What an atlas found: the content of its `findings.json`, and the source of all its pages.
///
/// Neurons are counted through the layers: the neuron N of layer L has the place L · d_mlp + N in
/// every column. Columns of numbers, not an object a cell, keep the file small.
package struct AtlasFindings: Sendable, Codable, Equatable {
  /// The version of the file's format.
  package static let format = 1

  package var format = AtlasFindings.format
  /// Tells the file from a report's findings.
  package var kind = AtlasFile.kind
  package var file: AtlasFile
  package var model: AtlasModel
  /// How the documents were divided and compared.
  package var design: AtlasDesign
  /// The labels by name, so that `labels.Dutch.confirmed` addresses a figure.
  package var labels: [String: AtlasLabel]
  /// The columns that do not depend on a label.
  package var neurons: NeuronColumns
  /// The columns of each label, in the order of the file's corpora.
  package var cells: [LabelColumns]
  /// The distribution of the largest statistic when labels are permuted: each label's in the order of
  /// the corpora, then the atlas's.
  package var nulls: [NullLine]
  /// Groups of neurons that say the same, largest first.
  package var clusters: [NeuronCluster]
  /// The neurons that get a page, by place.
  package var pages: [NeuronDetail]
  /// Token texts that `NeuronColumns.promoted` and `fires` point into.
  package var tokens: [String]
  /// Nil where the file leaves the sets out.
  package var sets: SetEffects?
  /// The model's earlier states, in the order of the file; empty for none.
  package var checkpoints: [AtlasCheckpoint]
  /// What a reader should know, in sentences: how files were read, what was left out.
  package var notes: [String]
}

extension AtlasFindings {
  /// The names of the labels, in the order of the columns.
  package var labelNames: [String] { file.corpora.map(\.name) }

  /// The labels in the order of the columns.
  package var orderedLabels: [AtlasLabel] { labelNames.compactMap { labels[$0] } }

  /// The address of the neuron at a place.
  package func address(_ place: Int) -> NeuronAddress {
    NeuronAddress(layer: place / model.dMLP, neuron: place % model.dMLP)
  }

  /// The place of a neuron in every column; nil where the model has no such neuron.
  package func place(_ address: NeuronAddress) -> Int? {
    guard (0..<model.layers).contains(address.layer), (0..<model.dMLP).contains(address.neuron)
    else { return nil }
    return address.layer * model.dMLP + address.neuron
  }

  /// The places of a layer's neurons.
  package func places(layer: Int) -> Range<Int> {
    layer * model.dMLP..<(layer + 1) * model.dMLP
  }
}

/// The model of an atlas.
package struct AtlasModel: Sendable, Codable, Equatable {
  package var name: String
  package var revision: String?
  package var family: String
  package var layers: Int
  package var dModel: Int
  package var dMLP: Int
  package var vocabulary: Int
  package var context: Int
  /// The changes to the weights before the model ran, in sentences.
  package var processing: String
  /// The number of tokens in front of every text, such as BOS; no figure counts them.
  package var front: Int
  /// The token in front of every text; nil if there is none.
  package var beginning: String?
  /// Whether the MLP is gated: a neuron then fires with both signs.
  package var isGated: Bool
  /// The SHA-256 over the checksums of the files that hold the weights.
  package var weights: String

  package var neurons: Int { layers * dMLP }

  enum CodingKeys: String, CodingKey {
    case name, revision, family, layers, vocabulary, context, processing, front, beginning, weights
    case dModel = "d_model"
    case dMLP = "d_mlp"
    case isGated = "is_gated"
  }
}
