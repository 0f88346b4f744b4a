import Statistics
import Testing

struct TrainTestSplitTests {
  @Test func rowsAreSplitAsScikitLearnSplitsThem() throws {
    for golden in try Goldens.load().splits {
      let split = TrainTestSplit(count: golden.n, testSize: golden.size, seed: golden.seed)
      #expect(split.training.count == golden.training)
      #expect(split.test.count == golden.test)
      #expect([split.training, split.test].map(Goldens.digest) == golden.digests)
    }
  }

  @Test func groupsAreSplitAsScikitLearnSplitsThem() throws {
    for golden in try Goldens.load().groupSplits {
      var generator = MersenneTwister(seed: 100 + golden.seed)
      let groups = (0..<golden.n).map { _ in
        Int32(generator.integer(through: golden.high - 1)) * 3 - 7
      }
      if !golden.groups.isEmpty { #expect(groups == golden.groups) }
      let split = TrainTestSplit(groups: groups, testSize: golden.size, seed: golden.seed)
      #expect(split.training.count == golden.training)
      #expect(split.test.count == golden.test)
      #expect([split.training, split.test].map(Goldens.digest) == golden.digests)
    }
  }

  @Test func noGroupIsInBothParts() {
    let groups = (0..<500).map { Int32($0 / 7) }
    let split = TrainTestSplit(groups: groups, testSize: 0.3, seed: 1)
    let training = Set(split.training.map { groups[Int($0)] })
    #expect(training.isDisjoint(with: split.test.map { groups[Int($0)] }))
    #expect(split.training.count + split.test.count == groups.count)
  }

  @Test(arguments: [-1, 0, 1, 2, .nan, .infinity, -.infinity] as [Double])
  func senselessSizesStillGiveEveryRowOnce(_ size: Double) {
    for count in [0, 1, 9] as [Int32] {
      let split = TrainTestSplit(count: count, testSize: size, seed: 0)
      #expect((split.training + split.test).sorted() == Array(0..<count))
    }
    #expect(TrainTestSplit(groups: [], testSize: size, seed: 0).test.isEmpty)
  }
}
