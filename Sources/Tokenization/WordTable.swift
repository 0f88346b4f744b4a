/// A flat hash table from byte strings to ids.
struct WordTable: Sendable {
  private struct Slot: Sendable {
    var hash: UInt64
    var start: Int
    var count: Int
    /// The id; −1 if the slot is free.
    var id: Int32
  }

  private var slots: [Slot]
  private var bytes: [UInt8] = []
  private let shift: UInt64
  /// An odd multiplier that differs between processes, so that no file can be built to cause
  /// collisions.
  private let multiplier = UInt64(truncatingIfNeeded: Hasher().finalize()) | 1

  /// A table for `capacity` strings, which is then at most half full.
  init(capacity: Int) {
    let bits = UInt64(max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount))
    shift = 64 - bits
    slots = Array(repeating: Slot(hash: 0, start: 0, count: 0, id: -1), count: 1 << bits)
  }

  /// Adds a string, unless the table has it already.
  mutating func insert(_ string: [UInt8], id: Int32) {
    string.withUnsafeBufferPointer { string in
      let hash = hash(of: string)
      let index = index(of: string, hash)
      guard slots[index].id < 0 else { return }
      slots[index] = Slot(hash: hash, start: bytes.count, count: string.count, id: id)
      bytes += string
    }
  }

  func id(of string: Bytes) -> Int32? {
    let slot = slots[index(of: string, hash(of: string))]
    return slot.id < 0 ? nil : slot.id
  }

  private func hash(of string: Bytes) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: string.count)
    for byte in string {
      hash = (hash ^ UInt64(byte)) &* multiplier
      hash ^= hash >> 29
    }
    return hash &* multiplier
  }

  /// The slot that holds the string, or the free slot where it belongs.
  private func index(of string: Bytes, _ hash: UInt64) -> Int {
    var index = Int(hash >> shift)
    while slots[index].id >= 0, !isEqual(slots[index], string, hash) {
      index = (index + 1) & (slots.count - 1)
    }
    return index
  }

  private func isEqual(_ slot: Slot, _ string: Bytes, _ hash: UInt64) -> Bool {
    slot.hash == hash && slot.count == string.count
      && bytes[slot.start..<slot.start + slot.count].elementsEqual(string)
  }
}
