import Passes
import Statistics
import StudyFile

/// How well every neuron of the layer tells the classes apart by itself: a one-feature logistic
/// regression each, on the sparse probe's split, so that the studied neuron can be ranked among all
/// and not only among candidates.
package struct LayerProbes: Analysis {
  package static let id = "layer_probes"
  package static let parts: StudyParts = []
  /// Neurons that are listed.
  private static let listed = 20

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs(everyNeuron: true) }

  package func run(_ evidence: Evidence) -> Result {
    let sparse = evidence.probe.sparse
    return Self.result(
      neuron: evidence.neuron, seed: sparse.seed,
      rows: (sparse.split.training.count, sparse.split.test.count),
      probes: evidence.probe.everyNeuron)
  }

  /// - Parameter rows: how many the probes are fitted on, and how many they are judged by.
  package static func result(
    neuron: NeuronAddress, seed: Int, rows: (training: Int, test: Int), probes: NeuronProbes
  ) -> Result {
    func probe(_ neuron: Int) -> Probe {
      Probe(
        neuron: neuron, coefficient: probes.coefficients[neuron],
        intercept: probes.intercepts[neuron], trainAccuracy: probes.trainAccuracy[neuron],
        testAccuracy: probes.testAccuracy[neuron])
    }
    let accuracy = probes.testAccuracy
    let edges = HistogramEdges.freedmanDiaconis(groups: [accuracy.map { Float(100 * $0) }])
    return Result(
      layer: neuron.layer, seed: seed, training: rows.training, test: rows.test,
      neurons: accuracy.count, studied: probe(neuron.neuron),
      rank: accuracy.count { $0 > accuracy[neuron.neuron] },
      top: topIndices(by: accuracy, count: Self.listed).map(probe),
      mean: accuracy.reduce(0, +) / Double(max(1, accuracy.count)),
      quantiles: Quantile.linear(of: accuracy, at: [0.05, 0.5, 0.95]), edges: edges.edges,
      percent: edges.percent(of: accuracy.map { Float(100 * $0) }))
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    /// Of the split.
    package var seed: Int
    /// Tokens of both classes that are fitted on, and that are held out.
    package var training: Int
    package var test: Int
    package var neurons: Int
    package var studied: Probe
    /// How many neurons have a higher held-out accuracy than the studied one.
    package var rank: Int
    /// By held-out accuracy, the best first.
    package var top: [Probe]
    /// Of all held-out accuracies.
    package var mean: Double
    /// The 5th, 50th and 95th percentile of the held-out accuracies.
    package var quantiles: [Double]
    /// Held-out accuracies in percent, and the share of the neurons in each bin, in percent.
    package var edges: [Double]
    package var percent: [Double]
  }

  package struct Probe: Codable, Sendable, Equatable {
    package var neuron: Int
    /// The log-odds of the target are coefficient · activation + intercept.
    package var coefficient: Double
    package var intercept: Double
    package var trainAccuracy: Double
    package var testAccuracy: Double

    enum CodingKeys: String, CodingKey {
      case neuron, coefficient, intercept
      case trainAccuracy = "train_accuracy"
      case testAccuracy = "test_accuracy"
    }
  }
}
