/// Values in ascending order with their ties, from which areas under ROC curves of many labels follow
/// without sorting again.
///
/// Source: DeLong, DeLong and Clarke-Pearson 1988, by midranks as Sun and Xu 2014.
package struct RankedValues: Sendable {
  /// The indices of the values in ascending order.
  private let order: [Int32]
  /// The ends of the runs of equal values in `order`.
  private let ends: [Int32]

  /// - Parameter values: numbers; −0 equals 0, and a NaN counts as the lowest.
  /// - Complexity: O(n log n).
  package init(_ values: [Float]) {
    // The bits of a number, made to sort as the number does, with its index behind them.
    let keys = values.enumerated().map { index, value in
      let bits = ((value.isNaN ? -Float.infinity : value) + 0).bitPattern
      let sorting = bits >> 31 == 1 ? ~bits : bits | 1 << 31
      return UInt64(sorting) << 32 | UInt64(index)
    }.sorted()
    var ends: [Int32] = []
    for place in keys.indices.dropFirst() where keys[place] >> 32 != keys[place - 1] >> 32 {
      ends.append(Int32(place))
    }
    if !keys.isEmpty { ends.append(Int32(keys.count)) }
    order = keys.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
    self.ends = ends
  }

  package var count: Int { order.count }

  /// The rank of each value from 1 on; equal values share the mean of their ranks
  /// (`scipy.stats.rankdata`).
  package var midranks: [Float] {
    var ranks = [Float](repeating: 0, count: order.count)
    var first = 0
    for end in ends.map(Int.init) {
      let rank = Float(first + end + 1) / 2
      for place in first..<end { ranks[Int(order[place])] = rank }
      first = end
    }
    return ranks
  }

  /// The area of every label's values against all others.
  ///
  /// - Parameters:
  ///   - labels: the label of each value, from 0; values with a negative label are left out
  ///   - count: the number of labels
  /// - Returns: nil for a label that has no value, or all of them
  /// - Complexity: O(n · labels).
  package func areas(labels: [Int32], count: Int) -> [RankedArea?] {
    precondition(labels.count == order.count, "\(labels.count) labels for \(order.count) values")
    var sums = Array(repeating: PlacementSums(), count: count)
    // The number of values of each label below the run, and in it.
    var below = [Int](repeating: 0, count: count)
    var inside = below
    var (allBelow, first) = (0, 0)
    for end in ends.map(Int.init) {
      var all = 0
      for place in first..<end where labels[Int(order[place])] >= 0 {
        inside[Int(labels[Int(order[place])])] += 1
        all += 1
      }
      for label in 0..<count {
        let own = inside[label]
        let others = all - own
        // Everything is counted twice, so that a tie is a whole number.
        sums[label].addPositives(own, twice: 2 * (allBelow - below[label]) + others)
        sums[label].addNegatives(others, twice: 2 * below[label] + own)
        below[label] += own
        inside[label] = 0
      }
      allBelow += all
      first = end
    }
    return sums.map(\.area)
  }

  /// The area of the values of one label against those of another alone.
  ///
  /// - Complexity: O(n).
  package func area(labels: [Int32], of label: Int32, against other: Int32) -> RankedArea? {
    var sums = PlacementSums()
    var (own, others, first) = (0, 0, 0)
    for end in ends.map(Int.init) {
      var inside = (own: 0, others: 0)
      for place in first..<end {
        let found = labels[Int(order[place])]
        if found == label { inside.own += 1 }
        if found == other { inside.others += 1 }
      }
      sums.addPositives(inside.own, twice: 2 * others + inside.others)
      sums.addNegatives(inside.others, twice: 2 * own + inside.own)
      own += inside.own
      others += inside.others
      first = end
    }
    return sums.area
  }
}

/// Sums over the placements of two groups: how many values of the other group lie below each value,
/// times two.
private struct PlacementSums {
  private var positives = 0
  private var negatives = 0
  private var wins = 0
  private var squaredWins = 0
  private var negativeSum = 0
  private var negativeSquares = 0

  @inline(__always)
  mutating func addPositives(_ count: Int, twice: Int) {
    positives += count
    wins += count * twice
    squaredWins += count * twice * twice
  }

  @inline(__always)
  mutating func addNegatives(_ count: Int, twice: Int) {
    negatives += count
    negativeSum += count * twice
    negativeSquares += count * twice * twice
  }

  var area: RankedArea? {
    guard positives > 0, negatives > 0 else { return nil }
    let (m, n) = (Double(positives), Double(negatives))
    // The variance of the mean placement of a group; one value has none.
    func variance(_ sum: Int, _ squares: Int, _ count: Double, of others: Double) -> Double {
      guard count > 1 else { return 0 }
      let mean = Double(sum) / count
      let spread = max(0, Double(squares) - count * mean * mean)
      return spread / (count - 1) / count / (4 * others * others)
    }
    return RankedArea(
      value: Double(wins) / (2 * m * n),
      variance: variance(wins, squaredWins, m, of: n)
        + variance(negativeSum, negativeSquares, n, of: m),
      positives: positives, negatives: negatives)
  }
}
