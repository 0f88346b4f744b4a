import Statistics

/// A way to part the documents: which class each belongs to, and which are held out.
struct Trial: Sendable {
  private(set) var isPositive: [Bool]
  let isHeldOut: [Bool]

  /// Holds out a share of each class's documents, at least one of each.
  ///
  /// In NumPy, for each class: `RandomState(seed).permutation(n)[:ceil(n · testSize)]`.
  init(isPositive: [Bool], testSize: Double, seed: UInt32) {
    var isHeldOut = isPositive.map { _ in false }
    for side in [true, false] {
      let members = isPositive.indices.filter { isPositive[$0] == side }
      let split = TrainTestSplit(count: Int32(members.count), testSize: testSize, seed: seed)
      for index in split.test { isHeldOut[members[Int(index)]] = true }
    }
    self.isPositive = isPositive
    self.isHeldOut = isHeldOut
  }

  /// The same split of documents whose classes are dealt out anew.
  func shuffled(seed: UInt32) -> Trial {
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(Int32(isPositive.count))
    var trial = self
    trial.isPositive = order.map { isPositive[Int($0)] }
    return trial
  }
}
