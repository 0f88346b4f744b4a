import LanguageModel
import Passes
import Statistics
import StudyFile

/// Sets that a set of neurons is held against. Each has as many neurons of each layer, one for each
/// neuron of the set in the same order, and no neuron is in two of them; so the first k of each are
/// held against the first k of the set.
package struct SetControls: Sendable {
  /// Sets that are drawn at random.
  package let random: [[NeuronAddress]]
  /// Sets whose neurons fire on nearly the same share of the fitting documents' tokens.
  package let matched: [[NeuronAddress]]

  /// How many sets of each kind there are: as many as asked for, as far as the layers have neurons
  /// for; the random ones first.
  package static func counts(
    _ set: NeuronSet, width: Int, random: Int, matched: Int
  ) -> (random: Int, matched: Int) {
    let most =
      set.layers.map { layer in
        let own = set.neurons.count { $0.layer == layer }
        return (width - own) / own
      }.min() ?? 0
    let drawn = min(random, most)
    return (drawn, min(matched, most - drawn))
  }

  /// - Parameters:
  ///   - width: the neurons of a layer
  ///   - seed: NumPy's `RandomState(seed + layer).permutation(width)` is the order in which a layer's
  ///     neurons are drawn, those that vary first
  ///   - fitted: nil in a plan, which takes any neurons
  package init(
    of set: NeuronSet, width: Int, seed: UInt32, random: Int, matched: Int,
    fitted: FittedNeurons?
  ) {
    let counts = Self.counts(set, width: width, random: random, matched: matched)
    var order: [Int: [Int]] = [:]
    for layer in set.layers {
      let own = Set(set.neurons.filter { $0.layer == layer }.map(\.neuron))
      var generator = MersenneTwister(seed: seed &+ UInt32(truncatingIfNeeded: layer))
      let others = generator.permutation(Int32(clamping: width)).map { Int($0) }
        .filter { !own.contains($0) }
      let varies = fitted?.varies[layer]
      order[layer] =
        others.filter { varies?[$0] ?? true } + others.filter { !(varies?[$0] ?? true) }
    }
    func draw() -> [NeuronAddress] {
      set.neurons.map { neuron in
        NeuronAddress(layer: neuron.layer, neuron: order[neuron.layer]?.removeFirst() ?? 0)
      }
    }
    self.random = (0..<counts.random).map { _ in draw() }
    self.matched = (0..<counts.matched).map { _ in
      guard let firing = fitted?.firing else { return draw() }
      return set.neurons.map { neuron in
        let shares = firing[neuron.layer] ?? []
        func distance(_ other: Int) -> Double { abs(shares[other] - shares[neuron.neuron]) }
        let others = order[neuron.layer] ?? []
        let nearest = others.min { (distance($0), $0) < (distance($1), $1) } ?? 0
        order[neuron.layer] = others.filter { $0 != nearest }
        return NeuronAddress(layer: neuron.layer, neuron: nearest)
      }
    }
  }
}
