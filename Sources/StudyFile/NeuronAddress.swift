/// The layer and the number of a neuron.
package struct NeuronAddress: Sendable, Hashable, Codable, CustomStringConvertible {
  package let layer: Int
  package let neuron: Int

  package init(layer: Int, neuron: Int) {
    self.layer = layer
    self.neuron = neuron
  }

  /// Reads `L3N609`; nil for any other text.
  package init?(_ text: String) {
    let parts = text.dropFirst().split(separator: "N", omittingEmptySubsequences: false)
    guard text.hasPrefix("L"), parts.count == 2, text.utf8.count < 20,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let layer = Int(parts[0]), let neuron = Int(parts[1])
    else { return nil }
    self.init(layer: layer, neuron: neuron)
  }

  /// The field's notation: L3N609.
  package var description: String { "L\(layer)N\(neuron)" }
}
