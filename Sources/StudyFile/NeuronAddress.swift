/// A neuron of any layer.
package struct NeuronAddress: Sendable, Hashable, Codable, CustomStringConvertible {
  package let layer: Int
  package let neuron: Int

  package init(layer: Int, neuron: Int) {
    self.layer = layer
    self.neuron = neuron
  }

  /// As the field writes it: L3N609.
  package var description: String { "L\(layer)N\(neuron)" }
}
