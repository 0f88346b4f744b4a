import Analyses
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Testing

struct LayerProbesTests {
  private static let labels = 60

  /// Activations of eight neurons on sixty tokens of the target and as many others; the later the
  /// neuron, the better it tells them apart.
  private static func probes() throws -> (NeuronProbes, Matrix, TrainTestSplit) {
    var generator = MersenneTwister(seed: 5)
    var matrix = Matrix(rows: 2 * labels + 2, columns: 8)
    for row in 0..<matrix.rows {
      for neuron in 0..<8 {
        // Two documents; the row in front of each is its BOS.
        let shift = row <= labels ? 0.2 * Double(neuron) : 0
        matrix[row, neuron] = Float(generator.uniform() + shift)
      }
    }
    let rows = Array(1...labels) + Array(labels + 2..<matrix.rows)
    let split = TrainTestSplit(count: Int32(2 * labels), testSize: 0.25, seed: 1)
    let probes = NeuronProbes(
      columns: (0..<8).map { neuron in rows.map { matrix[$0, neuron] } }, target: labels,
      balanced: labels, split: split)
    return (probes, matrix, split)
  }

  @Test func everyNeuronHasTheFitOfItsOwnColumn() throws {
    let (probes, matrix, split) = try Self.probes()
    let rows = Array(1...Self.labels) + Array(Self.labels + 2..<matrix.rows)
    let labels = rows.map { $0 <= Self.labels }
    for neuron in 0..<8 {
      let column = rows.map { matrix[$0, neuron] }
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

  @Test func theStudiedNeuronIsRankedAmongAll() throws {
    let (probes, _, split) = try Self.probes()
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
