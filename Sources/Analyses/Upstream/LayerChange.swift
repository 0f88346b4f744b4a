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

  /// The target's sample, clean and with the studied neuron ablated, then each random one.
  func downstreamRuns(
    _ settled: Settled, _ sample: DocumentSample
  ) -> (neurons: [Int], clean: Pass, edited: Pass) {
    let study = settled.study
    var generator = MersenneTwister(seed: study.seed)
    let random = generator.permutation(Int32(clamping: study.architecture.dMLP))
      .map { Int($0) }.filter { $0 != settled.neuron.neuron }.prefix(
        study.file.size(of: Self.id, "random"))
    let neurons = [settled.neuron.neuron] + random
    let documents = sample.set
    let readings = Set(study.laterLayers.map { Readout.moments(layer: $0) })
    return (
      neurons, Pass(documents, reading: readings),
      Pass(
        documents,
        interventions: neurons.map {
          settled.ablation(of: [$0], on: documents, from: documents.front)
        },
        reading: readings)
    )
  }

  /// What becomes of each later layer.
  func downstream(_ evidence: Evidence, _ sample: DocumentSample) throws -> [LayerChange] {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let later = Array(evidence.study.laterLayers)
    guard !later.isEmpty else { return [] }
    let runs = downstreamRuns(evidence.settled, sample)
    let clean = try evidence.outcome(of: runs.clean)
    let edited = try evidence.outcome(of: runs.edited)
    return later.map { layer in
      let read = model.readers(layer: layer)[0].weights
      return LayerChange(
        layer: layer, clean: clean.moments(layer: layer),
        edited: runs.neurons.indices.map { edited.moments(layer: layer, run: $0) },
        cosines: runs.neurons.map {
          Similarities(
            of: model.outputDirection(layer: neuron.layer, neuron: $0), to: read
          ).cosine
        })
    }
  }
}

extension Upstream.LayerChange {
  /// - Parameters:
  ///   - edited: the studied neuron ablated, then each random one
  ///   - cosines: of the same neurons with each neuron of the layer
  init(
    layer: Int, clean: LayerMoments, edited: [LayerMoments], cosines: [[Double]]
  ) {
    let (means, squares) = clean.means
    let deviations = zip(squares, means).map { square, mean in
      max(0, square - mean * mean).squareRoot()
    }
    func changes(_ edited: LayerMoments) -> [Double] {
      zip(zip(means, edited.means.value), deviations).map { means, deviation in
        deviation > 0 ? (means.0 - means.1) / deviation : 0
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
