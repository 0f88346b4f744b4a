/// The rows a probe is fitted on and those it is judged by, split as scikit-learn does.
package struct TrainTestSplit: Sendable, Equatable {
  package let training: [Int32]
  package let test: [Int32]

  package init(training: [Int32], test: [Int32]) {
    self.training = training
    self.test = test
  }

  /// Splits `count` rows as `train_test_split(…, test_size: testSize, random_state: seed)` does.
  ///
  /// The first ⌈count · testSize⌉ entries of `RandomState(seed).permutation(count)` are the test
  /// part and all others the training part, both in the permutation's order. scikit-learn refuses a
  /// split that leaves the training part empty; here the caller has to refuse it.
  package init(count: Int32, testSize: Double, seed: UInt32) {
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(count)
    let share = (testSize * Double(order.count)).rounded(.up)
    let tests = share > 0 ? Int(min(share, Double(order.count))) : 0
    test = Array(order[..<tests])
    training = Array(order[tests...])
  }

  /// Splits rows by group as
  /// `GroupShuffleSplit(n_splits: 1, test_size: testSize, random_state: seed)` does: rows of one
  /// group stay together, and `testSize` is a share of the groups.
  ///
  /// - Parameter groups: the group of each row, such as its document; any integers.
  /// - Complexity: O(n log n). Both parts are in ascending row order, as in scikit-learn.
  package init(groups: [Int32], testSize: Double, seed: UInt32) {
    let distinct = Set(groups).sorted()
    let split = TrainTestSplit(count: Int32(distinct.count), testSize: testSize, seed: seed)
    let tested = Set(split.test.map { distinct[Int($0)] })
    var training: [Int32] = []
    var test: [Int32] = []
    for (row, group) in groups.enumerated() {
      if tested.contains(group) {
        test.append(Int32(row))
      } else {
        training.append(Int32(row))
      }
    }
    self.training = training
    self.test = test
  }
}
