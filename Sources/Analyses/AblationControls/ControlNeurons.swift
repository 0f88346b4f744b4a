import Statistics

/// Neurons of the same layer to hold the studied one against.
struct ControlNeurons {
  let random: [Int]
  let matched: [Int]

  /// As many as will be chosen of a layer's neurons, for a plan: the studied one is the first.
  init(planning neurons: Int, randomCount: Int, matchedCount: Int) {
    random = Array((1..<max(1, neurons)).prefix(randomCount))
    matched = Array((1..<max(1, neurons)).prefix(matchedCount))
  }

  /// - Parameters:
  ///   - mean, square: mean and mean square of every neuron over tokens of the target
  ///   - seed: of the random ones: the first `randomCount` of NumPy's
  ///     `RandomState(seed).permutation(d_mlp)`, the studied neuron left out
  init(
    for neuron: Int, mean: [Double], square: [Double], randomCount: Int, matchedCount: Int,
    seed: UInt32
  ) {
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(Int32(clamping: mean.count)).map { Int($0) }
    random = Array(order.filter { $0 != neuron }.prefix(randomCount))
    // Mean and root mean square, each in units of its spread over the layer.
    let sizes = square.map { $0.squareRoot() }
    let spreads = [mean, sizes].map { values in
      Moments(of: values.map { Float($0) }).variance.squareRoot()
    }
    let distances = mean.indices.map { index -> Double in
      guard index != neuron else { return .infinity }
      return zip([mean, sizes], spreads).reduce(0.0) { sum, pair in
        let difference = pair.1 > 0 ? (pair.0[index] - pair.0[neuron]) / pair.1 : 0
        return sum + difference * difference
      }
    }
    matched = topIndices(by: distances.map { -$0 }, count: matchedCount)
      .filter { $0 != neuron }
  }
}
