import Atlas
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Testing

/// How often an atlas is wrong, where the truth is known.
struct SimulationTests {
  private static let labels = 4
  private static let neurons = 40

  /// Documents of equal labels, two of three of each label confirming.
  private static func documents(_ count: Int) -> [AtlasDocument] {
    (0..<count).map { row in
      var document = AtlasDocument(label: row % labels, index: row, ids: [0, 1], digest: "\(row)")
      document.confirms = row / labels % 3 > 0
      return document
    }
  }

  /// Independent normal means; the first neuron's are `shift` higher on documents of the first label.
  private static func statistics(
    _ index: Int, shift: Double = 0, grades: AtlasGrades = AtlasGrades(), count: Int = 160
  ) -> AtlasStatistics {
    let documents = documents(count)
    let sides = AtlasSides(documents, labels: labels)
    var draws = NormalDraws(seed: UInt32(1000 + index))
    var means = Matrix(
      rows: documents.count, columns: neurons,
      elements: (0..<documents.count * neurons).map { _ in Float(draws.next()) })
    for (row, document) in documents.enumerated() where document.label == 0 {
      means[row, 0] += Float(shift)
    }
    return AtlasStatistics(
      means, sides, sides.permutations(199, seed: UInt32(index)), grades: grades, tile: neurons,
      workers: 1)
  }

  @Test func shuffledLabelsConfirmNoNeuronInNineteenOfTwenty() {
    // Without margins, so that the tests alone decide.
    var margins = AtlasGrades()
    (margins.confirmed, margins.next, margins.suggestive) = (0.5, 0.5, 0.5)
    let grades = margins
    let found = ParallelLoop.map(200, workers: ParallelLoop.cores) { index in
      let labels = Self.statistics(index, grades: grades).labels
      return (
        confirmed: labels.contains { $0.grades.contains(.confirmed) },
        reached: labels.contains { $0.reachedAtlas.contains { LabelColumns.p($0, of: 199) < 0.05 } }
      )
    }
    #expect(found.count { $0.confirmed } <= 10)
    // The test of the whole atlas errs as often as it says, within three deviations.
    let wrong = found.count { $0.reached }
    #expect((1...19).contains(wrong), "\(wrong) of 200")
  }

  @Test func aPlantedNeuronIsFoundAndItsIntervalCovers() {
    // Two normal distributions of one deviation: AUC = Φ(shift / √2).
    let shift = 2.6
    let area = NormalDistribution.cumulative(shift / 2.0.squareRoot())
    let found = ParallelLoop.map(200, workers: ParallelLoop.cores) { index in
      let statistics = Self.statistics(index, shift: shift)
      let own = statistics.labels[0]
      let interval = own.areas[0].interval(confidence: 0.95)
      return (
        isFirst: own.rank[0] == 1, isGraded: own.grades[0] != .none,
        covers: interval.lower <= area && area <= interval.upper,
        coversSelected: own.intervals[0].lower <= area && area <= own.intervals[0].upper,
        others: own.grades.dropFirst().count { $0 != .none }
      )
    }
    #expect(found.count { $0.isFirst } == 200)
    #expect(found.count { $0.isGraded } == 200)
    // 95 %, within three deviations of 200 draws.
    #expect(found.count { $0.covers } >= 181, "\(found.count { $0.covers }) of 200")
    #expect(found.count { $0.coversSelected } >= 195)
    // The rate of false discoveries among what is graded.
    let wrong = found.reduce(0) { $0 + $1.others }
    #expect(wrong <= 20, "\(wrong) beside 200")
  }

  @Test func aPerfectNeuronIsConfirmedOnceThereAreDocumentsEnough() {
    func grades(_ count: Int) -> [LabelColumns.Grade] {
      (0..<10).map { Self.statistics($0, shift: 9, count: count).labels[0].grades[0] }
    }
    // Of 27 documents of the label no lower bound exceeds 0.9, of 100 all do.
    #expect(grades(160) == Array(repeating: .suggestive, count: 10))
    #expect(grades(600) == Array(repeating: .confirmed, count: 10))
  }
}
