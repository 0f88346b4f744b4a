import Analyses
import Charts
import ReportModel
import Statistics
import StudyFile
import Testing

struct NeuronAccuracyTests {
  private static let studied = NeuronAddress(layer: 3, neuron: 5)

  /// Neuron 7 separates the classes, 8 is constant, 5 is right but for every fourth row.
  private static func result() -> NeuronAccuracy.Result {
    let labels = (0..<80).map { $0 < 40 }
    return NeuronAccuracy.result(
      neuron: studied,
      splits: [[7, 8], [8, 5], [7, 8]].enumerated().map { seed, candidates in
        (seed, TrainTestSplit(count: 80, testSize: 0.1, seed: UInt32(seed)), candidates)
      },
      labels: labels, workers: 2,
      column: { neuron in
        labels.enumerated().map { row, label in
          let value: Float = label ? 1 : -1
          return neuron == 7 ? value : neuron == 8 ? 2 : row % 4 == 0 ? -value : value
        }
      })
  }

  @Test func candidatesStayInTheirOrder() {
    let result = Self.result()
    #expect(result.splits.map(\.seed) == [0, 1, 2])
    #expect(result.splits.map { $0.neurons.map(\.neuron) } == [[7, 8], [8, 5], [7, 8]])
    #expect(result.splits[0].neurons[0].testAccuracy == 1)
  }

  @Test func theStudiedNeuronIsFittedInEverySplit() {
    let result = Self.result()
    #expect(result.studied.map(\.seed) == [0, 1, 2])
    #expect(result.studied.allSatisfy { $0.neuron == 5 })
    #expect(result.studied[1].testAccuracy == result.splits[1].neurons[1].testAccuracy)
    #expect(result.studied.allSatisfy { (0.6...0.9).contains($0.trainAccuracy) })
  }

  @Test func threadsDoNotChangeTheResult() {
    #expect(Self.result() == Self.result())
  }

  @Test func accuraciesAreAveragedByNeuronAndNotByRank() throws {
    let result = try Self.recorded(studied: 9)
    let averages = NeuronAccuracy.averages(result)
    #expect(averages.map(\.neuron) == [2, 4, 9])
    #expect(averages.map(\.splits) == [2, 1, 1])
    #expect(abs(averages[0].test - 0.8) < 1e-12)
    #expect(averages[1].test == averages[2].test, "the lower index goes first")
  }

  @Test func theChartShowsHeldOutAccuracyFirst() throws {
    let figure = try Self.figure(studied: 4)
    guard case .bars(let chart) = figure.chart else { throw Wrong() }
    #expect(chart.groups.map(\.name) == ["held-out tokens", "training tokens"])
    #expect(chart.rows.map(\.label) == ["L3N2", "L3N4 (1 of 2 splits)", "L3N9 (1 of 2 splits)"])
    #expect(chart.rows[1].values.map { $0?.value } == [60, 65])
  }

  @Test func theCaptionSaysTheRank() throws {
    #expect(
      try Self.figure(studied: 4).caption == """
        On its own, L3N4 classifies 60.0 % of held-out tokens of Dutch and the other class \
        correctly, rank 2 of 3 neurons; the best other, L3N2, 80.0 %.
        """)
    #expect(try Self.figure(studied: 2).caption.contains("the best of 3 neurons; the best other"))
  }

  @Test func aNeuronThatNoSplitChoseIsShownAllTheSame() throws {
    let figure = try Self.figure(studied: 77)
    #expect(figure.caption.contains("though it is a candidate in no split"))
    #expect(figure.data.rows.last?[0] == .text("L3N77"))
  }

  @Test func aLongListIsCutInTheChartAlone() throws {
    let fits = (100..<160).map {
      #"{"neuron": \#($0), "train_accuracy": 0.9, "test_accuracy": 0.9}"#
    }.joined(separator: ", ")
    let result: NeuronAccuracy.Result = try VerdictSamples.decoded(
      """
      {"layer": 3, "splits": [{"seed": 0, "neurons": [\(fits)]}], "studied": [
        {"seed": 0, "neuron": 159, "train_accuracy": 0.9, "test_accuracy": 0.9}]}
      """)
    let section = NeuronAccuracy().section(result, in: try VerdictSamples.study())
    let figure = try #require(section?.figures.first)
    guard case .bars(let chart) = figure.chart else { throw Wrong() }
    #expect(chart.rows.count == 40)
    #expect(chart.rows.last?.label == "L3N159")
    #expect(figure.data.rows.count == 60)
    #expect(figure.note.contains("40 of 60 neurons are drawn."))
  }

  private static func recorded(studied: Int) throws -> NeuronAccuracy.Result {
    try VerdictSamples.decoded(
      """
      {"layer": 3, "splits": [
        {"seed": 0, "neurons": [{"neuron": 2, "train_accuracy": 0.9, "test_accuracy": 0.7},
                                {"neuron": 9, "train_accuracy": 0.6, "test_accuracy": 0.6}]},
        {"seed": 1, "neurons": [{"neuron": 4, "train_accuracy": 0.65, "test_accuracy": 0.6},
                                {"neuron": 2, "train_accuracy": 0.9, "test_accuracy": 0.9}]}],
       "studied": [
        {"seed": 0, "neuron": \(studied), "train_accuracy": 0.65, "test_accuracy": 0.6},
        {"seed": 1, "neuron": \(studied), "train_accuracy": 0.65, "test_accuracy": 0.6}]}
      """)
  }

  private static func figure(studied: Int) throws -> Figure {
    let section = NeuronAccuracy().section(
      try recorded(studied: studied), in: try VerdictSamples.study())
    return try #require(section?.figures.first)
  }

  private struct Wrong: Error {}
}
