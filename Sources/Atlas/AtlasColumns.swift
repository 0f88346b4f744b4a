/// The columns that do not depend on a label: one number a neuron.
package struct NeuronColumns: Sendable, Codable, Equatable {
  /// The mean and the standard deviation of hook_post over all counted tokens.
  package var mean: [Double]
  package var deviation: [Double]
  package var min: [Double]
  package var max: [Double]
  /// The share of tokens on which the neuron fires: hook_post > 0.
  package var firing: [Double]
  /// LAPE: the entropy over labels of the share of firing tokens, in nats (Tang et al. 2024), on
  /// discovery documents.
  package var entropy: [Double]
  /// The index into `clusters` of the neuron's cluster; −1 for none.
  package var cluster: [Int]
  /// The indices into `tokens` of the tokens that the neuron's output promotes most, best first.
  package var promoted: [[Int]]
  /// The indices into `tokens` of the tokens on which it fires strongest, strongest first, each once.
  package var fires: [[Int]]
}

/// The columns of one label: one number a neuron. Unless it says otherwise, a column comes from the
/// confirmation documents, which chose nothing.
package struct LabelColumns: Sendable, Codable, Equatable {
  /// The grade of a neuron for a label.
  package enum Grade: Int, Sendable, Codable, CaseIterable, BitwiseCopyable {
    case none = 0
    case suggestive = 1
    case confirmed = 2
  }

  /// The AUC of the label's documents against all others on the discovery documents.
  package var discovery: [Double]
  /// The place of a neuron in the label's order by `discovery`, from 1 on; Cohen's d on the same
  /// documents decides between equal ones.
  package var rank: [Int]
  /// The same on confirmation documents, and its interval. Cliff's delta is 2 · AUC − 1.
  package var auc: [Double]
  package var low: [Double]
  package var high: [Double]
  /// Cohen's d: the difference of the means of document means, by their pooled deviation.
  package var d: [Double]
  /// Matthews' correlation of tokens above the threshold with the label.
  package var mcc: [Double]
  /// The threshold of `mcc`, an index into `edges` of the design, chosen on the discovery documents.
  package var threshold: [Int]
  /// The index of the label that comes next in AUC on the discovery documents.
  package var next: [Int]
  /// The AUC of the label's documents against those of the next best label, and its lower bound.
  package var nextAUC: [Double]
  package var nextLow: [Double]
  /// In how many permutations the largest z of this label's neurons, and of the whole atlas, reaches
  /// the neuron's.
  package var reachedLabel: [Int]
  package var reachedAtlas: [Int]
  /// Benjamini–Hochberg's q over all pairs of the atlas.
  package var q: [Double]
  /// The share of the tokens of the label's discovery documents on which the neuron fires.
  package var firing: [Double]
  /// Whether LAPE selects the neuron for the label: 1 or 0.
  package var lape: [Int]
  package var grade: [Int]

  enum CodingKeys: String, CodingKey {
    case discovery, rank, auc, low, high, d, mcc, threshold, next, q, firing, lape, grade
    case nextAUC = "next_auc"
    case nextLow = "next_low"
    case reachedLabel = "reached_label"
    case reachedAtlas = "reached_atlas"
  }

  /// The p value of a count of permutations (Phipson and Smyth 2010).
  package static func p(_ reached: Int, of permutations: Int) -> Double {
    Double(reached + 1) / Double(permutations + 1)
  }

  /// Cliff's delta, from −1 to 1.
  package func delta(_ place: Int) -> Double { 2 * auc[place] - 1 }

  package func grade(_ place: Int) -> Grade { Grade(rawValue: grade[place]) ?? .none }
}

/// Neurons that say nearly the same: each correlates with another of the cluster by |r| ≥ 0.9.
package struct NeuronCluster: Sendable, Codable, Equatable {
  /// The places of its neurons, ascending.
  package var members: [Int]
  /// The smallest |r| by which the cluster holds together.
  package var r: Double
}
