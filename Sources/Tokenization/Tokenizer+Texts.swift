extension Tokenizer {
  /// The text shown for a token that holds only a part of a character.
  package static let fragment = "·"

  /// The tokens of a text as a reader can see them. A character that is split over several tokens
  /// is shown at the last of them; the others are `fragment`.
  ///
  /// Bytes that never form a character are shown as U+FFFD.
  package func texts(of ids: [Int32]) -> [String] {
    var open: [UInt8] = []
    return ids.map { id in
      open += bytes(of: id) ?? Array(string(of: id).utf8)
      let whole = open.count - Self.incompleteTail(open)
      let text = String(decoding: open.prefix(whole), as: UTF8.self)
      open.removeFirst(whole)
      return text.isEmpty ? Self.fragment : text
    }
  }

  /// The number of bytes at the end that begin a character without completing it.
  private static func incompleteTail(_ bytes: [UInt8]) -> Int {
    for count in 1..<4 where count <= bytes.count {
      switch bytes[bytes.count - count] {
      case 0x80...0xBF: continue
      case 0xC2...0xDF: return count < 2 ? count : 0
      case 0xE0...0xEF: return count < 3 ? count : 0
      case 0xF0...0xF4: return count
      default: return 0
      }
    }
    return 0
  }
}
