import Statistics

/// How `layer: auto` was decided: every layer's best neuron with its held-out score.
package struct LayerChoice: Sendable, Codable, Equatable {
  /// The best neuron of each layer.
  package var best: [Best]
  /// The first layer whose best neuron has the highest score.
  package var layer: Int

  package struct Best: Sendable, Codable, Equatable {
    package var neuron: Int
    /// Matthews' correlation on tokens of documents that the threshold was not fitted on, over the
    /// judgements of all splits together.
    package var mcc: Double

    package init(neuron: Int, mcc: Double) {
      self.neuron = neuron
      self.mcc = mcc
    }
  }

  package init(best: [Best]) {
    self.best = best
    layer = topIndices(by: best.map(\.mcc), count: 1).first ?? 0
  }
}
