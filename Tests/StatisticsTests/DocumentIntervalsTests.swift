import Foundation
import Statistics
import Testing

/// What SciPy, scikit-learn and statsmodels gave, as Tests/reference/interval_goldens.py recorded it.
private struct IntervalGoldens: Decodable {
  struct Table: Decodable {
    let degrees: Double?
    let cumulative: [[Double]]
    let quantile: [[Double]]
  }
  struct Ratio: Decodable {
    let n: Int
    let ratio, mean: [Double]
    let deviation, p, meanP: Double
  }
  struct BCa: Decodable {
    let n: Int
    let seed: UInt32
    let resamples: Int
    let ratio: [Double]
  }
  struct Correlation: Decodable {
    let counts: [[Int]]
    let interval: [Double]
  }
  struct Holm: Decodable {
    let p, adjusted: [Double]
  }

  let student: [Table]
  let normal: Table
  let ratios: [Ratio]
  let bca: [BCa]
  let mcc: [Correlation]
  let wilson: [[Double]]
  let holm: [Holm]

  static func load() throws -> Self {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/intervals.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree to a share of the larger, or absolutely near zero.
private func agree(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-11) -> Bool {
  abs(found - expected) <= tolerance * max(1, abs(expected))
}

private func agree(_ interval: Interval?, _ expected: [Double], _ tolerance: Double = 1e-11) -> Bool
{
  guard let interval else { return false }
  return zip([interval.estimate, interval.lower, interval.upper], expected)
    .allSatisfy { agree($0, $1, tolerance) }
}

private func documents(_ n: Int) -> (numerators: [Double], denominators: [Double]) {
  (Draws.values(n, n).map(Double.init), Draws.values(n + 1, n).map { Double($0) + 1 })
}

private func metrics(_ counts: [Int]) -> ClassificationMetrics {
  ClassificationMetrics(
    truePositives: counts[0], falsePositives: counts[1], trueNegatives: counts[2],
    falseNegatives: counts[3])
}

struct DistributionTests {
  @Test func studentsAndTheNormalDistributionAreSciPys() throws {
    let goldens = try IntervalGoldens.load()
    for table in goldens.student {
      let student = StudentDistribution(degrees: try #require(table.degrees))
      for pair in table.cumulative {
        let found = student.cumulative(pair[0])
        // Far tails to a share of themselves, since p values are small numbers.
        #expect(abs(found - pair[1]) <= 1e-10 * pair[1], "\(student.degrees), \(pair[0])")
      }
      for pair in table.quantile {
        #expect(agree(student.quantile(pair[0]), pair[1], 1e-9), "\(student.degrees), \(pair[0])")
      }
    }
    for pair in goldens.normal.cumulative {
      #expect(agree(NormalDistribution.cumulative(pair[0]), pair[1]), "\(pair[0])")
    }
    for pair in goldens.normal.quantile {
      #expect(agree(NormalDistribution.quantile(pair[0]), pair[1], 1e-9), "\(pair[0])")
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(StudentDistribution(degrees: 3).quantile(1) == .infinity)
  }

  @Test func holmsCorrectionIsThatOfStatsmodels() throws {
    for golden in try IntervalGoldens.load().holm {
      #expect(zip(HolmCorrection.adjusted(golden.p), golden.adjusted).allSatisfy { agree($0, $1) })
    }
    #expect(HolmCorrection.adjusted([]) == [])
  }

  @Test func wilsonsIntervalIsSciPysAndHoldsAtItsEdges() throws {
    for golden in try IntervalGoldens.load().wilson {
      let interval = ShareInterval.wilson(Int(golden[0]), of: Int(golden[1]))
      #expect(agree(interval, Array(golden[2...])), "\(golden)")
    }
    #expect(ShareInterval.wilson(0, of: 0) == nil)
  }
}

struct DocumentIntervalsTests {
  @Test func tenToFortyDocumentsHaveStudentsInterval() throws {
    for golden in try IntervalGoldens.load().ratios {
      let (numerators, denominators) = documents(golden.n)
      let found = DocumentIntervals().interval(numerators: numerators, denominators: denominators)
      #expect(agree(found, golden.ratio), "\(golden.n)")
      #expect(agree(DocumentIntervals().interval(mean: numerators), golden.mean), "\(golden.n)")
      let ratio = RatioEstimate(numerators: numerators, denominators: denominators)
      #expect(agree(ratio.deviation, golden.deviation))
      #expect(agree(try #require(ratio.pValue), golden.p))
      let mean = RatioEstimate(
        numerators: numerators, denominators: numerators.map { _ in 1 })
      #expect(agree(try #require(mean.pValue), golden.meanP))
    }
  }

  @Test func moreDocumentsHaveSciPysBCaOfTheSameResamples() throws {
    for golden in try IntervalGoldens.load().bca {
      let (numerators, denominators) = documents(golden.n)
      let intervals = DocumentIntervals(
        Bootstrap(resamples: golden.resamples, seed: golden.seed))
      let found = intervals.interval(numerators: numerators, denominators: denominators)
      // SciPy takes the quantile at a share that is 1e-16 another: a ratio may lie between two.
      #expect(agree(found, golden.ratio, 1e-9), "\(golden.n): \(String(describing: found))")
    }
  }

  @Test func aCorrelationHasTheJackknifesInterval() throws {
    for golden in try IntervalGoldens.load().mcc {
      let found = DocumentIntervals().interval(mcc: golden.counts.map(metrics))
      #expect(agree(found, golden.interval, 1e-10), "\(golden.counts.count)")
    }
  }

  @Test func nothingIsSaidOfFewerThanTenDocuments() {
    let (numerators, denominators) = documents(9)
    let intervals = DocumentIntervals()
    #expect(intervals.interval(numerators: numerators, denominators: denominators) == nil)
    #expect(RatioEstimate(numerators: numerators, denominators: denominators).pValue == nil)
    // A document without tokens is none.
    #expect(
      intervals.interval(numerators: numerators + [0], denominators: denominators + [0]) == nil)
    let judged = metrics([8, 2, 9, 1])
    #expect(intervals.interval(mcc: Array(repeating: judged, count: 9)) == nil)
  }

  /// [1.000, 1.000] is no interval.
  @Test func nothingIsSaidWhereDocumentsDoNotDifferOrAtTheEdge() {
    let intervals = DocumentIntervals()
    #expect(intervals.interval(mean: Array(repeating: 1, count: 20)) == nil)
    let right = (0..<20).map { $0 % 2 == 0 ? metrics([5, 0, 0, 0]) : metrics([0, 0, 5, 0]) }
    #expect(intervals.interval(mcc: right) == nil)
    // One wrong document: without it nothing is wrong, so its weight cannot be judged.
    #expect(intervals.interval(mcc: right + [metrics([0, 3, 2, 0])]) == nil)
  }

  @Test func positionsHaveTheIntervalOfTheirDocuments() {
    let long = (0..<60).map { [Double($0 % 7), Double($0 % 5)] }
    let short = (0..<9).map { [Double($0), Double($0), Double($0)] }
    let intervals = DocumentIntervals(Bootstrap(resamples: 300, seed: 3))
    let found = intervals.intervals(byPosition: Array(long.prefix(12)) + short)
    #expect(found.count == 3)
    let first = (long.prefix(12) + short.prefix(9)).map { $0[0] }
    #expect(found[0].interval == intervals.interval(mean: first))
    #expect(found[2].interval == nil && found[2].mean == 4)
    let many = intervals.intervals(byPosition: long)
    let percentile = intervals.bootstrap.intervals(byPosition: long)
    #expect(many[1].interval == percentile[1] && many[1].interval != nil)
  }
}

/// How often a 95 % interval holds what it estimates, in 1,000 draws of documents whose changes are
/// skewed. The kinds and sizes are those that `DocumentIntervals` and `ShareInterval` give.
struct CoverageTests {
  /// Changes per token that no document shares with another.
  enum Shape: String, CaseIterable, Sendable {
    /// The sum of two exponentials (skewness 1.4): every document loses, some a lot.
    case allLose
    /// A normal change plus an exponential (skewness 0.7): many lose a little, some gain.
    case someGain

    var mean: Double { self == .allLose ? 2 : 1 }

    func draw(_ generator: inout MersenneTwister) -> Double {
      func exponential() -> Double { -log(1 - generator.uniform()) }
      switch self {
      case .allLose: return exponential() + exponential()
      case .someGain:
        let radius = (-2 * log(1 - generator.uniform())).squareRoot()
        return radius * cos(2 * .pi * generator.uniform()) + exponential()
      }
    }
  }

  private static let draws = 1_000
  private static let held = 0.92...0.97

  private static func report(_ kind: String, _ count: Int, _ covered: Int) -> Bool {
    let share = Double(covered) / Double(draws)
    print("coverage: \(kind), \(count) documents: \((1_000 * share).rounded() / 10) %")
    return held.contains(share)
  }

  @Test(arguments: Shape.allCases, [10, 20, 40, 80])
  func changesOfTheLossAreCovered(shape: Shape, count: Int) {
    var generator = MersenneTwister(seed: UInt32(count))
    var (ratio, byPosition) = (0, 0)
    for draw in 0..<Self.draws {
      let tokens = (0..<count).map { _ in 40 + Double(generator.integer(through: 24)) }
      let changes = (0..<count).map { _ in shape.draw(&generator) }
      let intervals = DocumentIntervals(Bootstrap(resamples: 400, seed: UInt32(draw)))
      func holds(_ interval: Interval?) -> Bool {
        interval.map { $0.lower <= shape.mean && shape.mean <= $0.upper } ?? false
      }
      let found = intervals.interval(
        numerators: zip(changes, tokens).map(*), denominators: tokens)
      if holds(found) { ratio += 1 }
      if holds(intervals.intervals(byPosition: changes.map { [$0] })[0].interval) {
        byPosition += 1
      }
    }
    let isStudents = count <= DocumentIntervals.mostForStudent
    #expect(Self.report("\(isStudents ? "t" : "BCa"), \(shape.rawValue)", count, ratio))
    #expect(
      Self.report(
        "\(isStudents ? "t" : "percentile") by position, \(shape.rawValue)", count, byPosition))
  }

  /// Documents whose share of right tokens differs between them: half are the target's.
  @Test(arguments: [10, 20, 40, 80]) func correlationsAreCovered(count: Int) {
    var generator = MersenneTwister(seed: UInt32(100 + count))
    // Shares of right tokens are 1 − 0.3 · u^2, whose mean is 0.9; classes are symmetric, so that the
    // correlation of all documents there are is 2 · 0.9 − 1.
    let truth = 0.8
    var covered = 0
    for _ in 0..<Self.draws {
      let documents = (0..<count).map { index -> ClassificationMetrics in
        let square = generator.uniform()
        let share = 1 - 0.3 * square * square
        let right = (0..<50).reduce(0) { sum, _ in sum + (generator.uniform() < share ? 1 : 0) }
        return index.isMultiple(of: 2)
          ? metrics([right, 0, 0, 50 - right]) : metrics([0, 50 - right, right, 0])
      }
      let interval = DocumentIntervals().interval(mcc: documents)
      if let interval, interval.lower <= truth, truth <= interval.upper { covered += 1 }
    }
    #expect(Self.report("jackknife t of MCC", count, covered))
  }

  @Test(arguments: [10, 20, 40, 80]) func sharesOfDocumentsAreCovered(count: Int) {
    var generator = MersenneTwister(seed: UInt32(200 + count))
    // The coverage of a share goes up and down with the share: over shares from 0.2 to 0.9.
    var covered = 0
    for draw in 0..<Self.draws {
      let truth = 0.2 + 0.7 * Double(draw) / Double(Self.draws)
      let worse = (0..<count).reduce(0) { sum, _ in sum + (generator.uniform() < truth ? 1 : 0) }
      let interval = ShareInterval.wilson(worse, of: count)
      if let interval, interval.lower <= truth, truth <= interval.upper { covered += 1 }
    }
    #expect(Self.report("Wilson", count, covered))
  }
}
