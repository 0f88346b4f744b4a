import Atlas
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Testing

/// From document means to grades, against scikit-learn, SciPy, statsmodels and NumPy.
struct AtlasStatisticsTests {
  private static let golden = WholeGolden.all.atlas

  private static let documents = zip(golden.marks, golden.strata).enumerated().map { row, mark in
    var document = AtlasDocument(label: mark.0, index: mark.1, ids: [0, 1], digest: "\(row)")
    document.confirms = golden.confirms[row]
    document.passage = mark.1
    return document
  }

  private static func statistics(tile: Int, workers: Int) -> AtlasStatistics {
    let means = Matrix(
      rows: golden.marks.count, columns: golden.means.count,
      elements: golden.marks.indices.flatMap { row in golden.means.map { $0[row] } })
    let sides = AtlasSides(documents, labels: golden.labels.count)
    return AtlasStatistics(
      means, sides, sides.permutations(golden.permutations, seed: golden.seed),
      grades: AtlasGrades(), tile: tile, workers: workers)
  }

  @Test(arguments: [(12, 1), (5, 3)]) func columnsEqualTheReference(tile: Int, workers: Int) {
    let found = Self.statistics(tile: tile, workers: workers)
    #expect(found.selected == Self.golden.selected)
    #expect(abs(found.confidence - Self.golden.confidence) < 1e-12)
    for (label, expected) in zip(found.labels, Self.golden.labels) {
      func agree(_ own: [Double], _ other: [Double], _ tolerance: Double = 1e-9) -> Bool {
        own.count == other.count && zip(own, other).allSatisfy { abs($0 - $1) < tolerance }
      }
      #expect(agree(label.discovery, expected.discovery))
      #expect(agree(label.areas.map(\.value), expected.auc))
      #expect(agree(label.intervals.map(\.lower), expected.low))
      #expect(agree(label.intervals.map(\.upper), expected.high))
      #expect(agree(label.d, expected.d, 1e-6))
      #expect(label.next == expected.next)
      #expect(agree(label.nextAreas.map(\.value), expected.nextAUC))
      #expect(agree(label.nextLow, expected.nextLow))
      #expect(label.reachedAtlas == expected.reached)
      // Ranks are multiplied in single precision.
      #expect(agree(label.q, expected.q, 1e-4))
      #expect(label.grades.map(\.rawValue) == expected.grade)
      #expect(label.order == expected.order)
    }
    // The grades differ between neurons, or the comparison would say little.
    #expect(Set(Self.golden.labels.flatMap(\.grade)) == [0, 1, 2])
  }

  @Test func aTokenThresholdIsThatOfScikitLearn() {
    let golden = WholeGolden.all.threshold
    func bins(_ side: WholeGolden.Threshold.Side, _ isOwn: Bool) -> [Int] {
      var counts = [Int](repeating: 0, count: ActivationBins.count)
      for (own, value) in zip(side.own, side.values) where own == isOwn {
        counts[ActivationBins.bin(of: value)] += 1
      }
      return counts
    }
    #expect(golden.edges == ActivationBins.edges.map(Double.init))
    let found = TokenThreshold(
      choosing: (bins(golden.sides[0], true), bins(golden.sides[0], false)),
      judging: (bins(golden.sides[1], true), bins(golden.sides[1], false)))
    #expect(found.edge == golden.edge)
    #expect(abs(found.mcc - golden.mcc) < 1e-12)
  }
}
