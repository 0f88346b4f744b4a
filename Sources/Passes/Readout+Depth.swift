import LanguageModel

/// How far a run goes: a number of whole layers, and perhaps a part of the next one.
struct Depth: Sendable, Equatable {
  /// The part of a block that is run to read something within it.
  enum BlockPart: Int, Sendable, Comparable {
    /// The block is run to the input of its MLP.
    case input
    /// The block is run to hook_post.
    case post

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The number of layers that are run whole, from the first on.
  private(set) var whole = 0
  /// The part that is run of the layer after them; nil for none.
  private(set) var part: BlockPart?

  init(whole: Int, part: BlockPart? = nil) {
    (self.whole, self.part) = (whole, part)
  }

  /// The least depth that serves all `readings`.
  init(of readings: some Sequence<Readout>, in shape: Architecture) {
    for depth in readings.map({ $0.depth(in: shape) }) where whole <= depth.whole {
      if whole < depth.whole { part = nil }
      whole = depth.whole
      part = [part, depth.part].compactMap(\.self).max()
    }
  }
}

extension Readout {
  fileprivate func depth(in shape: Architecture) -> Depth {
    switch self {
    case .loss, .rank, .finalScale, .lens, .attribution, .paths: Depth(whole: shape.layers)
    case .activation(let neuron): Depth(whole: neuron.layer, part: .post)
    case .moments(let layer), .post(let layer): Depth(whole: layer, part: .post)
    case .input(let neuron, _), .signs(let neuron), .preActivation(let neuron):
      Depth(whole: neuron.layer, part: .input)
    case .residual(let layer): Depth(whole: layer + 1)
    }
  }

  /// The last layer after which a run that reads this may start; nil where it starts at the
  /// embedding.
  func latestStart(in shape: Architecture) -> Int? {
    switch self {
    case .loss, .rank, .finalScale, .paths: shape.layers - 1
    case .activation(let neuron): neuron.layer > 0 ? neuron.layer - 1 : nil
    case .moments(let layer), .post(let layer), .residual(let layer): layer > 0 ? layer - 1 : nil
    case .signs(let neuron), .preActivation(let neuron):
      neuron.layer > 0 ? neuron.layer - 1 : nil
    case .lens, .attribution, .input: nil
    }
  }
}

extension Set<Readout> {
  /// How often the logits of all positions are computed.
  ///
  /// - Parameter places: the number of places of the residual stream that the lens reads
  func vocabularyPasses(places: Int) -> Int {
    let readsEnd = contains(.loss) || contains(.lens)
    return (contains(.lens) ? places - 1 : 0) + (readsEnd ? 1 : 0) + (contains(.rank) ? 2 : 0)
  }
}
