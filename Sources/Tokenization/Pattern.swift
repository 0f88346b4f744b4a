/// A pattern that a step of a tokenizer searches in a text.
enum Pattern: Sendable {
  /// A literal of at least one byte.
  case text([UInt8])
  case regex(RegexProgram)
  /// GPT-2's pattern in a hand-written form.
  case gpt2(WordSplitter)
  /// Any single character of a set.
  case character(ScalarLookup)

  /// Calls `body` with each match and each part between matches, in order.
  ///
  /// - Complexity: O(n) in the bytes of the text.
  func split(
    _ text: Bytes, _ range: Range<Int>, _ body: (_ part: Range<Int>, _ isMatch: Bool) -> Void
  ) {
    if range.isEmpty { return body(range, false) }
    switch self {
    case .regex(let program):
      var matcher = RegexMatcher(program)
      matcher.split(text, range, body)
    case .gpt2(let splitter):
      let text = text.slice(0..<range.upperBound)
      var start = range.lowerBound
      while start < range.upperBound {
        let end = splitter.end(ofWordAt: start, in: text)
        body(start..<end, true)
        start = end
      }
    case .text(let sought): Self.split(at: sought, text, range, body)
    case .character(let set):
      var covered = range.lowerBound
      var at = range.lowerBound
      while at < range.upperBound {
        let (scalar, length) = text.scalar(at: at)
        let end = min(range.upperBound, at + max(1, length))
        if set.contains(scalar) {
          if covered < at { body(covered..<at, false) }
          body(at..<end, true)
          covered = end
        }
        at = end
      }
      if covered < range.upperBound { body(covered..<range.upperBound, false) }
    }
  }

  private static func split(
    at sought: [UInt8], _ text: Bytes, _ range: Range<Int>,
    _ body: (_ part: Range<Int>, _ isMatch: Bool) -> Void
  ) {
    var covered = range.lowerBound
    var at = range.lowerBound
    while at + sought.count <= range.upperBound {
      guard text[at] == sought[0], matches(sought, text, at) else {
        at += 1
        continue
      }
      if covered < at { body(covered..<at, false) }
      at += sought.count
      body(at - sought.count..<at, true)
      covered = at
    }
    if covered < range.upperBound { body(covered..<range.upperBound, false) }
  }

  private static func matches(_ sought: [UInt8], _ text: Bytes, _ at: Int) -> Bool {
    for index in sought.indices where text[at + index] != sought[index] { return false }
    return true
  }
}

/// A set of characters that is fast to test, since it is asked for every character of a text.
struct ScalarLookup: Sendable {
  private let set: ScalarSet
  private let ascii: [Bool]

  init(_ set: ScalarSet) {
    self.set = set
    ascii = (UInt32(0)..<0x80).map(set.contains)
  }

  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool {
    scalar < 0x80 ? ascii[Int(scalar)] : set.contains(scalar)
  }
}
