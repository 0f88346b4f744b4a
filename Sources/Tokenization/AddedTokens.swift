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
  private var tokens: [AddedToken] = []
  /// Which bytes start a token.
  private var starts = [Bool](repeating: false, count: 256)
  /// The trie: node and byte to node; the root is 0.
  private var edges: [Edge: Int] = [:]
  /// By node, the token that ends there.
  private var ends: [Int?] = [nil]
  private let unicode = UnicodeTables.shared

  private struct Edge: Hashable {
    var node: Int
    var byte: UInt8
  }

  /// Adds a token that is sought as `pattern`; of equal patterns the first one counts.
  mutating func insert(_ token: AddedToken, as pattern: some Sequence<UInt8>) {
    var node = 0
    for byte in pattern {
      let edge = Edge(node: node, byte: byte)
      if node == 0 { starts[Int(byte)] = true }
      if let next = edges[edge] {
        node = next
      } else {
        node = ends.count
        edges[edge] = node
        ends.append(nil)
      }
    }
    guard node != 0, ends[node] == nil else { return }
    ends[node] = tokens.count
    tokens.append(token)
  }

  /// Covers `text[range]` with added tokens and what lies between them, in order.
  ///
  /// - Complexity: O(n·m) for tokens of at most m bytes.
  func split(_ text: Bytes, _ range: Range<Int>, _ body: (Range<Int>, AddedToken?) -> Void) {
    var covered = range.lowerBound
    var at = range.lowerBound
    while at < range.upperBound {
      guard starts[Int(text[at])], let (end, token) = match(at: at, in: text, to: range.upperBound)
      else {
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
    var node = 0
    var found: (Int, AddedToken)?
    for index in start..<limit {
      guard let next = edges[Edge(node: node, byte: text[index])] else { break }
      node = next
      if let token = ends[node] { found = (index + 1, tokens[token]) }
    }
    return found
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
