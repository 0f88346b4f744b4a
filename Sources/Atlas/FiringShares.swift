import LinearAlgebra
import Passes
import Statistics

/// The share of tokens on which each neuron fires, and LAPE, which follows from it. LAPE chooses
/// neurons, so it reads discovery documents alone.
struct FiringShares: Sendable {
  /// The share of all counted tokens, by neuron.
  let all: [Double]
  /// The share of a label's discovery tokens, `[labels][neurons]`.
  let byLabel: [[Double]]
  let entropy: ActivationEntropy

  init(_ totals: ScanTotals, _ atlas: ResolvedAtlas) {
    let labels = atlas.labels.count
    let fired = (0..<labels).map { label in
      (0..<2).map { totals.fired(corpus: label, part: $0) }
    }
    let front = atlas.model.beginning.count
    let count = Double(max(1, totals.tokens))
    all = (0..<totals.neurons).map { neuron in
      Double(fired.reduce(0) { $0 + $1[0][neuron] + $1[1][neuron] }) / count
    }
    byLabel = (0..<labels).map { label in
      let tokens = atlas.labels[label].reduce(0) { $1.confirms ? $0 : $0 + $1.ids.count - front }
      let own = Double(max(1, tokens))
      return fired[label][0].map { Double($0) / own }
    }
    entropy = ActivationEntropy(byLabel)
  }

  /// All neurons in the order of LAPE for a label: those that it selects for the label by their entropy,
  /// then all others by theirs.
  func order(for label: Int) -> [Int] {
    let selected = entropy.selected.filter { entropy.isSelected($0, for: label) }
    let taken = Set(selected)
    let values = entropy.entropy
    // A neuron that never fires has no entropy worth a rank.
    func key(_ neuron: Int) -> (Int, Double, Int) {
      (byLabel[label][neuron] > 0 ? 0 : 1, values[neuron], neuron)
    }
    return selected
      + values.indices.filter { !taken.contains($0) }.sorted { key($0) < key($1) }
  }
}
