/// What ablating sets of neurons together does to the loss of every label.
package struct SetEffects: Sendable, Codable, Equatable {
  /// How a set's neurons are chosen.
  package enum Ranking: String, Sendable, Codable, CaseIterable {
    /// The best of a label by its AUC on discovery documents.
    case auc
    /// The best by LAPE: those it selects for the label, lowest entropy first, then all others.
    case lape
    /// At random, as many of each layer as the set by AUC has.
    case random
    /// Those of the same layer whose share of firing tokens is nearest to a neuron's of the set by
    /// AUC, each once.
    case matched
  }

  /// The documents that were measured: confirmation documents alone, by label.
  package var documents: [Int]
  /// The number of tokens with a loss, by label.
  package var tokens: [Int]
  /// The mean loss of each label without an edit, in nats a token.
  package var loss: [Double]
  /// The numbers of neurons of the sets, ascending.
  package var sizes: [Int]
  /// One entry for each ranking, label and size.
  package var effects: [SetEffect]

  /// The effect of a set; nil where it was not measured.
  package func effect(_ ranking: Ranking, label: Int, size: Int) -> SetEffect? {
    effects.first { $0.ranking == ranking && $0.label == label && $0.size == size }
  }
}

/// What ablating one set does: each of its neurons is set to its mean over the discovery documents
/// of the other labels.
package struct SetEffect: Sendable, Codable, Equatable {
  package var ranking: SetEffects.Ranking
  /// The index of the label that the set was chosen for.
  package var label: Int
  package var size: Int
  /// The places of the neurons, best first.
  package var neurons: [Int]
  /// The change of each label's loss, in nats a token, and its interval by resampling documents.
  /// Where there are too few documents for an interval, both ends are the change itself and
  /// `hasIntervals` is false.
  package var change: [Double]
  package var low: [Double]
  package var high: [Double]
  package var hasIntervals: Bool

  enum CodingKeys: String, CodingKey {
    case ranking, label, size, neurons, change, low, high
    case hasIntervals = "has_intervals"
  }
}
