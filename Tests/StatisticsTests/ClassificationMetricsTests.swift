import Statistics
import Testing

struct ClassificationMetricsTests {
  @Test func figuresAreScikitLearns() throws {
    for (index, golden) in try Goldens.load().confusion.enumerated() {
      let draw = Draws.classes(UInt32(60 + index), golden.n, 1)
      let scores = golden.scores ?? draw.columns[0].map { Double($0) - 0.8 }
      let labels = golden.labels ?? draw.labels
      let figures = ClassificationMetrics(decisions: scores, labels: labels)
      #expect(
        [
          figures.truePositives, figures.falsePositives, figures.trueNegatives,
          figures.falseNegatives,
        ] == golden.counts)
      // A few roundings of one division or square root each.
      let tolerance = 1e-14
      #expect(abs(figures.accuracy - golden.accuracy) < tolerance)
      #expect(abs(figures.balancedAccuracy - golden.balanced) < tolerance)
      #expect(abs(figures.precision - golden.precision) < tolerance)
      #expect(abs(figures.recall - golden.recall) < tolerance)
      #expect(abs(figures.f1 - golden.f1) < tolerance)
      #expect(abs(figures.mcc - golden.mcc) < tolerance)
      let area = ClassificationMetrics.areaUnderCurve(scores: scores, labels: labels)
      let rounded = scores.map { ($0 * 4).rounded(.toNearestOrEven) / 4 }
      let tied = ClassificationMetrics.areaUnderCurve(scores: rounded, labels: labels)
      for (found, expected) in [(area, golden.auc), (tied, golden.tied)] {
        #expect((found == nil) == (expected == nil))
        // scikit-learn adds up to 5000 trapezia.
        #expect(abs((found ?? 0) - (expected ?? 0)) < 1e-12)
      }
    }
  }

  @Test func noRowsGiveZeroAndNoArea() {
    let figures = ClassificationMetrics(predictions: [], labels: [])
    #expect(figures.count == 0 && figures.accuracy == 0 && figures.balancedAccuracy == 0)
    #expect(figures.f1 == 0 && figures.mcc == 0)
    #expect(ClassificationMetrics.areaUnderCurve(scores: [], labels: []) == nil)
  }

  @Test func notANumberIsTheLowestScoreAndNoPrediction() {
    let area = ClassificationMetrics.areaUnderCurve(
      scores: [.nan, 1, .infinity, .nan], labels: [false, true, true, true])
    #expect(area == 2.5 / 3)
    let figures = ClassificationMetrics(decisions: [.nan, .infinity], labels: [true, true])
    #expect(figures.truePositives == 1 && figures.falseNegatives == 1)
  }
}
