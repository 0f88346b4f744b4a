import LanguageModel
import Passes
import Statistics
import StudyFile

/// Edits of the residual stream to hold the studied one against: random neurons and neurons with an
/// edit of nearly its size, each set to its own value; and random neurons and random directions, scaled
/// so that they shift each document's residual stream as far as the studied edit does.
struct ControlEdits {
  let random: [Int]
  let matched: [Int]
  let scaled: [Int]
  /// Root mean square over the tokens of how far each neuron's edit shifts the residual stream:
  /// |value − activation| · |W_out|. Empty in a plan.
  let sizes: [Double]

  /// How many of each kind.
  struct Counts {
    var random = 0
    var matched = 0
    var scaled = 0
  }

  /// As many as will be chosen of a layer's neurons, for a plan: the studied one is the first.
  init(planning neurons: Int, _ counts: Counts) {
    let others = 1..<max(1, neurons)
    random = Array(others.prefix(counts.random))
    matched = Array(others.prefix(counts.matched))
    scaled = Array(others.prefix(counts.scaled))
    sizes = []
  }

  /// - Parameters:
  ///   - moments: of the layer's activations over the documents that are run
  ///   - value: what a neuron is set to
  ///   - length: |W_out| of a neuron
  ///   - seed: of the random neurons: the first of NumPy's `RandomState(seed).permutation(d_mlp)`, the
  ///     studied one left out; the scaled ones begin there, too, without those that write nothing
  init(
    for neuron: Int, moments: LayerMoments, _ counts: Counts, seed: UInt32,
    value: (Int) -> Float, length: (Int) -> Double
  ) {
    let (means, squares) = moments.means
    let sizes = means.indices.map { index -> Double in
      let value = Double(value(index))
      let square = squares[index] - 2 * value * means[index] + value * value
      return max(0, square).squareRoot() * length(index)
    }
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(Int32(clamping: sizes.count)).map { Int($0) }
      .filter { $0 != neuron }
    random = Array(order.prefix(counts.random))
    scaled = Array(order.filter { sizes[$0] > 0 }.prefix(counts.scaled))
    matched = topIndices(
      by: sizes.indices.map { $0 == neuron ? -.infinity : -abs(sizes[$0] - sizes[neuron]) },
      count: counts.matched
    ).filter { $0 != neuron }
    self.sizes = sizes
  }
}

extension Settled {
  /// Which neurons are held against the studied one on some documents: what a clean run of them tells,
  /// stand-ins in a plan, nil before that run.
  func controlEdits(after clean: Pass, _ counts: ControlEdits.Counts) -> ControlEdits? {
    if isPlan { return ControlEdits(planning: study.architecture.dMLP, counts) }
    return known(clean).flatMap { outcome in
      model.map { model in
        ControlEdits(
          for: neuron.neuron, moments: outcome.moments(layer: neuron.layer), counts,
          seed: study.seed, value: otherMean
        ) { model.outputLength(address($0)) }
      }
    }
  }

  /// A neuron of the studied layer set to its mean over the other class, BOS left alone.
  func controlEdit(_ neuron: Int) -> Intervention {
    Intervention(address(neuron), to: .number(otherMean(of: neuron)), from: study.front)
  }

  /// A neuron moved towards that, by as much as makes each document's shift of the residual stream
  /// the studied edit's.
  func equalEdit(_ neuron: Int) -> Intervention {
    Intervention(
      address(neuron), to: .scaled(to: otherMean(of: neuron), size: studiedSize), from: study.front)
  }

  /// The studied edit's move at every token, along random directions.
  func randomDirections(_ count: Int) -> [Intervention] {
    (0..<count).map { index in
      Intervention(
        [
          Intervention.Part(
            neuron, to: .number(otherMean(of: neuron.neuron)),
            along: RandomDirection(index, seed: study.seed))
        ], from: study.front)
    }
  }

  private var studiedSize: Intervention.EditSize {
    .init(of: neuron, to: otherMean(of: neuron.neuron))
  }

  private func address(_ neuron: Int) -> NeuronAddress {
    NeuronAddress(layer: self.neuron.layer, neuron: neuron)
  }
}
