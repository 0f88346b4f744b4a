import LanguageModel
import Passes
import Statistics

extension Upstream {
  /// What ablating the neuron does to a later layer, beside what the weights alone foretell, and
  /// both beside random neurons of its own layer.
  ///
  /// A change is (mean clean − mean ablated) / clean standard deviation of a later neuron.
  package struct LayerChange: Codable, Sendable, Equatable {
    package var layer: Int
    /// The ten that change most, and how much.
    package var neurons: [Int]
    package var changes: [Double]
    /// Each one's cos(w_out, w_in) with the ablated neuron.
    package var cosines: [Double]
    /// The mean of |change| over the layer's neurons.
    package var meanAbsolute: Double
    /// The same for each random neuron that is ablated instead.
    package var null: [Double]
    /// The largest |change| that any of those makes.
    package var nullLargest: Double
    /// How many neurons change by more than that.
    package var beyond: Int
    /// Neurons that do not vary on the sample, which have no standardised change.
    package var constant: Int
    /// The largest |cos(w_out, w_in)| with a neuron of the layer.
    package var largestCosine: Double
    /// The same for each of the random neurons.
    package var cosineNull: [Double]
    /// How many neurons have a larger |cos| than any of those, and how many of them change by more
    /// than `nullLargest` too.
    package var cosineBeyond: Int
    package var both: Int
    /// Pearson's, of cosine and change over the layer's neurons; absent where one does not vary.
    package var correlation: Double?

    enum CodingKeys: String, CodingKey {
      case layer, neurons, changes, cosines, null, beyond, constant, both, correlation
      case meanAbsolute = "mean_absolute"
      case nullLargest = "null_largest"
      case largestCosine = "largest_cosine"
      case cosineNull = "cosine_null"
      case cosineBeyond = "cosine_beyond"
    }
  }

  /// One later layer at a time; the ablated neuron comes first, then the random ones.
  func downstream(_ evidence: Evidence, _ sample: DocumentSample) throws -> [LayerChange] {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let later = Array(evidence.study.laterLayers)
    guard !later.isEmpty else { return [] }
    var generator = MersenneTwister(
      seed: UInt32(truncatingIfNeeded: evidence.study.file.probe.seed))
    let random = generator.permutation(Int32(clamping: model.architecture.dMLP))
      .map { Int($0) }.filter { $0 != neuron.neuron }.prefix(
        evidence.study.file.size(of: Self.id, "random"))
    let ablated = [neuron.neuron] + random
    let runs = try EditedRuns(sample, after: neuron.layer, in: model)
    let unchanged = EditedRuns.Edit(
      neuron: neuron.neuron, .tokens(runs.activations(of: neuron.neuron)))
    let edits = ablated.map {
      EditedRuns.Edit(neuron: $0, .constant(Float(evidence.probe.means.other[$0])))
    }
    let sums = try runs.forEachRun([unchanged] + edits) { forward, _ in
      later.map { layer in
        forward.run(layer: layer)
        return LayerSums(forward)
      }
    }.map { packs in
      later.indices.map { index in
        packs.dropFirst().reduce(into: packs[0][index]) { $0.add($1[index]) }
      }
    }
    return later.enumerated().map { index, layer in
      LayerChange(
        layer: layer, clean: sums[0][index], edited: sums.dropFirst().map { $0[index] },
        cosines: ablated.map {
          Similarities(
            of: model.outputDirection(layer: neuron.layer, neuron: $0),
            to: model.layers[layer].mlpIn
          ).cosine
        })
    }
  }

  /// hook_post of a layer summed over tokens after BOS.
  struct LayerSums: Sendable {
    var tokens = 0.0
    var sum: [Double]
    var squares: [Double]

    init(_ forward: ForwardPass) {
      let block = forward.postBlock
      var sum = Array(repeating: 0.0, count: block.columns)
      var squares = sum
      for row in forward.pack.documents.flatMap({ $0.dropFirst() }) {
        tokens += 1
        let start = row * forward.hidden.columns + block.column
        for neuron in 0..<block.columns {
          let value = Double(forward.hidden.elements[start + neuron])
          sum[neuron] += value
          squares[neuron] += value * value
        }
      }
      self.sum = sum
      self.squares = squares
    }

    mutating func add(_ other: Self) {
      tokens += other.tokens
      for neuron in sum.indices {
        sum[neuron] += other.sum[neuron]
        squares[neuron] += other.squares[neuron]
      }
    }
  }
}

extension Upstream.LayerChange {
  /// - Parameters:
  ///   - edited: the studied neuron ablated, then each random one
  ///   - cosines: of the same neurons with each neuron of the layer
  init(
    layer: Int, clean: Upstream.LayerSums, edited: [Upstream.LayerSums], cosines: [[Double]]
  ) {
    let count = max(1, clean.tokens)
    let means = clean.sum.map { $0 / count }
    let deviations = zip(clean.squares, means).map { square, mean in
      max(0, square / count - mean * mean).squareRoot()
    }
    func changes(_ sums: Upstream.LayerSums) -> [Double] {
      zip(means, deviations).enumerated().map { neuron, clean in
        clean.1 > 0 ? (clean.0 - sums.sum[neuron] / count) / clean.1 : 0
      }
    }
    func meanAbsolute(_ changes: [Double]) -> Double {
      changes.reduce(0) { $0 + abs($1) } / Double(max(1, changes.count))
    }
    func largest(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }
    let all = edited.map(changes)
    let (own, ownCosines) = (all.first ?? [], cosines.first ?? [])
    let cosineNull = cosines.dropFirst().map(largest)
    let bounds = (
      change: largest(all.dropFirst().map(largest)), cosine: cosineNull.max() ?? 0
    )
    self.layer = layer
    neurons = topIndices(by: own.map(abs), count: 10)
    self.changes = neurons.map { own[$0] }
    self.cosines = neurons.map { ownCosines[$0] }
    self.meanAbsolute = meanAbsolute(own)
    null = all.dropFirst().map(meanAbsolute)
    nullLargest = bounds.change
    beyond = own.count { abs($0) > bounds.change }
    constant = deviations.count { $0 == 0 }
    largestCosine = largest(ownCosines)
    self.cosineNull = cosineNull
    cosineBeyond = ownCosines.count { abs($0) > bounds.cosine }
    both = zip(own, ownCosines).count { abs($0) > bounds.change && abs($1) > bounds.cosine }
    correlation = Self.correlation(own, ownCosines)
  }

  /// Pearson's correlation.
  private static func correlation(_ x: [Double], _ y: [Double]) -> Double? {
    let count = Double(max(1, x.count))
    let means = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var sums = (xx: 0.0, yy: 0.0, xy: 0.0)
    for (a, b) in zip(x, y) {
      sums.xx += (a - means.0) * (a - means.0)
      sums.yy += (b - means.1) * (b - means.1)
      sums.xy += (a - means.0) * (b - means.1)
    }
    let product = (sums.xx * sums.yy).squareRoot()
    return product > 0 ? sums.xy / product : nil
  }
}
