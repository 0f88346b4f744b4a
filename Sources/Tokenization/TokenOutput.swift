/// The tokens of one text as they are found.
struct TokenOutput {
  private(set) var tokens: [Token] = []
  private var scratch = BytePairEncoder.Scratch()
  private let text: Bytes
  private let trims: [Bool]

  /// - Parameter trims: for each pass that takes white space off the offsets, whether it leaves a
  ///   single space at the start alone.
  init(text: Bytes, trims: [Bool]) {
    self.text = text
    self.trims = trims
    tokens.reserveCapacity(text.count / 4)
  }

  /// Appends the tokens of the word in `range` of `part`.
  mutating func append(_ range: Range<Int>, of part: AlignedText, encoder: BytePairEncoder) {
    encoder.encode(part.bytes, range, &scratch)
    var at = 0
    while at < scratch.symbols.count {
      let symbol = scratch.symbols[at]
      append(symbol.id, symbol.start..<symbol.end, of: part, isAdded: false)
      at = symbol.next
    }
  }

  /// Appends the token that covers `range` of `part`.
  mutating func append(_ id: Int32, _ range: Range<Int>, of part: AlignedText, isAdded: Bool) {
    let last = part.source(range.upperBound - 1)
    var lower = part.source(range.lowerBound)
    var upper = last + text.scalar(at: last).length
    for keepsPrefix in trims {
      let spaces = Self.spaces(around: part.bytes.slice(range), isAdded: isAdded)
      let isFirst = tokens.isEmpty || lower == 0
      var leading = isFirst && keepsPrefix && spaces.leading == 1 ? 0 : spaces.leading
      while leading > 0, lower < upper {
        lower += text.scalar(at: lower).length
        leading -= 1
      }
      lower = min(lower, upper)
      var end = upper
      var trailing = spaces.trailing
      while trailing > 0, end > 0 {
        end = text.scalarStart(end - 1)
        trailing -= 1
      }
      if trailing == 0 { upper = max(end, lower) }
    }
    tokens.append(Token(id: id, range: lower..<upper))
  }

  /// How many characters of white space a token starts and ends with.
  ///
  /// Follows `process_offsets` of `tokenizers`: it looks at the token as it is printed, so that Ġ
  /// counts in an added token.
  private static func spaces(around token: Bytes, isAdded: Bool) -> (leading: Int, trailing: Int) {
    guard isAdded else {
      let leading = token.prefix { $0 == UInt8(ascii: " ") }.count
      return (leading, token.reversed().prefix { $0 == UInt8(ascii: " ") }.count)
    }
    let unicode = UnicodeTables.shared
    let isSpace = String(decoding: token, as: UTF8.self).unicodeScalars.map {
      $0 == "Ġ" || unicode.kind(of: $0.value) == .space
    }
    return (isSpace.prefix { $0 }.count, isSpace.reversed().prefix { $0 }.count)
  }
}
