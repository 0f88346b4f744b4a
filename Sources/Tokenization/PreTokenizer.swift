/// One step in splitting a text into words, the units that the model encodes.
enum PreTokenizer: Sendable {
  /// Spells every byte as a character (`ByteAlphabet`), after splitting by `pattern` if there is
  /// one.
  case byteLevel(addsPrefixSpace: Bool, pattern: Pattern?)
  case split(Pattern, SplitBehavior, isInverted: Bool)
  case metaspace(Metaspace)

  /// Replaces spaces by a character, and may add one in front.
  struct Metaspace: Sendable {
    enum Scheme: String, Sendable, CaseIterable {
      case first, never, always
    }

    var replacement: Unicode.Scalar
    var scheme: Scheme
    /// Whether a new word begins at each replacement.
    var splits: Bool
  }

  /// A part of the text between two steps.
  struct Piece {
    var text: AlignedText
    var range: Range<Int>
    /// Whether the part is at the start of the original text.
    var isFirst: Bool
  }

  /// Calls `body` with each part into which the step splits a piece, in order; no part is empty.
  func cut(_ piece: Piece, _ body: (Piece) -> Void) {
    switch self {
    case .split(let pattern, let behavior, let isInverted):
      Self.split(piece, at: pattern, behavior, isInverted: isInverted, body)
    case .byteLevel(let addsPrefixSpace, let pattern):
      Self.cutWords(piece, addsPrefixSpace: addsPrefixSpace, pattern) { word in
        guard let spelled = ByteAlphabet.spelled(word.text, word.range) else { return }
        spelled.withView {
          body(Piece(text: $0, range: 0..<spelled.bytes.count, isFirst: word.isFirst))
        }
      }
    case .metaspace(let metaspace): Self.cut(piece, metaspace, body)
    }
  }

  /// Splits a piece as `byteLevel` does, but keeps its bytes instead of spelling them.
  static func cutWords(
    _ piece: Piece, addsPrefixSpace: Bool, _ pattern: Pattern?, _ body: (Piece) -> Void
  ) {
    guard addsPrefixSpace, piece.text.bytes[piece.range.lowerBound] != UInt8(ascii: " "),
      let prefixed = Normalizer.prepended([0x20], to: piece.text, piece.range)
    else { return cutWords(piece, pattern, body) }
    prefixed.withView {
      let range = 0..<prefixed.bytes.count
      cutWords(Piece(text: $0, range: range, isFirst: piece.isFirst), pattern, body)
    }
  }

  private static func cutWords(_ piece: Piece, _ pattern: Pattern?, _ body: (Piece) -> Void) {
    guard let pattern else { return body(piece) }
    split(piece, at: pattern, .isolated, isInverted: false, body)
  }

  private static func split(
    _ piece: Piece, at pattern: Pattern, _ behavior: SplitBehavior, isInverted: Bool,
    _ body: (Piece) -> Void
  ) {
    let text = piece.text
    behavior.split(text.bytes, piece.range, at: pattern, isInverted: isInverted) { part in
      // A part is the first of the text if its first character comes from offset 0 of the original.
      body(Piece(text: text, range: part, isFirst: text.span(part.lowerBound).lower == 0))
    }
  }

  private static func cut(_ piece: Piece, _ metaspace: Metaspace, _ body: (Piece) -> Void) {
    let mark = metaspace.replacement
    let bytes = Array(UTF8.encode(mark) ?? UTF8.encodedReplacementCharacter)
    func finish(_ piece: Piece) {
      guard metaspace.splits else { return body(piece) }
      split(piece, at: .text(bytes), .mergedWithNext, isInverted: false, body)
    }
    func prefix(_ piece: Piece) {
      let isMarked = piece.text.bytes.slice(piece.range).starts(with: bytes)
      let adds =
        switch metaspace.scheme {
        case .always: !isMarked
        case .first: !isMarked && piece.isFirst
        case .never: false
        }
      guard adds, let new = Normalizer.prepended([mark.value], to: piece.text, piece.range) else {
        return finish(piece)
      }
      new.withView {
        finish(Piece(text: $0, range: 0..<new.bytes.count, isFirst: piece.isFirst))
      }
    }
    let replacing = Normalizer.replace(.text([UInt8(ascii: " ")]), with: [mark.value])
    guard let new = replacing.normalize(piece.text, piece.range) else { return prefix(piece) }
    new.withView { prefix(Piece(text: $0, range: 0..<new.bytes.count, isFirst: piece.isFirst)) }
  }
}
