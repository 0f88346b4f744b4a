import Statistics
import Testing

struct BootstrapTests {
  @Test func intervalsAreThoseOfTheSameResamplesInNumPy() throws {
    for golden in try Goldens.load().bootstraps {
      let numerators = Draws.values(golden.n, golden.n).map(Double.init)
      let denominators = Draws.values(golden.n + 1, golden.n).map { Double($0) + 1 }
      let bootstrap = Bootstrap(
        resamples: golden.resamples, confidence: golden.confidence, seed: golden.seed)
      let ratio = bootstrap.interval(numerators: numerators, denominators: denominators)
      let mean = bootstrap.interval(mean: numerators)
      for (interval, expected) in [(ratio, golden.ratio), (mean, golden.mean)] {
        let interval = try #require(interval)
        // Sums of up to 1000 documents in another order.
        #expect(abs(interval.estimate - expected[0]) < 1e-12)
        #expect(abs(interval.lower - expected[1]) < 1e-12)
        #expect(abs(interval.upper - expected[2]) < 1e-12)
      }
    }
  }

  @Test func oneDocumentHasNoSpread() throws {
    let interval = try #require(Bootstrap().interval(numerators: [3], denominators: [4]))
    #expect([interval.estimate, interval.lower, interval.upper] == [0.75, 0.75, 0.75])
  }

  @Test func resamplesWithoutTokensAreLeftOut() throws {
    let interval = try #require(
      Bootstrap(resamples: 500).interval(numerators: [2, 0], denominators: [1, 0]))
    #expect(interval.lower == 2 && interval.upper == 2)
  }

  @Test func whatHasNoEstimateHasNoInterval() {
    #expect(Bootstrap().interval(mean: []) == nil)
    #expect(Bootstrap().interval(numerators: [1], denominators: [0]) == nil)
    #expect(Bootstrap().interval(mean: [1, .nan]) == nil)
    #expect(Bootstrap().interval(mean: [1, .infinity]) == nil)
    #expect(Bootstrap(resamples: 0).interval(mean: [1]) == nil)
    #expect(Bootstrap(resamples: -5).interval(mean: [1]) == nil)
  }
}

struct BootstrapByPositionTests {
  /// The same resamples, position by position: the sums are the same numbers in the same order.
  @Test func intervalsByPositionAreThoseOfEachPosition() {
    let documents = [[1.0, 5, 2, 8], [2.5, 1], [], [4, 4, 4], [0.5]]
    let bootstrap = Bootstrap(resamples: 300, seed: 7)
    let intervals = bootstrap.intervals(byPosition: documents)
    #expect(intervals.count == 4)
    for (position, interval) in intervals.enumerated() {
      let alone = bootstrap.interval(
        numerators: documents.map { $0.count > position ? $0[position] : 0 },
        denominators: documents.map { $0.count > position ? 1 : 0 })
      #expect(interval == alone, "position \(position)")
    }
    #expect(bootstrap.intervals(byPosition: []).isEmpty)
    #expect(bootstrap.intervals(byPosition: [[], []]).isEmpty)
    #expect(Bootstrap(resamples: 0).intervals(byPosition: [[1]]) == [nil])
  }
}
