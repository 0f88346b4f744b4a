import Analyses
import Passes
import Statistics
import StudyFile
import Testing

struct LayerProbesTests {
  private static let labels = 60

  /// Activations of eight neurons on sixty tokens of the target and as many others; the later the
  /// neuron, the better it tells them apart.
  private static func probes() -> (NeuronProbes, [[Float]], TrainTestSplit) {
    var generator = MersenneTwister(seed: 5)
    var columns = [[Float]](repeating: [], count: 8)
    for row in 0..<2 * labels {
      for neuron in 0..<8 {
        let shift = row < labels ? 0.2 * Double(neuron) : 0
        columns[neuron].append(Float(generator.uniform() + shift))
      }
    }
    let split = TrainTestSplit(count: Int32(2 * labels), testSize: 0.25, seed: 1)
    let probes = NeuronProbes(
      columns: columns, labels: (0..<2 * labels).map { $0 < labels }, split: split)
    return (probes, columns, split)
  }

  @Test func everyNeuronHasTheFitOfItsOwnColumn() {
    let (probes, columns, split) = Self.probes()
    let labels = (0..<2 * Self.labels).map { $0 < Self.labels }
    for neuron in 0..<8 {
      let column = columns[neuron]
      let model = LogisticRegression.fit(columns: [column], labels: labels, rows: split.training)
      #expect(abs(probes.coefficients[neuron] - model.coefficients[0]) < 1e-8)
      #expect(abs(probes.intercepts[neuron] - model.intercept) < 1e-8)
      #expect(
        probes.trainAccuracy[neuron]
          == model.accuracy(columns: [column], labels: labels, rows: split.training))
      #expect(
        probes.testAccuracy[neuron]
          == model.accuracy(columns: [column], labels: labels, rows: split.test))
    }
  }

  /// The optimum is flat: activations 1e-5 apart move it by less than this; a token within rounding
  /// of the threshold may change sides, one of 700.
  @Test func theStudiedNeuronEqualsScikitLearnOnOtherDocuments() throws {
    let evidence = try EvidenceStudy.evidence(for: LayerProbes())
    let result = try LayerProbes().run(evidence)
    let expected = try EvidenceStudy.golden("probes")["436"]?.doubles ?? []
    #expect(expected.count == 4)
    #expect(abs(result.studied.coefficient - expected[0]) < 2e-3)
    #expect(abs(result.studied.intercept - expected[1]) < 2e-3)
    #expect(abs(result.studied.trainAccuracy - expected[2]) < 2e-3)
    #expect(abs(result.studied.testAccuracy - expected[3]) < 2e-3)
  }

  @Test func theStudiedNeuronIsRankedAmongAll() throws {
    let (probes, _, split) = Self.probes()
    let best = topIndices(by: probes.testAccuracy, count: 2)
    let result = LayerProbes.result(
      neuron: NeuronAddress(layer: 3, neuron: best[1]), seed: 1,
      rows: (split.training.count, split.test.count), probes: probes)
    #expect(result.neurons == 8)
    #expect(result.rank == probes.testAccuracy.count { $0 > probes.testAccuracy[best[1]] })
    #expect(result.top.map(\.neuron).prefix(2) == best[...])
    #expect(result.training + result.test == 120)
    let section = try #require(LayerProbes().section(result, in: try VerdictSamples.study()))
    let caption = try #require(section.figures.first).caption
    #expect(caption.hasPrefix("L3N\(best[1]) classifies "))
  }
}
