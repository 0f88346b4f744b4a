import Statistics
import Testing

struct TopIndicesTests {
  @Test func theLargestComeFirstAndTiesByIndex() throws {
    let golden = try Goldens.load().top
    let values = Draws.values(9, 400).map { ($0 * 4).rounded(.toNearestOrEven) / 4 }
    #expect(topIndices(by: values, count: golden.count) == golden.indices)
    #expect(topIndices(by: values.map(Double.init), count: golden.count) == golden.indices)
  }

  @Test func notANumberComesLastAndInfinityFirst() {
    let values: [Float] = [.nan, 1, .nan, .infinity, -.infinity]
    #expect(topIndices(by: values, count: 9) == [3, 1, 4, 0, 2])
    #expect(topIndices(by: values, count: 2) == [3, 1])
  }

  @Test(arguments: [-1, 0]) func noCountGivesNone(_ count: Int) {
    #expect(topIndices(by: [1, 2] as [Float], count: count).isEmpty)
    #expect(topIndices(by: [] as [Float], count: 3).isEmpty)
  }
}
