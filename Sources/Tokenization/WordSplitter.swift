/// Splits text into words; merges never cross the border of a word.
///
/// This is a hand-written form of GPT-2's `pattern`.
struct WordSplitter: Sendable {
  static let pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private let unicode = UnicodeTables.shared

  /// The end of the word that starts at `start`.
  func end(ofWordAt start: Int, in text: Bytes) -> Int {
    if text[start] == UInt8(ascii: "'"), let end = contractionEnd(start, text) { return end }
    var (kind, length) = character(at: start, in: text)
    var at = start + length
    if kind == .space, text[start] == UInt8(ascii: " "), at < text.count {
      let next = character(at: at, in: text)
      if next.kind != .space {
        kind = next.kind
        at += next.length
      }
    }
    var last = start
    while at < text.count {
      let next = character(at: at, in: text)
      if next.kind != kind { break }
      last = at
      at += next.length
    }
    // Of several spaces, the last belongs to the next word, unless the text ends.
    return kind == .space && at < text.count && last > start ? last : at
  }

  @inline(__always)
  private func character(at index: Int, in text: Bytes) -> (kind: UnicodeTables.Kind, length: Int) {
    let (scalar, length) = text.scalar(at: index)
    return (unicode.kind(of: scalar), length)
  }

  private func contractionEnd(_ start: Int, _ text: Bytes) -> Int? {
    guard start + 1 < text.count else { return nil }
    switch text[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case let first:
      guard start + 2 < text.count else { return nil }
      switch (first, text[start + 2]) {
      case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
        (UInt8(ascii: "l"), UInt8(ascii: "l")):
        return start + 3
      default: return nil
      }
    }
  }
}
