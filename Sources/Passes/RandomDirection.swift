import LanguageModel
import Statistics
import StudyFile

/// One of a sequence of random directions of the residual stream, given by its index and a seed.
package struct RandomDirection: Sendable, Hashable {
  package let index: Int
  package let seed: UInt32

  package init(_ index: Int, seed: UInt32) {
    self.index = index
    self.seed = seed
  }

  /// The direction scaled to `length`, `[d_model]`: independent normal numbers (`NormalDraws`)
  /// minus their mean, since the model's writing weights are centred too.
  func vector(in model: Transformer, length: Double) -> [Float] {
    let columns = model.architecture.dModel
    var normal = NormalDraws(seed: seed)
    for _ in 0..<index * columns { _ = normal.next() }
    var direction = (0..<columns).map { _ in normal.next() }
    let mean = direction.reduce(0, +) / Double(columns)
    direction = direction.map { $0 - mean }
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return direction.map { Float($0 / norm * length) }
  }
}

extension Transformer {
  /// The length of a neuron's output direction: how far the residual stream moves when the neuron's
  /// activation moves by one.
  package func outputLength(_ neuron: NeuronAddress) -> Double {
    outputDirection(layer: neuron.layer, neuron: neuron.neuron)
      .reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
