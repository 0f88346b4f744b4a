import Statistics
import Testing

struct HistogramEdgesTests {
  private func edges(_ groups: [[Float]], _ bins: Int = 120) -> [Double] {
    HistogramEdges.freedmanDiaconis(groups: groups, maximumBins: bins).edges
  }

  /// Values within 0.01 of each other.
  private let close = (0..<1000).map { Float($0) / 1e5 }

  private func covers(_ edges: [Double], _ groups: [[Float]]) -> Bool {
    zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
      && groups.joined().filter(\.isFinite).allSatisfy {
        Double($0) >= edges[0] && Double($0) <= edges[edges.count - 1]
      }
  }

  @Test func theWidthIsTheRoundStepNearestToFreedmanDiaconis() throws {
    let golden = try Goldens.load().histograms
    let groups = [Draws.values(1, 3000), Draws.values(2, 500)]
    let edges = edges(groups)
    let ratio = (edges[1] - edges[0]) / golden.width
    // 2 to 5 is the widest gap between steps, and √2.5 its middle.
    #expect(ratio > 1 / 2.5.squareRoot() - 1e-9 && ratio < 2.5.squareRoot() + 1e-9)
    #expect(covers(edges, groups))
  }

  @Test func countsAreNumPys() throws {
    let golden = try Goldens.load().histograms
    // Close quartiles ask for a fine step, and 100 bins from −1 to 4 allow 0.05.
    let shared = HistogramEdges.freedmanDiaconis(groups: [close, [-1, 4]], maximumBins: 100)
    #expect(shared.edges == golden.edges)
    #expect(shared.counts(of: Draws.values(1, 3000)) == golden.counts[0])
    #expect(shared.counts(of: Draws.values(2, 500)) == golden.counts[1])
  }

  @Test func edgesPrintAsShortDecimals() {
    for scale in [1e-30, 1e-7, 0.1, 1, 1e6, 1e25] {
      let groups = [(-50...300).map { Float(Double($0) * scale / 100) }]
      let edges = edges(groups)
      #expect(covers(edges, groups))
      for edge in edges {
        let digits = "\(edge)".split(separator: "e")[0].filter(\.isNumber)
        #expect(digits.drop { $0 == "0" }.count <= 8)
      }
    }
    #expect(edges([close, [0, 0.79]], 8) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
  }

  @Test func coincidingQuartilesFallBackToTheSpread() {
    let groups: [[Float]] = [[Float](repeating: 0, count: 1000), [-1, 3, 2.5]]
    let edges = edges(groups)
    #expect(edges.count > 10 && edges.count <= 121)
    #expect(covers(edges, groups))
  }

  @Test(arguments: [0, 1, -0.3, 1e-30, -1e30, .leastNonzeroMagnitude, 3.4e38] as [Float])
  func equalValuesGetOneBin(_ value: Float) {
    let histogram = HistogramEdges.freedmanDiaconis(groups: [[value, value]])
    #expect(histogram.edges.count == 2)
    #expect(covers(histogram.edges, [[value]]))
    #expect(histogram.percent(of: [value, value]) == [100])
  }

  @Test(
    arguments: [
      [1e30, Float(1e30).nextUp], [-3.4e38, 3.4e38],
      [.leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude], [0, .leastNonzeroMagnitude, 3e38],
      [16_777_215, 16_777_216, 16_777_216], [-1, 1], [5, .nan, .infinity, -.infinity, 6],
    ] as [[Float]])
  func anyFiniteRangeIsCovered(_ values: [Float]) {
    for bins in [-1, 1, 2, 3, 120] {
      let histogram = HistogramEdges.freedmanDiaconis(groups: [values, []], maximumBins: bins)
      #expect(covers(histogram.edges, [values]))
      #expect(histogram.edges.count <= max(bins, 2) + 1)
      #expect(histogram.counts(of: values).reduce(0, +) == values.count { $0.isFinite })
    }
  }

  @Test func percentagesAddUpAndTheLastBinIsClosed() {
    let values = Draws.values(3, 999)
    let histogram = HistogramEdges.freedmanDiaconis(groups: [values, [0, 1]])
    // A sum of 120 rounded shares.
    #expect(abs(histogram.percent(of: values).reduce(0, +) - 100) < 1e-10)
    let closed = HistogramEdges.freedmanDiaconis(groups: [[0, 1, 2, 3, 4]], maximumBins: 4)
    #expect(closed.edges == [0, 2, 4])
    #expect(closed.counts(of: [4, 2, 0, 4.5, -1, .nan]) == [1, 2])
  }

  @Test func noValuesAreDefined() {
    #expect(edges([]) == [0, 1])
    #expect(edges([[], [.nan, .infinity]]) == [0, 1])
    #expect(HistogramEdges.freedmanDiaconis(groups: []).percent(of: []) == [0])
  }
}
