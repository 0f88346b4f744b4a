import Statistics

/// A partition of documents into folds, each of which is held out once while thresholds are fitted
/// on the others. The documents of each class are dealt to the folds in turn.
struct Folds: Sendable {
  let count: Int
  /// The fold of each document.
  let of: [Int]

  init(_ of: [Int], count: Int) {
    self.count = count
    self.of = of
  }

  /// Deals documents to folds. In NumPy, for each class, document
  /// `RandomState(seed).permutation(n)[i]` is in fold i mod `count`.
  init(isTarget: [Bool], count: Int, seed: UInt32) {
    let count = max(2, count)
    var folds = [Int](repeating: 0, count: isTarget.count)
    for side in [true, false] {
      let members = isTarget.indices.filter { isTarget[$0] == side }
      var generator = MersenneTwister(seed: seed)
      for (place, index) in generator.permutation(Int32(members.count)).enumerated() {
        folds[members[Int(index)]] = place % count
      }
    }
    self.count = count
    of = folds
  }

  /// The labels shuffled among the documents, by `RandomState(seed).permutation(n)`.
  static func shuffled(_ isTarget: [Bool], seed: UInt32) -> [Bool] {
    var generator = MersenneTwister(seed: seed)
    return generator.permutation(Int32(isTarget.count)).map { isTarget[Int($0)] }
  }
}
