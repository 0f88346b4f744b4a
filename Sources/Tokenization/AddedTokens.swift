/// A token that is looked up in the text before the text is split into words.
struct AddedToken: Sendable {
  var id: Int32
  var content: String
  /// Whether the token matches only without word characters beside it.
  var isSingleWord: Bool
  /// Whether the token includes the white space before it.
  var stripsLeft: Bool
  /// Whether the token includes the white space after it; never true for a token that is white
  /// space.
  var stripsRight: Bool
  /// Whether the token is searched in the normalized text; otherwise in the original text.
  var isNormalized: Bool
  var isSpecial: Bool
}

/// Finds added tokens: the leftmost match, and of several that start there the longest.
///
/// The rules are those of `AddedVocabulary::find_matches` of `tokenizers`, also for overlaps.
struct AddedTokens: Sendable {
  private let tokens: [AddedToken]
  /// Maps the pattern of each token to its index in `tokens`.
  private var patterns: ByteTrie
  private let unicode = UnicodeTables.shared

  /// - Parameter patterns: the bytes to search for each token; of equal patterns the first counts.
  init(_ tokens: [AddedToken], patterns: [[UInt8]]) {
    self.tokens = tokens
    self.patterns = ByteTrie(byteCount: patterns.reduce(0) { $0 + $1.count })
    for (index, pattern) in patterns.enumerated() {
      self.patterns.insert(pattern, value: Int32(index))
    }
  }

  /// Divides `text[range]` into added tokens and the parts between them, and calls `body` with
  /// each.
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
