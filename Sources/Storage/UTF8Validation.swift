/// Finds the place at which text is not valid UTF-8.
package enum UTF8Validation {
  /// The offset of the first byte that is not part of a well-formed sequence; nil if there is none.
  ///
  /// Sequences are well-formed by table 3-7 of the Unicode standard: no overlong forms, no
  /// surrogates.
  package static func firstInvalid(in bytes: UnsafeRawBufferPointer) -> Int? {
    var at = 0
    while at < bytes.count {
      let lead = bytes[at]
      if lead < 0x80 {
        at += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEC, 0xEE...0xEF: length = 3
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: length = 4
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return at
      }
      guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { return at }
      for next in at + 2..<max(at + 2, at + length) where bytes[next] & 0xC0 != 0x80 { return at }
      at += length
    }
    return nil
  }

  /// Whether bytes are probably UTF-16 that has no byte order mark.
  ///
  /// In UTF-16 the high half of most letters is the same control byte: 00 in Latin, 03 in Greek, 04
  /// in Cyrillic. Text in UTF-8 never has one control byte in half of its even or odd places. Tabs
  /// might be an exception, so they count only if there is a NUL too.
  package static func resemblesUTF16(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let units = min(bytes.count, 4096) / 2
    guard units >= 4 else { return false }
    return (0...1).contains { parity in
      var counts = [Int](repeating: 0, count: 0x20)
      for unit in 0..<units {
        let byte = bytes[2 * unit + parity]
        if byte < 0x20 { counts[Int(byte)] += 1 }
      }
      return counts.enumerated().contains { byte, count in
        2 * count >= units && (![0x09, 0x0A, 0x0D].contains(byte) || counts[0] > 0)
      }
    }
  }
}
