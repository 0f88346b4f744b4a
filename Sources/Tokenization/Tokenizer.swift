import Storage

/// A token of a text.
package struct Token: Sendable, Equatable {
  package let id: Int32
  /// The range of bytes of the original text that the token stands for. It covers whole characters,
  /// so tokens that share a character overlap. It excludes leading white space if the file says so.
  package let range: Range<Int>

  package init(id: Int32, range: Range<Int>) {
    self.id = id
    self.range = range
  }
}

/// A tokenizer read from a `tokenizer.json`. Its tokens equal those of Hugging Face `tokenizers`
/// 0.21.
package struct Tokenizer: Sendable {
  /// One more than the largest id.
  package let vocabularySize: Int
  /// The tokens that the file's post-processor puts before every text, such as `<s>`.
  package let front: [Int32]
  /// The tokens that the file's post-processor puts after every text.
  package let back: [Int32]
  /// The token for the beginning of a text: `bos_token` of `tokenizer_config.json`, or else its
  /// `eos_token`; `<|endoftext|>` if there is no such file.
  package let bos: Int32?
  /// The token for the end of a text and for padding: `eos_token`, or else `bos`.
  package let eos: Int32?
  /// The ids of all special tokens, in order.
  package let special: [Int32]

  let vocabulary: Vocabulary
  let decoder: Decoder
  private let model: TokenModel
  private let normalizer: Normalizer?
  private let preTokenizers: [PreTokenizer]
  /// The last step, if it spells bytes: words are split by it, but the model reads the bytes
  /// directly.
  private let byteStep: (addsPrefixSpace: Bool, pattern: Pattern?)?
  /// The added tokens that are searched in the original text.
  private let rawTokens: AddedTokens
  /// The added tokens that are searched in normalized text.
  private let normalizedTokens: AddedTokens
  private let trims: OffsetTrims

  /// Reads a `tokenizer.json`.
  ///
  /// - Parameter configuration: the `tokenizer_config.json` beside it, if there is one.
  /// - Throws: `Diagnostic` of kind `.data` that names the field, for anything invalid or not
  ///   supported.
  package init(_ file: FileBytes, configuration: TokenizerConfiguration? = nil) throws {
    try self.init(TokenizerFile(file), configuration: configuration)
  }

  init(_ source: TokenizerFile, configuration: TokenizerConfiguration?) throws {
    let kind = try source.modelKind()
    var (vocabulary, scores) = try source.vocabulary(kind)
    normalizer = try source.normalizer()
    var steps = try source.preTokenizers()
    switch kind {
    case .merges:
      let encoder: BytePairEncoder
      if case .byteLevel(let addsPrefixSpace, let pattern)? = steps.last {
        encoder = try source.bytePairs(vocabulary, isByteLevel: true)
        if case .bytes = encoder.alphabet {
          steps.removeLast()
          byteStep = (addsPrefixSpace, pattern)
        } else {
          byteStep = nil
        }
      } else {
        encoder = try source.bytePairs(vocabulary, isByteLevel: false)
        byteStep = nil
      }
      model = .merges(encoder)
    case .unigram:
      model = .unigram(try source.unigram(vocabulary, scores: scores))
      byteStep = nil
    }
    preTokenizers = steps
    decoder = try source.decoder()
    let added = try source.addedTokens(&vocabulary)
    let surroundings = try source.surroundings(vocabulary)
    front = surroundings.front
    back = surroundings.back
    trims = OffsetTrims(passes: surroundings.trims, vocabulary)
    special = added.filter(\.isSpecial).map(\.id).sorted()
    let ordered = added.filter(\.isSpecial) + added.filter { !$0.isSpecial }
    let raw = ordered.filter { !$0.isNormalized }
    rawTokens = AddedTokens(raw, patterns: raw.map { Array($0.content.utf8) })
    let normalized = ordered.filter(\.isNormalized)
    normalizedTokens = AddedTokens(
      normalized, patterns: normalized.map { [normalizer] in Self.pattern($0, normalizer) })
    let beginning = configuration.map { $0.bos ?? $0.eos } ?? "<|endoftext|>"
    let bos = beginning.flatMap { vocabulary.id(of: $0) }
    self.bos = bos
    eos = configuration?.eos.flatMap { vocabulary.id(of: $0) } ?? bos
    self.vocabulary = vocabulary
    vocabularySize = vocabulary.size
  }

  /// The bytes to search for a token in normalized text.
  private static func pattern(_ token: AddedToken, _ normalizer: Normalizer?) -> [UInt8] {
    var content = token.content
    return content.withUTF8 { bytes in
      let text = AlignedText(original: bytes)
      return normalizer?.normalize(text, 0..<bytes.count)?.bytes ?? Array(bytes)
    }
  }

  /// The tokens in front of a text that should start as in training: those of the file's
  /// post-processor, or else BOS; empty if there is neither.
  package var beginning: [Int32] { front.isEmpty ? bos.map { [$0] } ?? [] : front }

  /// The id of the token that is spelled so.
  package func id(of spelling: String) -> Int32? { vocabulary.id(of: spelling) }

  // MARK: - Text to tokens

  /// The tokens of a text, without `front` and `back`.
  ///
  /// - Complexity: O(n log n) in the bytes of the text.
  package func encode(_ text: String) -> [Token] {
    var text = text
    return text.withUTF8 { encode(UnsafeRawBufferPointer($0)) }
  }

  /// The tokens of valid UTF-8, without `front` and `back`.
  ///
  /// - Complexity: O(n log n) in the bytes of the text.
  package func encode(_ utf8: UnsafeRawBufferPointer) -> [Token] {
    utf8.withMemoryRebound(to: UInt8.self) { bytes in
      let text = AlignedText(original: bytes)
      var output = TokenOutput(text: bytes, trims: trims)
      rawTokens.split(bytes, 0..<bytes.count) { range, token in
        if let token {
          output.append(added: token.id, range, of: text)
        } else if let changed = normalizer?.normalize(text, range) {
          changed.withView { encode($0, 0..<changed.bytes.count, to: &output) }
        } else {
          encode(text, range, to: &output)
        }
      }
      return output.tokens
    }
  }

  /// Encodes a part of the normalized text without added tokens of the original text.
  private func encode(_ text: AlignedText, _ range: Range<Int>, to output: inout TokenOutput) {
    normalizedTokens.split(text.bytes, range) { range, token in
      if let token {
        output.append(added: token.id, range, of: text)
      } else {
        let isFirst = text.span(range.lowerBound).lower == 0
        cut(.init(text: text, range: range, isFirst: isFirst), from: 0, to: &output)
      }
    }
  }

  /// Splits a piece by the steps from `step` on, and encodes the words.
  private func cut(_ piece: PreTokenizer.Piece, from step: Int, to output: inout TokenOutput) {
    if step < preTokenizers.count {
      preTokenizers[step].cut(piece) { cut($0, from: step + 1, to: &output) }
    } else if let byteStep {
      PreTokenizer.cutWords(
        piece, addsPrefixSpace: byteStep.addsPrefixSpace, byteStep.pattern
      ) { output.append($0.range, of: $0.text, model: model) }
    } else {
      output.append(piece.range, of: piece.text, model: model)
    }
  }

  // MARK: - Tokens to text

  /// The bytes that a token stands for in the middle of a text; nil for an id without a token.
  package func bytes(of id: Int32) -> [UInt8]? {
    vocabulary.spelling(of: id).map { decoder.bytes(of: Array($0)) }
  }

  /// A token as TransformerLens prints it: U+FFFD for bytes that are not a character by themselves,
  /// `<id N>` for an id without a token.
  package func string(of id: Int32) -> String {
    vocabulary.spelling(of: id).map {
      String(decoding: decoder.text(of: [Array($0)]), as: UTF8.self)
    } ?? "<id \(id)>"
  }

  /// A token as its file spells it, or `<id N>` for an id without a token.
  package func spelling(of id: Int32) -> String {
    vocabulary.spelling(of: id).map { String(decoding: $0, as: UTF8.self) } ?? "<id \(id)>"
  }

  /// The text of some tokens, special ones included; ids without a token are left out.
  package func decode(_ ids: [Int32]) -> String {
    let tokens = ids.compactMap { vocabulary.spelling(of: $0).map(Array.init) }
    return String(decoding: decoder.text(of: tokens), as: UTF8.self)
  }
}
