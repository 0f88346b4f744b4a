#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// LAPE, the language activation probability entropy, with its own rule of selection (Tang et al.
/// 2024, "Language-specific neurons: the key to multilingual capabilities in large language models").
///
/// A neuron is selected if its entropy over labels is among the lowest hundredth, among those neurons
/// whose share of firing tokens exceeds, for some label, the 95th percentile of all shares; it is
/// selected for the labels for which its share exceeds that percentile. As in the authors' program,
/// the hundredth is one of all neurons.
package struct ActivationEntropy: Sendable, Equatable {
  /// The entropy of each neuron's shares over labels, in nats; 0 for a neuron that never fires.
  package let entropy: [Double]
  /// The selected neurons, lowest entropy first; equal ones by index.
  package let selected: [Int]
  /// The percentile that a selected neuron's share exceeds for its labels.
  package let bar: Double
  private let shares: [[Double]]

  /// - Parameter shares: the share of a label's tokens on which a neuron fires, `[labels][neurons]`
  package init(_ shares: [[Double]], rate: Double = 0.01, percentile: Double = 0.95) {
    let count = shares.first?.count ?? 0
    self.shares = shares
    entropy = (0..<count).map { neuron in Self.entropy(shares.map { $0[neuron] }) }
    let all = shares.joined().sorted()
    // torch.kthvalue(round(n · percentile)), which counts from 1; Python rounds halves to even.
    let place = Int((Double(all.count) * percentile).rounded(.toNearestOrEven))
    bar = all.isEmpty ? 0 : all[min(max(place, 1), all.count) - 1]
    let bar = bar
    let candidates = (0..<count).filter { neuron in shares.contains { $0[neuron] > bar } }
    let most = Int((Double(count) * rate).rounded(.toNearestOrEven))
    let entropy = entropy
    selected = Array(
      candidates.sorted { entropy[$0] == entropy[$1] ? $0 < $1 : entropy[$0] < entropy[$1] }
        .prefix(most))
  }

  /// Whether a selected neuron is selected for a label.
  package func isSelected(_ neuron: Int, for label: Int) -> Bool { shares[label][neuron] > bar }

  private static func entropy(_ shares: [Double]) -> Double {
    let total = shares.reduce(0, +)
    guard total > 0 else { return 0 }
    return shares.reduce(0) { sum, share in
      share > 0 ? sum - share / total * log(share / total) : sum
    }
  }
}
