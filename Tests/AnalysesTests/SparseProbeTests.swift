import Analyses
import Charts
import ReportModel
import Statistics
import Testing

struct SparseProbeTests {
  private let labels = (0..<40).map { $0 < 20 }
  private let split = TrainTestSplit(count: 40, testSize: 0.2, seed: 0)

  @Test func aFeatureThatSeparatesTheClassesIsAlwaysRight() {
    let fit = ProbeFit(columns: [labels.map { $0 ? 2 : -2 }], labels: labels, split: split)
    #expect(fit.trainAccuracy == 1)
    #expect(fit.testAccuracy == 1)
    #expect(fit.model.coefficients[0] > 0)
  }

  @Test func aConstantFeatureGuessesTheLargerClass() {
    let fit = ProbeFit(columns: [labels.map { _ in 3 }], labels: labels, split: split)
    let positives = Double(split.training.count { labels[Int($0)] })
    let share = positives / Double(split.training.count)
    #expect(fit.model.coefficients == [0])
    #expect(fit.trainAccuracy == max(share, 1 - share))
  }

  @Test func theSectionSaysAccuracyAndDirection() throws {
    let section = try #require(
      SparseProbe().section(try Self.result(), in: try VerdictSamples.study()))
    #expect(section.id == "sparse_probe")
    let figure = try #require(section.figures.first)
    #expect(
      figure.caption == """
        L3N436 has the largest difference of means, 1.91, higher on Dutch; 2 neurons together \
        classify 94.7 % of held-out tokens correctly.
        """)
    guard case .bars(let chart) = figure.chart else { throw Wrong() }
    #expect(chart.rows.map { $0.values[0]?.value } == [1.91, -0.5])
    #expect(figure.data.rows[1][3] == .text("other"))
  }

  @Test func aNameFromOutsideIsEscapedInProse() throws {
    let name = "<b>|`x`"
    let study = try VerdictSamples.study { $0.target = name }
    let section = try #require(SparseProbe().section(try Self.result(), in: study))
    #expect(section.prose.contains(Markdown.text(name)))
    #expect(!section.prose.contains(name))
  }

  private static func result() throws -> SparseProbe.Result {
    try VerdictSamples.decoded(
      """
      {"layer": 3, "seed": 0, "neurons": [436, 31], "scores": [1.91, 0.5], "signs": [1, -1],
       "train_accuracy": 0.9433, "test_accuracy": 0.9467, "coefficients": [2.4, -1.1],
       "intercept": -2, "rows": {"target": 7919, "other": 37821},
       "split": {"train": 12670, "test": 3168}}
      """)
  }

  private struct Wrong: Error {}
}
