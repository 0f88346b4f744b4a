/// A token that is found in the text before words are cut and merged.
struct AddedToken: Sendable {
  var id: Int32
  var content: String
  /// Only where no word character stands beside it.
  var isSingleWord: Bool
  /// Takes the white space in front of it along.
  var stripsLeft: Bool
  /// Takes the white space behind it along; never set for a token that is white space itself.
  var stripsRight: Bool
  /// Sought in normalized text; otherwise in the text as it is.
  var isNormalized: Bool
  var isSpecial: Bool
}

/// Finds added tokens: the leftmost, and of those that start there the longest.
///
/// Follows `AddedVocabulary::find_matches` of `tokenizers`, overlaps included.
struct AddedTokens: Sendable {
  private let tokens: [AddedToken]
  /// The place in `tokens` of each pattern.
  private var patterns: ByteTrie
  private let unicode = UnicodeTables.shared

  /// - Parameter patterns: what each token is sought as; of equal patterns the first counts.
  init(_ tokens: [AddedToken], patterns: [[UInt8]]) {
    self.tokens = tokens
    self.patterns = ByteTrie(byteCount: patterns.reduce(0) { $0 + $1.count })
    for (index, pattern) in patterns.enumerated() {
      self.patterns.insert(pattern, value: Int32(index))
    }
  }

  /// Covers `text[range]` with added tokens and what lies between them, in order.
  ///
  /// - Complexity: O(n·m) for tokens of at most m bytes.
  func split(_ text: Bytes, _ range: Range<Int>, _ body: (Range<Int>, AddedToken?) -> Void) {
    if tokens.isEmpty {
      if !range.isEmpty { body(range, nil) }
      return
    }
    var covered = range.lowerBound
    var at = range.lowerBound
    while at < range.upperBound {
      guard let (end, token) = match(at: at, in: text, to: range.upperBound) else {
        at += 1
        continue
      }
      let found = at..<end
      at = end
      if token.isSingleWord && touchesWord(found, in: text, range) { continue }
      var lower = found.lowerBound
      var upper = found.upperBound
      if token.stripsLeft {
        while lower > covered {
          let start = text.scalarStart(lower - 1)
          if unicode.kind(of: text.scalar(at: start).value) != .space { break }
          lower = start
        }
        lower = max(lower, covered)
      }
      if token.stripsRight {
        while upper < range.upperBound {
          let (scalar, length) = text.scalar(at: upper)
          if unicode.kind(of: scalar) != .space { break }
          upper += length
        }
      }
      if covered < lower { body(covered..<lower, nil) }
      if lower < upper { body(lower..<upper, token) }
      covered = upper
    }
    if covered < range.upperBound { body(covered..<range.upperBound, nil) }
  }

  private func match(at start: Int, in text: Bytes, to limit: Int) -> (end: Int, AddedToken)? {
    var found: (end: Int, place: Int32)?
    patterns.matches(text, from: start, to: limit) { end, place in found = (end, place) }
    return found.map { ($0.end, tokens[Int($0.place)]) }
  }

  private func touchesWord(_ found: Range<Int>, in text: Bytes, _ range: Range<Int>) -> Bool {
    if found.lowerBound > range.lowerBound {
      let before = text.scalarStart(found.lowerBound - 1)
      if unicode.isWord(text.scalar(at: before).value) { return true }
    }
    return found.upperBound < range.upperBound
      && unicode.isWord(text.scalar(at: found.upperBound).value)
  }
}
