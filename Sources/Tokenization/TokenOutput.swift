/// The model of a tokenizer, which turns words into tokens.
enum TokenModel: Sendable {
  case merges(BytePairEncoder)
  case unigram(UnigramEncoder)
}

/// Collects the tokens of one text.
struct TokenOutput {
  private(set) var tokens: [Token] = []
  private var scratch = BytePairEncoder.Scratch()
  private let text: Bytes
  private let trims: OffsetTrims

  init(text: Bytes, trims: OffsetTrims) {
    self.text = text
    self.trims = trims
    tokens.reserveCapacity(text.count / 4)
  }

  /// Appends the tokens of the word in `range` of `part`.
  @inline(__always)
  mutating func append(_ range: Range<Int>, of part: AlignedText, model: TokenModel) {
    switch model {
    case .merges(let encoder):
      var scratch = BytePairEncoder.Scratch()
      swap(&scratch, &self.scratch)
      encoder.encode(part.bytes, range, &scratch) { append($0, $1, of: part) }
      swap(&scratch, &self.scratch)
    case .unigram(let encoder):
      encoder.encode(part.bytes, range) { id, range in
        if id == encoder.unknown {
          // Like an added token, an unknown token is spelled as the text it stands for.
          append(added: id, range, of: part)
        } else {
          append(id, range, of: part)
        }
      }
    }
  }

  /// Appends the token that covers `range` of `part`.
  @inline(__always)
  private mutating func append(_ id: Int32, _ range: Range<Int>, of part: AlignedText) {
    append(id, range, of: part, trims.isEmpty ? (0, 0) : trims.spaces(around: id))
  }

  /// Appends an added token; its spelling is the text that it stands for.
  mutating func append(added id: Int32, _ range: Range<Int>, of part: AlignedText) {
    append(
      id, range, of: part,
      trims.isEmpty ? (0, 0) : OffsetTrims.spaces(around: part.bytes.slice(range)))
  }

  @inline(__always)
  private mutating func append(
    _ id: Int32, _ range: Range<Int>, of part: AlignedText, _ spaces: (leading: Int, trailing: Int)
  ) {
    var lower = part.span(range.lowerBound).lower
    var upper = max(lower, part.span(range.upperBound - 1).upper)
    for mindsPrefix in trims.passes where spaces != (0, 0) {
      let isFirst = tokens.isEmpty || lower == 0
      var leading = isFirst && mindsPrefix && spaces.leading == 1 ? 0 : spaces.leading
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
}

/// Removes white space from the offsets of tokens, like `process_offsets` of `tokenizers`.
struct OffsetTrims: Sendable {
  /// For each pass, whether it keeps a single space at the start of the text.
  let passes: [Bool]
  /// For each id, the number of white-space characters at the start and the end of its spelling.
  private var counts: [(leading: UInt16, trailing: UInt16)] = []

  var isEmpty: Bool { passes.isEmpty }

  init(passes: [Bool], _ vocabulary: Vocabulary) {
    self.passes = passes
    if passes.isEmpty { return }
    counts = (0..<Int32(vocabulary.size)).map { id in
      guard let spelling = vocabulary.spelling(of: id) else { return (0, 0) }
      let spaces = spelling.withUnsafeBufferPointer(Self.spaces)
      return (UInt16(clamping: spaces.leading), UInt16(clamping: spaces.trailing))
    }
  }

  @inline(__always)
  func spaces(around id: Int32) -> (leading: Int, trailing: Int) {
    let count = counts[Int(id)]
    return (Int(count.leading), Int(count.trailing))
  }

  /// Counts the white space around a token. Ġ counts too, even in an added token.
  static func spaces(around token: Bytes) -> (leading: Int, trailing: Int) {
    let unicode = UnicodeTables.shared
    let isSpace = String(decoding: token, as: UTF8.self).unicodeScalars.map {
      $0 == "Ġ" || unicode.kind(of: $0.value) == .space
    }
    return (isSpace.prefix { $0 }.count, isSpace.reversed().prefix { $0 }.count)
  }
}
