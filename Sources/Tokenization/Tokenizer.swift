import Storage

/// A token of a text.
package struct Token: Sendable, Equatable {
  package let id: Int32
  /// The bytes of the original text that it stands for: always whole characters, so that tokens
  /// that share a character overlap; without the white space in front when the file says so.
  package let range: Range<Int>

  package init(id: Int32, range: Range<Int>) {
    self.id = id
    self.range = range
  }
}

/// Byte-level BPE from a `tokenizer.json`, token for token what Hugging Face `tokenizers` 0.21
/// gives.
package struct Tokenizer: Sendable {
  /// One more than the largest id.
  package let vocabularySize: Int
  /// `<|endoftext|>`, which stands in front of every document as BOS.
  package let endOfText: Int32

  private let vocabulary: Vocabulary
  private let encoder: BytePairEncoder
  private let composer: CanonicalComposer?
  private let splitter: WordSplitter?
  private let addsPrefixSpace: Bool
  /// Sought in the text as it is.
  private let rawTokens: AddedTokens
  /// Sought in normalized text.
  private let normalizedTokens: AddedTokens
  private let offsetTrims: [Bool]

  /// Reads a `tokenizer.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field for anything that is not sound or
  ///   not supported.
  package init(_ file: FileBytes) throws {
    let source = try TokenizerFile(file)
    var vocabulary = try source.vocabulary()
    encoder = try source.encoder(vocabulary)
    let added = try source.addedTokens(&vocabulary)
    let composer = try source.normalizes() ? CanonicalComposer() : nil
    var raw = AddedTokens()
    var normalized = AddedTokens()
    for token in added.filter(\.isSpecial) + added.filter({ !$0.isSpecial }) {
      var content = token.content
      content.withUTF8 { bytes in
        if !token.isNormalized {
          raw.insert(token, as: bytes)
        } else if let changed = composer?.normalize(bytes, 0..<bytes.count) {
          normalized.insert(token, as: changed.bytes)
        } else {
          normalized.insert(token, as: bytes)
        }
      }
    }
    let cutting = try source.preTokenizer()
    guard let endOfText = vocabulary.id(of: "<|endoftext|>") else {
      throw source.fault(
        "added_tokens", "the token <|endoftext|>, which starts every document", "no such token")
    }
    self.endOfText = endOfText
    self.vocabulary = vocabulary
    self.composer = composer
    vocabularySize = vocabulary.size
    rawTokens = raw
    normalizedTokens = normalized
    splitter = cutting.usesPattern ? WordSplitter() : nil
    addsPrefixSpace = cutting.addsPrefixSpace
    offsetTrims = try source.offsetTrims()
  }

  // MARK: - Text to tokens

  /// The tokens of a text, without BOS.
  ///
  /// - Complexity: O(n log n) in the bytes of the text.
  package func encode(_ text: String) -> [Token] {
    var text = text
    return text.withUTF8 { encode(UnsafeRawBufferPointer($0)) }
  }

  /// The tokens of valid UTF-8, without BOS.
  ///
  /// - Complexity: O(n log n) in the bytes of the text.
  package func encode(_ utf8: UnsafeRawBufferPointer) -> [Token] {
    utf8.withMemoryRebound(to: UInt8.self) { text in
      var output = TokenOutput(text: text, trims: offsetTrims)
      rawTokens.split(text, 0..<text.count) { range, token in
        if let token {
          output.append(token.id, range, of: AlignedText(bytes: text, sources: nil), isAdded: true)
        } else if let changed = composer?.normalize(text, range) {
          changed.bytes.withUnsafeBufferPointer {
            let all = 0..<changed.bytes.count
            encode(AlignedText(bytes: $0, sources: changed.sources), all, to: &output)
          }
        } else {
          encode(AlignedText(bytes: text, sources: nil), range, to: &output)
        }
      }
      return output.tokens
    }
  }

  /// Encodes a stretch of normalized text that holds no unnormalized added token.
  private func encode(_ text: AlignedText, _ range: Range<Int>, to output: inout TokenOutput) {
    normalizedTokens.split(text.bytes, range) { range, token in
      if let token {
        output.append(token.id, range, of: text, isAdded: true)
      } else if addsPrefixSpace, text.bytes[range.lowerBound] != UInt8(ascii: " ") {
        let bytes = [UInt8(ascii: " ")] + text.bytes[range]
        let sources = range.map(text.source)
        bytes.withUnsafeBufferPointer {
          let prefixed = AlignedText(bytes: $0, sources: sources.prefix(1) + sources)
          encodeWords(prefixed, 0..<bytes.count, to: &output)
        }
      } else {
        encodeWords(text, range, to: &output)
      }
    }
  }

  private func encodeWords(_ text: AlignedText, _ range: Range<Int>, to output: inout TokenOutput) {
    let stretch = text.bytes.slice(0..<range.upperBound)
    var start = range.lowerBound
    while start < range.upperBound {
      let end = splitter?.end(ofWordAt: start, in: stretch) ?? range.upperBound
      output.append(start..<end, of: text, encoder: encoder)
      start = end
    }
  }

  // MARK: - Tokens to text

  /// The bytes that a token stands for, or nil for an id without a token.
  package func bytes(of id: Int32) -> [UInt8]? { vocabulary.bytes(of: id).map(Array.init) }

  /// A token as TransformerLens prints it: U+FFFD for bytes that are no character by themselves,
  /// `<id N>` for an id without a token.
  package func string(of id: Int32) -> String {
    vocabulary.bytes(of: id).map { String(decoding: $0, as: UTF8.self) } ?? "<id \(id)>"
  }

  /// The text of tokens, special ones included; ids without a token give nothing.
  package func decode(_ ids: [Int32]) -> String {
    String(decoding: ids.flatMap { vocabulary.bytes(of: $0) ?? [] }, as: UTF8.self)
  }
}
