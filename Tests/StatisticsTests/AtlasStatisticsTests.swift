import LinearAlgebra
import Statistics
import Testing

/// The statistics of the atlas against other programs' numbers.
struct AtlasStatisticsTests {
  private static let goldens = AtlasGoldens.all

  @Test func areasAndDeLongsIntervalsEqualTheDefinition() {
    for golden in Self.goldens.areas {
      let ranked = RankedValues(golden.values)
      #expect(ranked.midranks == golden.midranks)
      let areas = ranked.areas(labels: golden.labels, count: golden.count)
      for label in 0..<golden.count {
        let next = Int32((label + 1) % golden.count)
        let pair = ranked.area(labels: golden.labels, of: Int32(label), against: next)
        for (area, expected) in [(areas[label], golden.rest[label]), (pair, golden.next[label])] {
          guard let area else {
            Issue.record("label \(label) has no area")
            continue
          }
          let interval = area.interval(confidence: 0.95)
          let found = [area.value, area.variance, interval.lower, interval.upper]
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-11 }, "\(found), \(expected)")
        }
      }
    }
  }

  @Test func aLabelWithoutOthersHasNoArea() {
    let ranked = RankedValues([1, 2, .nan, -0.0, 0])
    #expect(ranked.areas(labels: [0, 0, 0, 0, 0], count: 2) == [nil, nil])
    // The NaN is the lowest, and −0 equals 0.
    #expect(ranked.midranks == [4, 5, 1, 2.5, 2.5])
    #expect(ranked.areas(labels: [1, -1, 0, 1, 0], count: 2)[1]?.value == 0.875)
  }

  @Test func anAreaAtTheBoundaryHasNewcombesInterval() {
    for golden in Self.goldens.score {
      let area = RankedArea(
        value: golden.auc, variance: 0, positives: golden.m, negatives: golden.n)
      let interval = area.interval(confidence: golden.confidence)
      #expect(abs(interval.lower - golden.ends[0]) < 1e-9)
      #expect(abs(interval.upper - golden.ends[1]) < 1e-9)
    }
  }

  @Test func cohensDEqualsItsDefinition() {
    let golden = Self.goldens.cohen
    func sums(_ values: [Double]) -> (count: Int, sum: Double, squares: Double) {
      (values.count, values.reduce(0, +), values.reduce(0) { $0 + $1 * $1 })
    }
    let d = StandardizedDifference.cohen(sums(golden.own), sums(golden.others))
    #expect(abs(d - golden.d) < 1e-12)
    #expect(StandardizedDifference.cohen(sums([1, 1]), sums([0, 0])) == 0)
  }

  @Test func qValuesEqualThoseOfStatsmodels() {
    let golden = Self.goldens.discovery
    let found = FalseDiscovery.adjusted(golden.p)
    #expect(zip(found, golden.q).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(FalseDiscovery.confidence(selected: 20, of: 1000, level: 0.05) == 1 - 0.001)
    #expect(FalseDiscovery.confidence(selected: 0, of: 10, level: 0.05) == 1 - 0.005)
  }

  @Test func largestStatisticsEqualAPlainPermutation() {
    for golden in Self.goldens.permutation {
      let permutations = LabelPermutations(
        labels: golden.labels, count: golden.count,
        strata: golden.isWithin ? golden.strata : nil, permutations: golden.permutations,
        seed: golden.seed)
      // Neurons come in two parts, as the layers of a model do.
      var found = LargestStatistics(permutations)
      for part in [golden.values.prefix(2), golden.values.dropFirst(2)] {
        let ranks = part.flatMap { RankedValues($0).midranks }
        found.add(
          Matrix(rows: part.count, columns: golden.labels.count, elements: ranks), permutations,
          workers: 2)
      }
      let atlas = found.ofAll
      for label in 0..<golden.count {
        #expect(Self.agree(found.observed[label], golden.observed[label]))
        #expect(Self.agree(found.largest[label], golden.largest[label]))
        let observed = found.observed[label]
        #expect(
          LargestStatistics.reached(observed, by: found.largest[label]) == golden.reached[label])
        #expect(LargestStatistics.reached(observed, by: atlas) == golden.atlas[label])
      }
    }
  }

  private static func agree(_ found: [Float], _ expected: [Double]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 * max(1, abs($1)) }
  }

  @Test func aSingleStratumGivesMannAndWhitneysTest() {
    let golden = Self.goldens.mannWhitney
    let values = golden.own + golden.others
    let labels = golden.own.map { _ in Int32(0) } + golden.others.map { _ in Int32(1) }
    let permutations = LabelPermutations(labels: labels, count: 2, permutations: 0, seed: 0)
    var found = LargestStatistics(permutations)
    found.add(
      Matrix(rows: 1, columns: values.count, elements: RankedValues(values).midranks),
      permutations, workers: 1)
    let z = Double(found.observed[0][0])
    #expect(abs(z - golden.z) < 1e-5)
    #expect(abs(NormalDistribution.cumulative(-z) - golden.p) < 1e-6)
  }

  @Test func entropyAndItsSelectionEqualTheAuthorsProgram() {
    let golden = Self.goldens.entropy
    let found = ActivationEntropy(golden.shares)
    #expect(zip(found.entropy, golden.entropy).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(found.bar == golden.bar)
    #expect(found.selected == golden.selected)
    let labels = found.selected.map { neuron in
      golden.shares.indices.filter { found.isSelected(neuron, for: $0) }
    }
    #expect(labels == golden.labels)
  }

  @Test func clustersEqualConnectedComponents() {
    let golden = Self.goldens.clusters
    let samples = Matrix(
      rows: golden.samples.count, columns: golden.samples[0].count,
      elements: golden.samples.flatMap(\.self))
    let found = CorrelationClusters(samples, limit: 0.9, workers: 2).clusters
    #expect(found.map(\.members) == golden.clusters.map(\.members))
    #expect(zip(found, golden.clusters).allSatisfy { abs($0.r - $1.r) < 1e-5 })
  }

  @Test func nearDuplicatesAreThoseOfAllPairs() {
    let golden = Self.goldens.grams
    var found = NearDuplicates(similarity: 0.8)
    #expect(golden.documents.map { found.add($0) ?? -1 } == golden.first)
    let sets = golden.documents.map { NearDuplicates.grams($0) }
    for (a, row) in zip(sets, golden.similarity) {
      for (b, expected) in zip(sets, row) {
        #expect(abs(NearDuplicates.similarity(a, b) - expected) < 1e-12)
        // 128 hashes agree as often as the sets overlap, within four deviations.
        let agreed = zip(NearDuplicates.signature(a), NearDuplicates.signature(b)).count {
          $0 == $1
        }
        #expect(abs(Double(agreed) / 128 - expected) < 4 * 0.5 / 128.0.squareRoot())
      }
    }
  }
}
