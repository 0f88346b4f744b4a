import LanguageModel
import Passes
import Statistics
import StudyFile

/// The neurons whose edits the studied one is compared with. Random and matched neurons are ablated
/// as the study ablates; matched ones have an edit of nearly the studied size. The edits of scaled
/// neurons, like random directions, shift each document's residual stream as far as the studied
/// edit does.
struct ControlEdits {
  let random: [Int]
  let matched: [Int]
  let scaled: [Int]
  /// How far each neuron's ablation shifts the residual stream, as root mean square over the
  /// tokens: |value − activation| · |W_out|. Empty in a plan.
  let sizes: [Double]

  /// The number of neurons of each kind.
  struct Counts {
    var random = 0
    var matched = 0
    var scaled = 0
  }

  /// Stand-ins for a plan: as many neurons of each kind as will be chosen. Neuron 0 is the studied
  /// one.
  init(planning neurons: Int, _ counts: Counts) {
    let others = 1..<max(1, neurons)
    random = Array(others.prefix(counts.random))
    matched = Array(others.prefix(counts.matched))
    scaled = Array(others.prefix(counts.scaled))
    sizes = []
  }

  /// - Parameters:
  ///   - sizes: the size of every neuron's edit
  ///   - seed: the seed of NumPy's `RandomState(seed).permutation(d_mlp)`, whose first neurons
  ///     besides the studied one are the random neurons. The scaled neurons are the first of these
  ///     that write anything.
  init(for neuron: Int, sizes: [Double], _ counts: Counts, seed: UInt32) {
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
  /// The neurons to compare the studied one with on some documents, chosen by what their clean run
  /// has read. A plan gets stand-ins; before the clean run the result is nil.
  ///
  /// - Parameter clean: the pass that reads the layer's moments and keeps its hook_post
  func controlEdits(after clean: Pass, _ counts: ControlEdits.Counts) throws -> ControlEdits? {
    if isPlan { return ControlEdits(planning: study.architecture.dMLP, counts) }
    guard let outcome = known(clean), let model else { return nil }
    let lengths = (0..<study.architecture.dMLP).map { model.outputLength(address($0)) }
    let changes = try changes(outcome)
    return ControlEdits(
      for: neuron.neuron, sizes: zip(changes, lengths).map { $0 * $1 }, counts, seed: study.seed)
  }

  /// How far ablation moves each neuron's activation, as root mean square over the tokens.
  private func changes(_ clean: Outcome) throws -> [Double] {
    if study.file.ablation.value == .resample { return try resampledChanges(clean.pass.documents) }
    let (means, squares) = clean.moments(layer: neuron.layer).means
    return means.indices.map { index in
      let value = Double(ablationValue(of: index) ?? 0)
      return max(0, squares[index] - 2 * value * means[index] + value * value).squareRoot()
    }
  }

  private func resampledChanges(_ documents: DocumentSet) throws -> [Double] {
    guard let columns = activations(of: documents, layer: neuron.layer), let workers else {
      return []
    }
    let (texts, front) = (documents.documents, documents.front)
    return try columns.map(workers: workers) { _, values in
      var start = 0
      let own = texts.map { ids -> Resampling.Document in
        defer { start += max(0, ids.count - front) }
        return (ids, Array(values[start..<start + max(0, ids.count - front)]))
      }
      // The donors are the documents themselves, as in `Settled.ablated`.
      let donors = Resampling(of: own, from: own, isAmongDonors: true, seed: study.seed).values
      let squares = zip(own, donors).reduce(0.0) { sum, pair in
        zip(pair.0.activations, pair.1).reduce(sum) {
          $0 + (Double($1.1) - Double($1.0)) * (Double($1.1) - Double($1.0))
        }
      }
      return (squares / Double(max(1, values.count))).squareRoot()
    }
  }

  /// The study's ablation of a neuron of the studied layer, from the first text token on.
  func controlEdit(_ neuron: Int, on documents: DocumentSet) -> Intervention {
    ablation(of: [neuron], on: documents, from: study.front)
  }

  /// The ablation of a neuron, scaled so that it shifts each document's residual stream as far as
  /// the studied edit does.
  func equalEdit(_ neuron: Int, on documents: DocumentSet) -> Intervention {
    Intervention(
      address(neuron),
      to: .scaled(
        to: ablated(neuron, on: documents),
        size: .init(of: self.neuron, to: ablated(self.neuron.neuron, on: documents))),
      from: study.front)
  }

  /// Moves of the residual stream along random directions, as far at every token as the studied
  /// edit moves it.
  func randomDirections(_ count: Int, on documents: DocumentSet) -> [Intervention] {
    (0..<count).map { index in
      Intervention(
        [
          Intervention.Part(
            neuron, to: ablated(neuron.neuron, on: documents),
            along: RandomDirection(index, seed: study.seed))
        ], from: study.front)
    }
  }

  private func address(_ neuron: Int) -> NeuronAddress {
    NeuronAddress(layer: self.neuron.layer, neuron: neuron)
  }
}
