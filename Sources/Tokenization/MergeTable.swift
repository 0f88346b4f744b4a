/// A flat hash table from two token ids to the token that they merge into.
struct MergeTable: Sendable {
  struct Merge: Sendable {
    var rank: Int
    var id: Int32
  }

  private struct Slot: Sendable {
    var pair: UInt64
    var rank: UInt32
    var id: Int32
  }

  private static let empty = UInt64.max
  private var slots: [Slot]
  private let shift: UInt64
  /// An odd multiplier that differs between processes, so that no file can be built to cause
  /// collisions.
  private let multiplier = UInt64(truncatingIfNeeded: Hasher().finalize()) | 1

  /// A table for `capacity` merges, which is then at most half full.
  init(capacity: Int) {
    let bits = UInt64(max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount))
    shift = 64 - bits
    slots = Array(repeating: Slot(pair: Self.empty, rank: 0, id: 0), count: 1 << bits)
  }

  /// Sets the merge of two ids; it replaces an earlier one of the same ids.
  mutating func set(_ first: Int32, _ second: Int32, to merge: Merge) {
    let pair = Self.pair(first, second)
    let rank = UInt32(truncatingIfNeeded: merge.rank)
    slots[index(of: pair)] = Slot(pair: pair, rank: rank, id: merge.id)
  }

  @inline(__always)
  func merge(_ first: Int32, _ second: Int32) -> Merge? {
    let slot = slots[index(of: Self.pair(first, second))]
    return slot.pair == Self.empty ? nil : Merge(rank: Int(slot.rank), id: slot.id)
  }

  @inline(__always)
  private static func pair(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  /// The slot that holds `pair`, or the free slot where it belongs.
  @inline(__always)
  private func index(of pair: UInt64) -> Int {
    var index = Int((pair &* multiplier) >> shift)
    while slots[index].pair != pair, slots[index].pair != Self.empty {
      index = (index + 1) & (slots.count - 1)
    }
    return index
  }
}
