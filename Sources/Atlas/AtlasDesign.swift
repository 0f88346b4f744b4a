/// How an atlas's documents were divided and compared.
package struct AtlasDesign: Sendable, Codable, Equatable {
  /// Whether labels were permuted within passages, because the corpora hold the same ones.
  package var withinPassages: Bool
  /// The number of passages that several labels share; 0 where `withinPassages` is false.
  package var passages: Int
  /// The number of pairs of neuron and label.
  package var cells: Int
  /// The number of pairs that are selected: q below the level and AUC above the suggestive margin.
  package var selected: Int
  /// The confidence of every interval of an AUC: 1 − R · level / m for R selected of m pairs
  /// (Benjamini and Yekutieli 2005).
  package var confidence: Double
  /// The edges of the 64 bins of activations, ascending: bin i holds the activations above edge
  /// i − 1 up to edge i; the first has no lower edge, the last no upper one.
  package var edges: [Double]
  /// The limits of LAPE's own rule: the entropy below which a neuron is selected, and the share of
  /// firing tokens that one of its labels must reach. Nil where no neuron fires.
  package var lape: LAPELimits?
  /// The number of tokens over which neurons were correlated.
  package var correlated: Int

  package struct LAPELimits: Sendable, Codable, Equatable {
    package var entropy: Double
    package var share: Double
  }

  enum CodingKeys: String, CodingKey {
    case passages, cells, selected, confidence, edges, lape, correlated
    case withinPassages = "within_passages"
  }
}

/// A label: its documents, and how many neurons stand for it.
package struct AtlasLabel: Sendable, Codable, Equatable {
  /// The documents of one side of the split.
  package struct Part: Sendable, Codable, Equatable {
    package var documents: Int
    /// The number of tokens, BOS left out.
    package var tokens: Int
  }

  package var name: String
  package var note: String?
  package var discovery: Part
  package var confirmation: Part
  /// The number of documents that were left out because they repeat an earlier one.
  package var repeated: Int
  /// The number of documents that were cut to the window or the context.
  package var cut: Int
  /// The number of confirmed neurons, of suggestive ones, and of those that LAPE selects.
  package var confirmed: Int
  package var suggestive: Int
  package var lape: Int
  /// The number of clusters that the confirmed neurons make.
  package var clusters: Int
  /// The place of the neuron that discovery ranks first, its AUC on confirmation documents, and the
  /// interval of that.
  package var best: Int
  package var auc: Double
  package var low: Double
  package var high: Double
  /// The checksum of the corpus.
  package var sha256: String
}

/// The distribution of the largest z over neurons when labels are permuted.
package struct NullLine: Sendable, Codable, Equatable {
  /// The label; nil for the atlas, whose largest z is over neurons and labels.
  package var label: String?
  /// The quantiles of the largest z at `shares`.
  package var z: [Double]
  /// The same as an AUC of the median neuron; empty for the atlas if its labels differ in documents.
  package var auc: [Double]

  /// The shares at which the quantiles are taken.
  package static let shares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
}
