/// How tokens are turned back into text.
indirect enum Decoder: Sendable {
  case byteLevel
  /// Turns the token `<0x0A>` into the byte 0A.
  case byteFallback
  case fuse
  /// Removes a character up to a number of times from the start and the end of each token.
  case strip(UInt32, start: Int, stop: Int)
  case replace(Pattern, with: [UInt8])
  /// Turns the replacement character into a space, or removes it in the first token.
  case metaspace(UInt32, dropsFirst: Bool)
  /// Turns the suffix of a word into a space, or removes it at the end of the text.
  case suffix([UInt8])
  case sequence([Decoder])
  /// Joins the tokens with spaces.
  case spaced

  /// Decodes tokens to text in UTF-8.
  func text(of tokens: [[UInt8]]) -> [UInt8] {
    if case .spaced = self { return Array(tokens.joined(separator: [UInt8(ascii: " ")])) }
    return Array(decoded(tokens).joined())
  }

  /// Applies a decoding step like `decode_chain` of `tokenizers`.
  private func decoded(_ tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      let bytes = tokens.flatMap { ByteAlphabet.bytes(of: $0) }
      return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    case .byteFallback: return Self.joiningBytes(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .sequence(let steps): return steps.reduce(tokens) { $1.decoded($0) }
    case .spaced: return tokens
    case .strip(let scalar, let start, let stop):
      return tokens.map { token in
        var scalars = Array(String(decoding: token, as: UTF8.self).unicodeScalars)[...]
        for _ in 0..<start where scalars.first?.value == scalar { scalars.removeFirst() }
        for _ in 0..<stop where scalars.last?.value == scalar { scalars.removeLast() }
        return Array(String(String.UnicodeScalarView(scalars)).utf8)
      }
    case .metaspace, .replace, .suffix:
      return tokens.enumerated().map { index, token in
        replaced(token, isFirst: index == 0, isLast: index == tokens.count - 1)
      }
    }
  }

  /// Decodes one token from the middle of a text, so that nothing is removed from its ends.
  func bytes(of token: [UInt8]) -> [UInt8] {
    switch self {
    case .byteLevel: ByteAlphabet.bytes(of: token)
    case .byteFallback: Self.byte(token).map { [$0] } ?? token
    case .fuse, .strip, .spaced: token
    case .sequence(let steps): steps.reduce(token) { $1.bytes(of: $0) }
    case .metaspace, .replace, .suffix: replaced(token, isFirst: false, isLast: false)
    }
  }

  private func replaced(_ token: [UInt8], isFirst: Bool, isLast: Bool) -> [UInt8] {
    let pattern: Pattern
    let content: [UInt8]
    switch self {
    case .replace(let sought, let new): (pattern, content) = (sought, new)
    case .suffix(let suffix):
      (pattern, content) = (.text(suffix), isLast ? [] : [UInt8(ascii: " ")])
    case .metaspace(let mark, let dropsFirst):
      let scalar = Unicode.Scalar(mark) ?? " "
      pattern = .text(Array(String(scalar).utf8))
      content = isFirst && dropsFirst ? [] : [UInt8(ascii: " ")]
    default: return token
    }
    var result: [UInt8] = []
    token.withUnsafeBufferPointer { text in
      pattern.split(text, 0..<text.count) { part, isMatch in
        if isMatch { result += content } else { result += text[part] }
      }
    }
    return result
  }

  /// Decodes runs of byte tokens as UTF-8; if a run is invalid, each byte becomes U+FFFD.
  private static func joiningBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var open: [UInt8] = []
    func close() {
      guard !open.isEmpty else { return }
      if String(validating: open, as: UTF8.self) != nil {
        result.append(open)
      } else {
        result += open.map { _ in Array("\u{FFFD}".utf8) }
      }
      open = []
    }
    for token in tokens {
      if let byte = byte(token) {
        open.append(byte)
      } else {
        close()
        result.append(token)
      }
    }
    close()
    return result
  }

  /// The byte of a token like `<0x0A>`; nil for other tokens.
  private static func byte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }
}
