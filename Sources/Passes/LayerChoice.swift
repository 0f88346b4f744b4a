import Statistics

/// How `layer: auto` was settled: every layer's best neuron by its held-out score.
package struct LayerChoice: Sendable, Codable, Equatable {
  /// By layer.
  package var best: [Best]
  /// The first with the highest score.
  package var layer: Int

  package struct Best: Sendable, Codable, Equatable {
    package var neuron: Int
    /// Matthews' correlation on tokens of documents that the threshold was not fitted on, all splits'
    /// judgements together.
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
