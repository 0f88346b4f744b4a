/// UTF-8 text as bytes. Invalid text gives wrong characters but is never read out of bounds.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension Bytes {
  /// The character that starts at `index`, and its length in bytes.
  @inline(__always)
  func scalar(at index: Int) -> (value: UInt32, length: Int) {
    let lead = UInt32(self[index])
    if lead < 0x80 { return (lead, 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard index + length <= count else { return (0xFFFD, count - index) }
    var value = lead & (0x7F >> UInt32(length))
    for next in index + 1..<index + length { value = value << 6 | UInt32(self[next] & 0x3F) }
    return (Swift.min(value, 0x10FFFF), length)
  }

  /// The index at which the character that contains the byte at `index` starts.
  @inline(__always)
  func scalarStart(_ index: Int) -> Int {
    var start = index
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  func slice(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }
}
