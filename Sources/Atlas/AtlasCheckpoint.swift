/// A state of the model earlier in training, on the same documents.
package struct AtlasCheckpoint: Sendable, Codable, Equatable {
  /// The revision or folder, as the file names it.
  package var name: String
  /// The SHA-256 over the checksums of its weights.
  package var weights: String
  /// The first entry of equal weights, whose numbers these are: an earlier checkpoint, or `nil` for
  /// one that was computed. The model of the atlas itself has the name of its revision.
  package var equals: String?
  /// The figures by label, in the order of the corpora.
  package var labels: [Figures]

  package struct Figures: Sendable, Codable, Equatable {
    package var confirmed: Int
    package var suggestive: Int
    /// The checkpoint's own best neuron by discovery, its AUC on confirmation documents, and the
    /// interval.
    package var best: Int
    package var auc: Double
    package var low: Double
    package var high: Double
    /// The AUC that the best neuron of the atlas has at this checkpoint.
    package var final: Double
    /// The change of the label's own loss when the checkpoint's best neurons by AUC are ablated, by
    /// the sizes of the sets; empty where the file leaves the sets out.
    package var change: [Double]
  }
}
