import Statistics
import Testing

struct RankSumTests {
  @Test func tiesCountHalfAndZeroesAreEqual() {
    func area(_ positives: [Float], _ negatives: [Float]) -> Double? {
      ClassificationMetrics.areaUnderCurve(positives: positives, negatives: negatives)
    }
    #expect(area([1, 2], [0, -1]) == 1)
    #expect(area([1], [1]) == 0.5)
    #expect(area([-0.0], [0]) == 0.5)
    #expect(area([-3, -.infinity], [-2, .infinity]) == 0)
    #expect(area([], [1]) == nil && area([1], []) == nil)
  }

  @Test func equalsTheAreaOfSortedDoubles() {
    var generator = MersenneTwister(seed: 5)
    for scale in [1e-30, 1, 1e30] {
      let scores = (0..<3000).map { _ in
        Float(((generator.uniform() - 0.4) * 300).rounded() * scale)
      }
      let labels = scores.map { _ in generator.uniform() < 0.3 }
      let parts = [true, false].map { side in zip(scores, labels).filter { $0.1 == side }.map(\.0) }
      #expect(
        ClassificationMetrics.areaUnderCurve(positives: parts[0], negatives: parts[1])
          == ClassificationMetrics.areaUnderCurve(scores: scores.map(Double.init), labels: labels))
    }
  }
}
