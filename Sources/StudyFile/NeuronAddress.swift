/// The layer and the number of a neuron.
package struct NeuronAddress: Sendable, Hashable, Codable, CustomStringConvertible {
  package let layer: Int
  package let neuron: Int

  package init(layer: Int, neuron: Int) {
    self.layer = layer
    self.neuron = neuron
  }

  /// The field's notation: L3N609.
  package var description: String { "L\(layer)N\(neuron)" }
}
