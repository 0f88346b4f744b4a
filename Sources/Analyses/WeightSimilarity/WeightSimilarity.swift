import LanguageModel
import Passes
import Statistics
import StudyFile

/// Which later neurons read the direction that the studied neuron writes: compares its W_out with
/// W_in of each later neuron (notebook cells 36 to 39), and with W_gate in models with gated
/// neurons.
package struct WeightSimilarity: Analysis {
  package static let id = "weight_similarity"
  package static let question = "Which later neurons read what it writes?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.noNull]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    return Result(
      neuron,
      later: evidence.study.laterLayers.map { layer in
        let all = Self.similarities(of: neuron, to: layer, in: model)
        return (layer, all[.mlpIn] ?? Similarities(), all[.mlpGate])
      }, dimensions: model.architecture.dModel, neurons: model.architecture.dMLP)
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The ten neurons of each later layer with the largest |cosine|; below, with the largest |dot
    /// product|.
    package var cosine: [LayerTop]
    package var dot: [LayerTop]
    package var histogram: Histogram
    package var random: Null
    /// The same lists for W_gate; absent in a model without gated neurons.
    package var cosineGate: [LayerTop]?
    package var dotGate: [LayerTop]?

    enum CodingKeys: String, CodingKey {
      case layer, neuron, cosine, dot, histogram, random
      case cosineGate = "cosine_gate"
      case dotGate = "dot_gate"
    }

    /// Reduces the similarities of all later neurons to the findings.
    ///
    /// - Parameters:
    ///   - later: each later layer with the similarities of all its neurons
    ///   - dimensions: d_model
    ///   - neurons: d_mlp
    package init(
      _ address: NeuronAddress,
      later: [(layer: Int, similarities: Similarities, gate: Similarities?)], dimensions: Int,
      neurons: Int
    ) {
      let cosines = later.flatMap(\.similarities.cosine)
      layer = address.layer
      neuron = address.neuron
      cosine = later.map { LayerTop(layer: $0.layer, values: $0.similarities.cosine) }
      dot = later.map { LayerTop(layer: $0.layer, values: $0.similarities.dot) }
      histogram = Histogram(cosines: cosines, dots: later.flatMap(\.similarities.dot))
      random = Null(cosines: cosines, dimensions: dimensions, neurons: neurons)
      let gates = later.compactMap { layer in layer.gate.map { (layer.layer, $0) } }
      guard !gates.isEmpty else { return }
      cosineGate = gates.map { LayerTop(layer: $0, values: $1.cosine) }
      dotGate = gates.map { LayerTop(layer: $0, values: $1.dot) }
    }
  }

  /// The most similar neurons of one later layer, the largest absolute value first.
  package struct LayerTop: Codable, Sendable, Equatable {
    package var layer: Int
    package var neurons: [Int]
    package var values: [Double]

    package init(layer: Int, values: [Double], count: Int = 10) {
      self.layer = layer
      neurons = topIndices(by: values.map(abs), count: count)
      self.values = neurons.map { values[$0] }
    }
  }

  /// The distribution over all neurons of all later layers, in percent. Cosine and dot product have
  /// their own edges.
  package struct Histogram: Codable, Sendable, Equatable {
    /// The edges of the bins of cosines; below, the share of neurons in each bin.
    package var edges: [Double]
    package var cosine: [Double]
    package var dotEdges: [Double]
    package var dot: [Double]

    enum CodingKeys: String, CodingKey {
      case edges, cosine, dot
      case dotEdges = "dot_edges"
    }

    package init(cosines: [Double], dots: [Double]) {
      (edges, cosine) = Self.percent(cosines)
      (dotEdges, dot) = Self.percent(dots)
    }

    private static func percent(_ values: [Double]) -> (edges: [Double], percent: [Double]) {
      guard !values.isEmpty else { return ([], []) }
      let values = values.map { Float($0) }
      let edges = HistogramEdges.freedmanDiaconis(groups: [values])
      return (edges.edges, edges.percent(of: values))
    }
  }

  /// What random directions would give, and what was found.
  package struct Null: Codable, Sendable, Equatable {
    package var dimensions: Int
    /// The number of neurons of one layer.
    package var neurons: Int
    package var standardDeviation: Double
    /// The expected value of the largest |cos| among the neurons of one layer.
    package var expectedLargest: Double
    /// The standard deviation of all cosines that were found.
    package var observedStandardDeviation: Double
    /// The number of neurons of all later layers whose |cos| exceeds `expectedLargest`.
    package var beyond: Int
    /// The number of neurons of all later layers.
    package var compared: Int

    enum CodingKeys: String, CodingKey {
      case dimensions, neurons, beyond, compared
      case standardDeviation = "standard_deviation"
      case expectedLargest = "expected_largest"
      case observedStandardDeviation = "observed_standard_deviation"
    }

    package init(cosines: [Double], dimensions: Int, neurons: Int) {
      let random = RandomDirections(dimensions: dimensions)
      let largest = random.expectedLargest(of: neurons)
      self.dimensions = dimensions
      self.neurons = neurons
      standardDeviation = random.standardDeviation
      expectedLargest = largest
      observedStandardDeviation = Moments(of: cosines.map { Float($0) }).variance.squareRoot()
      beyond = cosines.count { abs($0) > largest }
      compared = cosines.count
    }
  }
}

extension WeightSimilarity {
  /// The similarities of a neuron's W_out with each neuron's W_in, and W_gate, of a later layer.
  private static func similarities(
    of neuron: NeuronAddress, to layer: Int, in model: Transformer
  ) -> [Linear: Similarities] {
    let output = model.outputDirection(layer: neuron.layer, neuron: neuron.neuron)
    return Dictionary(
      uniqueKeysWithValues: model.readers(layer: layer).map {
        ($0.map, Similarities(of: output, to: $0.weights))
      })
  }

  /// The ten neurons of a later layer with the largest |cos| by W_in.
  package static func topCosine(
    _ neuron: NeuronAddress, layer: Int, in model: Transformer
  ) -> LayerTop {
    LayerTop(
      layer: layer,
      values: similarities(of: neuron, to: layer, in: model)[.mlpIn]?.cosine ?? [])
  }
}
