extension ClassificationMetrics {
  /// The area under the ROC curve, exact (Mann–Whitney, a tie counts half); nil when a class is
  /// missing. No score may be a NaN.
  ///
  /// - Complexity: O(n), by a radix sort.
  package static func areaUnderCurve(positives: [Float], negatives: [Float]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let (positive, negative) = (RadixSort.keys(positives), RadixSort.keys(negatives))
    var (below, through, wins) = (0, 0, 0)  // wins are counted twice over, so ties stay whole
    for score in positive {
      while below < negative.count && negative[below] < score { below += 1 }
      while through < negative.count && negative[through] <= score { through += 1 }
      wins += below + through
    }
    return Double(wins) / 2 / (Double(positives.count) * Double(negatives.count))
  }
}

/// Sorts numbers by eleven bits at a time, which takes a fifth of a comparison sort's time on the
/// tokens of a study.
enum RadixSort {
  private static let digits = [0, 11, 22]
  private static let size = 1 << 11

  /// The numbers as whole ones in the same order, ascending; −0 is 0.
  static func keys(_ values: [Float]) -> [UInt32] {
    let keys = values.map { value -> UInt32 in
      let bits = (value + 0).bitPattern
      return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    }
    return digits.reduce(keys) { keys, shift in sorted(keys, by: shift) }
  }

  private static func sorted(_ keys: [UInt32], by shift: Int) -> [UInt32] {
    var places = [Int](repeating: 0, count: size)
    for key in keys { places[Int(key >> shift) & (size - 1)] += 1 }
    var next = 0
    for digit in places.indices {
      let count = places[digit]
      places[digit] = next
      next += count
    }
    return Array(unsafeUninitializedCapacity: keys.count) { sorted, count in
      places.withUnsafeMutableBufferPointer { places in
        for key in keys {
          let digit = Int(key >> shift) & (size - 1)
          sorted[places[digit]] = key
          places[digit] += 1
        }
      }
      count = keys.count
    }
  }
}
