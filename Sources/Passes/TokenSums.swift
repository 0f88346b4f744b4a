import LinearAlgebra
import Storage

/// hook_post of a layer summed over tokens, in both conventions; BOS left out.
package struct TokenSums: Sendable, Codable {
  /// Sums of every neuron over the real tokens, and their number.
  @PackedArray package var masked: [Double]
  package var maskedCount = 0
  /// Over real tokens and pads.
  @PackedArray package var padded: [Double]
  package var paddedCount = 0

  init(dMLP: Int) {
    let zero = Array(repeating: 0.0, count: dMLP)
    masked = zero
    padded = zero
  }

  mutating func add(_ sums: GroupedSum) {
    for neuron in masked.indices {
      masked[neuron] += Double(sums.sums[0][neuron])
      padded[neuron] += Double(sums.sums[1][neuron])
    }
    maskedCount += sums.counts[0]
    paddedCount += sums.counts[1]
  }
}
