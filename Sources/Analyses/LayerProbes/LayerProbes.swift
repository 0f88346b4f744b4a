import Passes
import Statistics
import StudyFile

/// How well every neuron of the layer alone classifies tokens: a one-feature logistic regression
/// for each, fitted on some documents and judged on others, none of which took part in choosing the
/// neuron.
package struct LayerProbes: Analysis {
  package static let id = "layer_probes"
  package static let question = "How well does every neuron of the layer alone?"
  package static let parts: StudyParts = []
  package static let settingsRead: Set = [id, ProbeSweep.id]
  /// The number of neurons that are listed.
  private static let listed = 20

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] { [Self.pass(settled.study)] }

  /// The pass that reads the layer on the documents of `probe_sweep`.
  private static func pass(_ study: ResolvedStudy) -> Pass {
    Pass(ProbeSweep.sample(study).documents, reading: [.post(layer: study.layer)])
  }

  /// Fits and judges the probes on the documents of `probe_sweep`, of which the share
  /// `probe.test_size` of each class is held out.
  package func run(_ evidence: Evidence) throws -> Result {
    let (study, probe, engine) = (evidence.study, evidence.study.file.probe, evidence.engine)
    let sample = ProbeSweep.sample(study)
    let split = Self.split(
      sample.lengths, isTarget: sample.isTarget, testSize: probe.testSize, seed: study.seed)
    try engine.run([Self.pass(study)])
    let probes = try NeuronProbes(
      engine.activations(of: sample.documents, layer: study.layer), labels: split.labels,
      split: split.rows, workers: engine.workers)
    return Self.result(
      neuron: evidence.neuron, seed: probe.seed,
      rows: (split.rows.training.count, split.rows.test.count), probes: probes)
  }

  /// Splits documents, and with them their tokens. In NumPy, the documents
  /// `RandomState(seed).permutation(n)[:ceil(n · testSize)]` of each class are held out.
  ///
  /// - Parameter tokens: the number of tokens of each document
  private static func split(
    _ tokens: [Int], isTarget: [Bool], testSize: Double, seed: UInt32
  ) -> (labels: [Bool], rows: TrainTestSplit) {
    var isHeldOut = isTarget.map { _ in false }
    for side in [true, false] {
      let members = isTarget.indices.filter { isTarget[$0] == side }
      let split = TrainTestSplit(count: Int32(members.count), testSize: testSize, seed: seed)
      for index in split.test { isHeldOut[members[Int(index)]] = true }
    }
    let held = zip(isHeldOut, tokens).flatMap { repeatElement($0, count: $1) }
    return (
      zip(isTarget, tokens).flatMap { repeatElement($0, count: $1) },
      TrainTestSplit(
        training: held.indices.filter { !held[$0] }.map { Int32($0) },
        test: held.indices.filter { held[$0] }.map { Int32($0) })
    )
  }

  /// Reduces the fitted probes to the findings.
  ///
  /// - Parameter rows: the numbers of tokens that the probes are fitted on and judged by
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
    /// The seed of the split.
    package var seed: Int
    /// The number of tokens of both classes that are fitted on; below, of those that are held out.
    package var training: Int
    package var test: Int
    package var neurons: Int
    package var studied: Probe
    /// The number of neurons whose held-out accuracy is higher than the studied neuron's.
    package var rank: Int
    /// The neurons with the highest held-out accuracy, the best first.
    package var top: [Probe]
    /// The mean of all neurons' held-out accuracies.
    package var mean: Double
    /// The 5th, 50th and 95th percentile of the held-out accuracies.
    package var quantiles: [Double]
    /// The edges of the bins of held-out accuracy, in percent; below, the share of the neurons in
    /// each bin, in percent.
    package var edges: [Double]
    package var percent: [Double]
  }

  package struct Probe: Codable, Sendable, Equatable {
    package var neuron: Int
    /// The coefficient; the log-odds of the target are coefficient · activation + intercept.
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
