import Analyses
import Charts
import ReportModel
import Testing

struct AblationTests {
  /// Three documents of 3, 2 and 2 tokens in batches of two: the second has a pad.
  private let real = [3, 2, 2]
  private let losses: [[Float]] = [[1, 2], [4, 9], [5]]

  @Test func maskedIsOneMeanOverRealTargets() {
    let mean = Ablation.maskedMean(real: real) { losses[$0][...] }
    #expect(mean == 3)
  }

  /// Batches of two: means 4 (a pad's loss of 9 included) and 5.
  @Test func paddedIsAMeanOfBatchMeansPadsIncluded() {
    let mean = Ablation.paddedMean(3, batch: 2) { losses[$0][...] }
    #expect(mean == 4.5)
  }

  @Test(arguments: [(0, 13.0 / 3), (1, 13.0 / 3), (3, 4.2), (Int.max, 4.2)] as [(Int, Double)])
  func anyBatchSizeWillDo(batch: Int, expected: Double) {
    let mean = Ablation.paddedMean(3, batch: batch) { losses[$0][...] }
    #expect(abs(mean - expected) < 1e-12)
  }

  @Test func documentsWithoutATokenWeighNothing() {
    #expect(Ablation.maskedMean(real: [1, 1]) { _ in [] } == 0)
    #expect(Ablation.paddedMean(2, batch: 1) { $0 == 0 ? [] : [3] } == 3)
    #expect(Ablation.paddedMean(0, batch: 8) { _ in [] } == 0)
  }

  @Test func percentIsPercent() {
    #expect(abs(LossPair(clean: 4, ablated: 4.4).percent - 10) < 1e-9)
    #expect(LossPair(clean: 0, ablated: 1).percent == 0)
  }

  @Test func theCaptionSaysBothConventions() throws {
    let figure = try #require(try Self.section(padded: true).figures.first)
    #expect(
      figure.caption == """
        As the notebook ablates, without L3N436 the loss changes by +0.0503 nats on Dutch and \
        −0.0010 nats on Stories.
        """)
    #expect(figure.note.contains("padded batches"))
    guard case .bars(let chart) = figure.chart else { throw Wrong() }
    #expect(chart.groups.count == 2)
    #expect(chart.rows.map(\.label) == ["Dutch", "Stories"])
    #expect(chart.rows[1].values[1] == nil)
    #expect(figure.data.rows.count == 3)
    // The rows that padding adds are counted beside those of the documents with their BOS.
    let prose = try Self.section(padded: true).prose
    #expect(
      prose.contains(
        "13,124 rows instead of the 11,706 of the documents with their BOS, 12 % more."))
  }

  @Test func withoutPaddingThereIsOneConvention() throws {
    let section = try Self.section(padded: false)
    let figure = try #require(section.figures.first)
    guard case .bars(let chart) = figure.chart else { throw Wrong() }
    #expect(chart.groups.count == 1)
    #expect(!(figure.caption + figure.note).contains("padded"))
    #expect(!section.prose.contains("pads"))
    #expect(try !VerdictSamples.encoded(Self.result(padded: false)).contains("padded"))
  }

  private static func result(padded: Bool) throws -> Ablation.Result {
    let pair =
      padded
      ? #"""
      "padded": {"clean": 4.72855, "ablated": 4.767272},
      "padding": {"real": 11706, "computed": 13124},
      """# : ""
    return try VerdictSamples.decoded(
      """
      {"layer": 3, "neuron": 436, "value": -0.0225, "corpora": {
        "Stories": {"documents": 20, "tokens": 3727, "masked": {"clean": 5, "ablated": 4.999}},
        "Dutch": {"documents": 40, "tokens": 7919, \(pair)
          "masked": {"clean": 4.579706, "ablated": 4.630025}}}}
      """)
  }

  private static func section(padded: Bool) throws -> Section {
    try #require(Ablation().section(result(padded: padded), in: try VerdictSamples.study()))
  }

  private struct Wrong: Error {}
}
