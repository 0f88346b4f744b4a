import LanguageModel
import Passes
import Statistics

extension Upstream {
  /// The change of a later layer when the neuron is ablated, and what the weights alone predict.
  /// Changes are compared with edits of equal size and with plain random neurons, weights with
  /// random neurons.
  ///
  /// A change is (mean ablated − mean clean) / clean standard deviation of a later neuron.
  package struct LayerChange: Codable, Sendable, Equatable {
    package var layer: Int
    /// The ten neurons that change most; below, their changes.
    package var neurons: [Int]
    package var changes: [Double]
    /// The cosine cos(w_out, w_in) of the ablated neuron with each of these.
    package var cosines: [Double]
    /// The mean of |change| over the layer's neurons.
    package var meanAbsolute: Double
    /// The same mean for each random neuron that is ablated instead. Most of these edits are
    /// smaller.
    package var null: [Double]
    /// The largest |change| of a neuron under any of these ablations.
    package var nullLargest: Double
    /// The same mean under random neurons' edits and random directions scaled to the size of the
    /// edit; below, the largest |change|. Absent in findings of earlier versions.
    package var equal: [Double]?
    package var equalLargest: Double?
    /// The number of neurons that change by more than any neuron does under any edit of equal size.
    package var beyond: Int
    /// The number of neurons that do not vary on the sample, so that their changes count as 0.
    package var constant: Int
    /// The largest |cos(w_out, w_in)| of the ablated neuron with a neuron of the layer.
    package var largestCosine: Double
    /// The same cosine for each of the random neurons.
    package var cosineNull: [Double]
    /// The number of neurons with a larger |cos| than any of those; below, of those that also
    /// change by more than under any edit of equal size.
    package var cosineBeyond: Int
    package var both: Int
    /// Pearson's correlation of cosine and change over the layer's neurons; absent where one of
    /// them does not vary.
    package var correlation: Double?

    enum CodingKeys: String, CodingKey {
      case layer, neurons, changes, cosines, null, equal, beyond, constant, both, correlation
      case equalLargest = "equal_largest"
      case meanAbsolute = "mean_absolute"
      case nullLargest = "null_largest"
      case largestCosine = "largest_cosine"
      case cosineNull = "cosine_null"
      case cosineBeyond = "cosine_beyond"
    }
  }

  /// The runs on the target's sample: clean, with the studied neuron ablated, with plain random
  /// neurons ablated, and with edits of equal size.
  struct DownstreamRuns {
    let clean: Pass
    /// The edited runs; nil until the clean run is known.
    var edited: Pass?
    /// The studied neuron, then the plain random ones.
    var neurons: [Int] = []

    var passes: [Pass] { [clean] + [edited].compactMap(\.self) }
  }

  func downstreamRuns(
    _ settled: Settled, _ sample: DocumentSample
  ) throws -> DownstreamRuns {
    let study = settled.study
    func size(_ name: String) -> Int { study.file.size(of: Self.id, name) }
    let documents = sample.set
    let own = settled.neuron
    let readings = Set(study.laterLayers.map { Readout.moments(layer: $0) })
    let clean = Pass(
      documents,
      reading: readings.union([.moments(layer: own.layer), .post(layer: own.layer)]))
    var runs = DownstreamRuns(clean: clean)
    let chosen = try settled.controlEdits(
      after: clean, .init(random: size("random"), scaled: size("scaled")))
    guard let chosen else { return runs }
    runs.neurons = [own.neuron] + chosen.random
    runs.edited = Pass(
      documents,
      interventions: runs.neurons.map { settled.controlEdit($0, on: documents) }
        + chosen.scaled.map { settled.equalEdit($0, on: documents) }
        + settled.randomDirections(size("directions"), on: documents),
      reading: readings)
    return runs
  }

  /// The changes of each later layer.
  func downstream(_ evidence: Evidence, _ sample: DocumentSample) throws -> [LayerChange] {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let later = Array(evidence.study.laterLayers)
    guard !later.isEmpty else { return [] }
    let clean = try evidence.outcome(of: downstreamRuns(evidence.settled, sample).clean)
    let runs = try downstreamRuns(evidence.settled, sample)
    guard let pass = runs.edited else {
      preconditionFailure("the clean run of the control edits is known")
    }
    let edited = try evidence.outcome(of: pass)
    return later.map { layer in
      let read = model.readers(layer: layer)[0].weights
      let moments = pass.interventions.indices.map { edited.moments(layer: layer, run: $0) }
      return LayerChange(
        layer: layer, clean: clean.moments(layer: layer),
        edited: Array(moments[..<runs.neurons.count]),
        equal: Array(moments[runs.neurons.count...]),
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
  ///   - edited: the layer's moments with the studied neuron ablated, then with each random one
  ///   - equal: the layer's moments under each edit of equal size
  ///   - cosines: for each neuron of `edited`, its cosines with the neurons of the layer
  init(
    layer: Int, clean: LayerMoments, edited: [LayerMoments], equal: [LayerMoments],
    cosines: [[Double]]
  ) {
    let (means, squares) = clean.means
    let deviations = zip(squares, means).map { square, mean in
      max(0, square - mean * mean).squareRoot()
    }
    func changes(_ edited: LayerMoments) -> [Double] {
      zip(zip(means, edited.means.value), deviations).map { means, deviation in
        deviation > 0 ? (means.1 - means.0) / deviation : 0
      }
    }
    func meanAbsolute(_ changes: [Double]) -> Double {
      changes.reduce(0) { $0 + abs($1) } / Double(max(1, changes.count))
    }
    func largest(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }
    let all = edited.map(changes)
    let equalChanges = equal.map(changes)
    let (own, ownCosines) = (all.first ?? [], cosines.first ?? [])
    let cosineNull = cosines.dropFirst().map(largest)
    let bounds = (
      change: largest(equalChanges.map(largest)), cosine: cosineNull.max() ?? 0
    )
    self.layer = layer
    neurons = topIndices(by: own.map(abs), count: 10)
    self.changes = neurons.map { own[$0] }
    self.cosines = neurons.map { ownCosines[$0] }
    self.meanAbsolute = meanAbsolute(own)
    null = all.dropFirst().map(meanAbsolute)
    nullLargest = largest(all.dropFirst().map(largest))
    self.equal = equalChanges.map(meanAbsolute)
    equalLargest = bounds.change
    beyond = own.count { abs($0) > bounds.change }
    constant = deviations.count { $0 == 0 }
    largestCosine = largest(ownCosines)
    self.cosineNull = cosineNull
    cosineBeyond = ownCosines.count { abs($0) > bounds.cosine }
    both = zip(own, ownCosines).count { abs($0) > bounds.change && abs($1) > bounds.cosine }
    correlation = Self.correlation(own, ownCosines)
  }

  /// Pearson's correlation; nil if one of the lists does not vary.
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
