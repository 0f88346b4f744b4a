import Diagnostics
import JSON

extension Tokenizer {
  /// Makes the tokenizer that the metadata of a GGUF file describes.
  ///
  /// - Parameter metadata: the file's keys and values, an object.
  /// - Throws: `Diagnostic` of kind `.data` that names an unknown kind of tokenizer or of splitting
  ///   words.
  package init(gguf metadata: JSON, file: String) throws {
    let source = GGUFTokenizer(metadata: metadata, file: file)
    let tokens = try source.tokens()
    try self.init(
      TokenizerFile(file: file, fields: try source.fields(tokens)),
      configuration: try source.configuration(tokens))
  }
}

/// Translates the `tokenizer.ggml` keys of a GGUF file into the fields of a `tokenizer.json`.
private struct GGUFTokenizer {
  let metadata: JSON
  let file: String

  /// The type of a token in `tokenizer.ggml.token_type`.
  private enum TokenType: Int {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  private func value(_ key: String) -> JSON { metadata["tokenizer.ggml." + key] ?? .null }

  private func fault(_ key: String, _ expected: String, _ advice: String? = nil) -> Diagnostic {
    Diagnostic(
      .data, file: file, field: "tokenizer.ggml." + key, expected: expected,
      found: value(key).summary, advice: advice ?? "Get the model's GGUF file again.")
  }

  // MARK: - Parts

  func fields(_ tokens: [String]) throws -> JSON {
    let types = try types(tokens.count)
    switch value("model").string {
    case "gpt2": return try byteLevel(tokens, types)
    case "llama": return try pieces(tokens, types)
    default:
      throw fault(
        "model", "gpt2 or llama", "Other tokenizers in GGUF files are not supported.")
    }
  }

  func configuration(_ tokens: [String]) throws -> TokenizerConfiguration {
    func token(_ key: String) throws -> String? {
      let id = value(key)
      if id.isNull { return nil }
      guard let place = id.integer, tokens.indices.contains(place) else {
        throw fault(key, "an id below \(tokens.count)")
      }
      return tokens[place]
    }
    return TokenizerConfiguration(
      bos: try token("bos_token_id"), eos: try token("eos_token_id"))
  }

  func tokens() throws -> [String] {
    guard let items = value("tokens").array, !items.isEmpty,
      items.count <= Vocabulary.largestID + 1
    else { throw fault("tokens", "a list of 1 to \(Vocabulary.largestID + 1) tokens") }
    var seen = Set<ByteKey>()
    return try items.map { item in
      guard let text = item.string, text.utf8.count <= 1024 else {
        throw fault("tokens", "strings of at most 1024 bytes")
      }
      guard seen.insert(ByteKey(text)).inserted else {
        throw fault("tokens", "each token once, not \"\(text.prefix(80))\" twice")
      }
      return text
    }
  }

  private func types(_ count: Int) throws -> [TokenType] {
    let list = value("token_type")
    if list.isNull { return Array(repeating: .normal, count: count) }
    let types = list.array?.compactMap { $0.integer.flatMap(TokenType.init(rawValue:)) }
    guard let types, types.count == count, list.array?.count == count else {
      throw fault("token_type", "\(count) numbers from 1 to 6")
    }
    return types
  }

  private func flag(_ key: String, default standard: Bool) throws -> Bool {
    let value = value(key)
    if value.isNull { return standard }
    guard let flag = value.bool else { throw fault(key, "true or false") }
    return flag
  }

  // MARK: - Kinds

  /// Byte-level BPE; `tokenizer.ggml.pre` names the way words are split.
  private func byteLevel(_ tokens: [String], _ types: [TokenType]) throws -> JSON {
    guard let name = value("pre").string, let cut = Self.cuts[name] else {
      throw fault(
        "pre", "one of \(Self.cuts.keys.sorted().joined(separator: ", "))",
        "How other tokenizers cut words is not known here.")
    }
    let level = Self.byteLevel(usesPattern: true)
    let merges = value("merges")
    guard merges.array != nil else { throw fault("merges", "a list of merges") }
    return .object([
      .init(key: "added_tokens", value: Self.added(tokens, types)),
      .init(key: "normalizer", value: cut.composes ? Self.type("NFC") : .null),
      .init(key: "pre_tokenizer", value: cut.steps),
      .init(
        key: "post_processor",
        value: try template(tokens, addsByDefault: name.hasPrefix("llama"))),
      .init(key: "decoder", value: level),
      .init(
        key: "model",
        value: .object([
          .init(key: "type", value: .string("BPE")), .init(key: "vocab", value: Self.ids(tokens)),
          .init(key: "merges", value: merges),
          // Llama 3 encodes a word that is a token without merging.
          .init(key: "ignore_merges", value: .bool(name.hasPrefix("llama"))),
        ])),
    ])
  }

  /// SentencePiece's BPE. Two neighbours may merge if their text is a token; the token with the
  /// highest score comes first. transformers derives the same merges (`generate_merges`).
  private func pieces(_ tokens: [String], _ types: [TokenType]) throws -> JSON {
    let list = value("scores")
    let scores = list.array?.compactMap(\.double) ?? []
    guard scores.count == tokens.count, scores.allSatisfy(\.isFinite) else {
      throw fault("scores", "\(tokens.count) finite numbers")
    }
    var steps: [JSON] = []
    if try flag("add_space_prefix", default: true) {
      steps.append(
        .object([
          .init(key: "type", value: .string("Prepend")), .init(key: "prepend", value: .string("▁")),
        ]))
    }
    steps.append(Self.replace(" ", with: "▁"))
    let unknown = value("unknown_token_id").integer ?? types.firstIndex(of: .unknown) ?? 0
    guard tokens.indices.contains(unknown) else {
      throw fault("unknown_token_id", "an id below \(tokens.count)")
    }
    let decoders: [JSON] = [
      Self.replace("▁", with: " "), Self.type("ByteFallback"), Self.type("Fuse"),
    ]
    let stripped = JSON.object([
      .init(key: "type", value: .string("Strip")), .init(key: "content", value: .string(" ")),
      .init(key: "start", value: .number("1")), .init(key: "stop", value: .number("0")),
    ])
    return .object([
      .init(key: "added_tokens", value: Self.added(tokens, types)),
      .init(key: "normalizer", value: Self.sequence("normalizers", steps)),
      .init(key: "post_processor", value: try template(tokens, addsByDefault: true)),
      .init(
        key: "decoder",
        value: Self.sequence("decoders", decoders + (steps.count > 1 ? [stripped] : []))),
      .init(
        key: "model",
        value: .object([
          .init(key: "type", value: .string("BPE")), .init(key: "vocab", value: Self.ids(tokens)),
          .init(key: "merges", value: Self.merges(tokens, scores)),
          .init(key: "unk_token", value: .string(tokens[unknown])),
          .init(key: "fuse_unk", value: .bool(true)),
          .init(key: "byte_fallback", value: .bool(true)),
        ])),
    ])
  }

  /// All ways to split a token into two tokens, for all tokens. The order is by the highest score,
  /// then the longest left part, then the longest right part.
  private static func merges(_ tokens: [String], _ scores: [Double]) -> JSON {
    struct Merge {
      var left: Int
      var right: Int
      var whole: Int
    }
    var places: [ByteKey: Int] = [:]
    for (id, token) in tokens.enumerated() { places[ByteKey(token)] = id }
    let lengths = tokens.map { $0.unicodeScalars.count }
    var merges: [Merge] = []
    for (whole, token) in tokens.enumerated() where lengths[whole] > 1 {
      var own: [Merge] = []
      var cut = token.unicodeScalars.startIndex
      while true {
        cut = token.unicodeScalars.index(after: cut)
        if cut == token.unicodeScalars.endIndex { break }
        guard let left = places[ByteKey(String(token[..<cut]))],
          let right = places[ByteKey(String(token[cut...]))]
        else { continue }
        own.append(Merge(left: left, right: right, whole: whole))
      }
      merges += own.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }
    // Equal merges keep their order, as in Python's stable sort.
    let order = merges.indices.sorted { a, b in
      let (x, y) = (merges[a], merges[b])
      if scores[x.whole] != scores[y.whole] { return scores[x.whole] > scores[y.whole] }
      if lengths[x.left] != lengths[y.left] { return lengths[x.left] > lengths[y.left] }
      if lengths[x.right] != lengths[y.right] { return lengths[x.right] > lengths[y.right] }
      return a < b
    }
    return .array(
      order.map { .array([.string(tokens[merges[$0].left]), .string(tokens[merges[$0].right])]) })
  }

  /// The step that puts BOS in front of every text, if the file asks for it.
  private func template(_ tokens: [String], addsByDefault: Bool) throws -> JSON {
    guard try flag("add_bos_token", default: addsByDefault) else { return .null }
    guard let id = value("bos_token_id").integer, tokens.indices.contains(id) else {
      throw fault("bos_token_id", "the id of the token that add_bos_token puts in front")
    }
    let text = JSON.object([.init(key: "id", value: .string("A"))])
    let token = JSON.object([.init(key: "id", value: .string(tokens[id]))])
    return .object([
      .init(key: "type", value: .string("TemplateProcessing")),
      .init(
        key: "single",
        value: .array([
          .object([.init(key: "SpecialToken", value: token)]),
          .object([.init(key: "Sequence", value: text)]),
        ])),
      .init(
        key: "special_tokens",
        value: .object([
          .init(
            key: tokens[id],
            value: .object([.init(key: "ids", value: .array([.number("\(id)")]))]))
        ])),
    ])
  }

  /// Control tokens are special; user-defined tokens are also searched in the text.
  private static func added(_ tokens: [String], _ types: [TokenType]) -> JSON {
    .array(
      zip(tokens, types).enumerated().compactMap { id, token in
        guard [.control, .userDefined, .unknown].contains(token.1), !token.0.isEmpty else {
          return nil
        }
        return .object([
          .init(key: "id", value: .number("\(id)")),
          .init(key: "content", value: .string(token.0)),
          .init(key: "special", value: .bool(token.1 != .userDefined)),
          .init(key: "normalized", value: .bool(false)),
        ])
      })
  }

  private static func ids(_ tokens: [String]) -> JSON {
    .object(tokens.enumerated().map { .init(key: $1, value: .number("\($0)")) })
  }

  // MARK: - Cutting words

  private struct Cut {
    var steps: JSON
    /// Whether text is normalized to NFC first, as the model's original tokenizer does; llama.cpp
    /// does not.
    var composes = false
  }

  /// The ways to split words, keyed by the name that llama.cpp's converter gives the tokenizer.
  private static let cuts: [String: Cut] = {
    let gpt2 = byteLevel(usesPattern: true)
    let digits = JSON.object([
      .init(key: "type", value: .string("Digits")),
      .init(key: "individual_digits", value: .bool(true)),
    ])
    let smollm = sequence("pretokenizers", [digits, gpt2])
    let threes = JSON.object([
      .init(key: "type", value: .string("Digits")),
      .init(key: "individual_digits", value: .bool(false)),
    ])
    let punctuation = JSON.object([
      .init(key: "type", value: .string("Punctuation")),
      .init(key: "behavior", value: .string("Contiguous")),
    ])
    let falcon = sequence(
      "pretokenizers", [punctuation, gpt2, threes, split("[0-9][0-9][0-9]")])
    func pattern(_ regex: String) -> JSON {
      sequence("pretokenizers", [split(regex), byteLevel(usesPattern: false)])
    }
    let llama3 = Cut(steps: pattern(words + #"|\p{N}{1,3}"# + rest))
    let qwen2 = Cut(steps: pattern(words + #"|\p{N}"# + rest), composes: true)
    return [
      "gpt-2": Cut(steps: gpt2), "phi-2": Cut(steps: gpt2),
      "olmo": Cut(steps: gpt2, composes: true), "smollm": Cut(steps: smollm),
      "llama-bpe": llama3, "llama3": llama3, "llama-v3": llama3, "qwen2": qwen2,
      "deepseek-r1-qwen": qwen2, "falcon": Cut(steps: falcon),
      "bloom": Cut(steps: pattern(#" ?[^(\s|[.,!?…。，、।۔،])]+"#)),
      "tekken": Cut(steps: pattern(tekken)),
    ]
  }()

  private static let words =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"#
  private static let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  /// The pattern of Mistral Nemo's tokenizer.
  private static let tekken =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"#
    + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
    + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  // MARK: - JSON

  private static func type(_ name: String) -> JSON {
    .object([.init(key: "type", value: .string(name))])
  }

  private static func sequence(_ key: String, _ items: [JSON]) -> JSON {
    .object([
      .init(key: "type", value: .string("Sequence")), .init(key: key, value: .array(items)),
    ])
  }

  private static func replace(_ old: String, with new: String) -> JSON {
    .object([
      .init(key: "type", value: .string("Replace")),
      .init(key: "pattern", value: .object([.init(key: "String", value: .string(old))])),
      .init(key: "content", value: .string(new)),
    ])
  }

  private static func split(_ regex: String) -> JSON {
    .object([
      .init(key: "type", value: .string("Split")),
      .init(key: "pattern", value: .object([.init(key: "Regex", value: .string(regex))])),
      .init(key: "behavior", value: .string("Isolated")),
    ])
  }

  private static func byteLevel(usesPattern: Bool) -> JSON {
    .object([
      .init(key: "type", value: .string("ByteLevel")),
      .init(key: "add_prefix_space", value: .bool(false)),
      .init(key: "use_regex", value: .bool(usesPattern)),
    ])
  }
}
