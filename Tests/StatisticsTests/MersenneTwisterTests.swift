import Statistics
import Testing

struct MersenneTwisterTests {
  @Test func bitsNumbersAndIntegersAreRandomStates() throws {
    for golden in try Goldens.load().generator {
      var generator = MersenneTwister(seed: golden.seed)
      let bits = (0..<1500).map { _ in generator.next() }
      #expect([0, 1, 2, 622, 623, 624, 1247, 1248, 1499].map { bits[$0] } == golden.bits)

      generator = MersenneTwister(seed: golden.seed)
      #expect((0..<5).map { _ in generator.uniform() } == golden.uniform)
      let highs: [UInt32] = [1, 2, 3, 1000, 1024, 1025, .max]
      for (high, integers) in zip(highs, golden.integers) {
        #expect((0..<8).map { _ in generator.integer(through: high - 1) } == integers)
      }
    }
  }

  @Test func permutationsAreRandomStates() throws {
    for golden in try Goldens.load().permutations {
      var generator = MersenneTwister(seed: golden.seed)
      let order = generator.permutation(golden.n)
      #expect(Array(order.prefix(12)) == golden.first)
      #expect(Goldens.digest(order) == golden.digest)
    }
  }

  @Test func negativeCountIsAnEmptyPermutation() {
    var generator = MersenneTwister(seed: 0)
    #expect(generator.permutation(-3).isEmpty)
  }
}
