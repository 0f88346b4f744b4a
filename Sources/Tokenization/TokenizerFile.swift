import Diagnostics
import JSON
import Storage

/// What a `tokenizer.json` says, refused wherever it asks for more than byte-level BPE.
///
/// `truncation` and `padding` are left out of account, and so are the special tokens that a
/// template would add: the caller cuts its documents and puts BOS in front.
struct TokenizerFile {
  let file: String
  let json: JSON
  private let model: JSON

  /// - Throws: `Diagnostic` of kind `.data`.
  init(_ bytes: FileBytes) throws {
    file = bytes.name
    json = try JSON(parsing: bytes)
    guard case .object = json else {
      throw Self.otherKind(file, "(top level)", found: json.summary)
    }
    model = json["model"] ?? .null
    let kind = model["type"] ?? .null
    // Files from before the key was there are told by what the model holds.
    let isUntyped = kind.isNull && model["merges"] != nil
    guard kind.string == "BPE" || isUntyped else {
      throw Self.otherKind(file, "model.type", found: kind.summary)
    }
    try checkModel()
  }

  // MARK: - The model

  private func checkModel() throws {
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      let value = model[key] ?? .null
      guard value.isNull || value.string == "" else {
        throw Self.otherKind(file, "model.\(key)", found: value.summary)
      }
    }
    let dropout = model["dropout"] ?? .null
    guard dropout.isNull || dropout.double == 0 else {
      throw fault(
        "model.dropout", "no dropout", dropout.summary,
        advice: "Tokens must not be random; set it to null.")
    }
  }

  /// The tokens of the model, by id.
  ///
  /// - Throws: `Diagnostic` that names the token and its id.
  func vocabulary() throws -> Vocabulary {
    guard let members = model["vocab"]?.object else {
      throw Self.otherKind(file, "model.vocab", found: (model["vocab"] ?? .null).summary)
    }
    var vocabulary = Vocabulary(capacity: members.count)
    for member in members {
      var place: String { "model.vocab[\"\(member.key.prefix(80))\"]" }
      let id = try id(member.value, place)
      guard vocabulary.insert(member.key, id: id) else { throw duplicate(place, id) }
    }
    return vocabulary
  }

  func encoder(_ vocabulary: Vocabulary) throws -> BytePairEncoder {
    let byteIDs = ByteAlphabet.characters.map { vocabulary.id(of: String($0)) ?? -1 }
    // Bytes that are in no UTF-8 text need no token.
    let missing = zip(UInt8.min...UInt8.max, byteIDs).first { byte, id in
      id < 0 && !(0xC0...0xC1).contains(byte) && byte < 0xF5
    }
    if let (byte, _) = missing {
      let fallsBack = try flag(model, "byte_fallback", "model", default: false)
      if fallsBack || !(model["unk_token"] ?? .null).isNull {
        throw fault(
          "model.unk_token", "a token for every byte",
          "none for byte 0x\(String(byte, radix: 16, uppercase: true))",
          advice: "A byte-level vocabulary holds all bytes and needs no unknown token.")
      }
    }
    let keepsWords = try flag(model, "ignore_merges", "model", default: false)
    return BytePairEncoder(
      byteIDs: byteIDs, merges: try merges(vocabulary),
      wholeWords: keepsWords ? vocabulary.ids : nil)
  }

  private func merges(_ vocabulary: Vocabulary) throws -> MergeTable {
    guard let items = model["merges"]?.array else {
      throw Self.otherKind(file, "model.merges", found: (model["merges"] ?? .null).summary)
    }
    guard items.count <= Vocabulary.largestID else {
      throw fault("model.merges", "at most \(Vocabulary.largestID) merges", "\(items.count)")
    }
    var table = MergeTable(capacity: items.count)
    for (rank, item) in items.enumerated() {
      // The first line of a merges.txt that was copied along.
      if item.string?.utf8.starts(with: "#version".utf8) == true { continue }
      guard let (first, second) = Self.pair(item) else {
        throw fault(
          "model.merges[\(rank)]", "two tokens with one space between", item.summary)
      }
      func id(_ token: String) throws -> Int32 {
        if let id = vocabulary.id(of: token) { return id }
        throw fault(
          "model.merges[\(rank)]", "tokens of the vocabulary", "\"\(token.prefix(80))\"")
      }
      let merged = try id(first + second)
      table.set(try id(first), try id(second), to: .init(rank: rank, id: merged))
    }
    return table
  }

  /// The two sides of `"a b"` or `["a", "b"]`.
  private static func pair(_ merge: JSON) -> (String, String)? {
    if let items = merge.array {
      guard items.count == 2, let first = items[0].string, let second = items[1].string
      else { return nil }
      return (first, second)
    }
    guard let text = merge.string, let space = text.utf8.firstIndex(of: UInt8(ascii: " "))
    else { return nil }
    let second = text[text.utf8.index(after: space)...]
    return second.utf8.contains(UInt8(ascii: " ")) ? nil : (String(text[..<space]), String(second))
  }

  // MARK: - Around the model

  /// The added tokens; those that the model lacks are put into the vocabulary.
  func addedTokens(_ vocabulary: inout Vocabulary) throws -> [AddedToken] {
    let value = json["added_tokens"] ?? .null
    guard let items = value.isNull ? [] : value.array else {
      throw fault("added_tokens", "a list", value.summary)
    }
    var tokens: [AddedToken] = []
    var seen = Set<ByteKey>()
    var next = vocabulary.ids.count
    let unicode = UnicodeTables.shared
    for (index, item) in items.enumerated() {
      let place = "added_tokens[\(index)]"
      let content = item["content"] ?? .null
      guard let text = content.string, text.utf8.count <= 1024 else {
        throw fault("\(place).content", "a string of at most 1024 bytes", content.summary)
      }
      let id = try id(item["id"] ?? .null, "\(place).id")
      if text.isEmpty { continue }
      guard seen.insert(ByteKey(text)).inserted else {
        throw fault("\(place).content", "each token once", "\"\(text.prefix(80))\" twice")
      }
      if let known = vocabulary.id(of: text) {
        guard known == id else {
          throw fault(
            "\(place).id", "\(known), the id of \"\(text.prefix(80))\" in the vocabulary", "\(id)")
        }
      } else {
        guard vocabulary.insert(text, id: id) else {
          throw duplicate("\(place) \"\(text.prefix(80))\"", id)
        }
        // `tokenizers` numbers new tokens itself and would disagree with any other id.
        guard id == next else {
          throw fault(
            "\(place).id", "\(next), the next id after the vocabulary",
            "\(id) for \"\(text.prefix(80))\"")
        }
      }
      next = max(next, id + 1)
      let token = AddedToken(
        id: Int32(id), content: text,
        isSingleWord: try flag(item, "single_word", place, default: false),
        stripsLeft: try flag(item, "lstrip", place, default: false),
        stripsRight: try flag(item, "rstrip", place, default: false),
        isNormalized: try flag(item, "normalized", place, default: true),
        isSpecial: try flag(item, "special", place, default: false))
      // Each space of a long run would match and take the rest of the run along: quadratic.
      if token.stripsRight, text.unicodeScalars.allSatisfy({ unicode.kind(of: $0.value) == .space })
      {
        throw fault("\(place).rstrip", "false for a token of white space", "true")
      }
      tokens.append(token)
    }
    return tokens
  }

  /// Whether text is brought to NFC.
  func normalizes() throws -> Bool {
    let value = json["normalizer"] ?? .null
    if value.isNull { return false }
    guard value["type"]?.string == "NFC" else {
      throw unsupported("normalizer", "NFC or null", value)
    }
    return true
  }

  func preTokenizer() throws -> (addsPrefixSpace: Bool, usesPattern: Bool) {
    let value = json["pre_tokenizer"] ?? .null
    guard value["type"]?.string == "ByteLevel" else {
      throw unsupported("pre_tokenizer", "byte-level BPE, so ByteLevel", value)
    }
    let decoder = json["decoder"] ?? .null
    guard decoder["type"]?.string == "ByteLevel" else {
      throw unsupported("decoder", "byte-level BPE, so ByteLevel", decoder)
    }
    return (
      try flag(value, "add_prefix_space", "pre_tokenizer", default: true),
      try flag(value, "use_regex", "pre_tokenizer", default: true)
    )
  }

  /// For each step that takes white space off the offsets, whether it minds a prefix space.
  func offsetTrims() throws -> [Bool] {
    let value = json["post_processor"] ?? .null
    if value.isNull { return [] }
    let isSequence = value["type"]?.string == "Sequence"
    let steps = (isSequence ? value["processors"]?.array : nil) ?? [value]
    return try steps.compactMap { step in
      switch step["type"]?.string {
      case "ByteLevel":
        let mindsPrefix = try flag(step, "add_prefix_space", "post_processor", default: true)
        return try flag(step, "trim_offsets", "post_processor", default: true) ? mindsPrefix : nil
      case "TemplateProcessing": return nil
      default: throw unsupported("post_processor", "ByteLevel, TemplateProcessing or null", step)
      }
    }
  }

  // MARK: - Values and faults

  private func flag(_ json: JSON, _ key: String, _ place: String, default: Bool) throws -> Bool {
    guard let value = json[key] else { return `default` }
    guard let flag = value.bool else {
      throw fault("\(place).\(key)", "true or false", value.summary)
    }
    return flag
  }

  private func id(_ value: JSON, _ place: @autoclosure () -> String) throws -> Int {
    guard let id = value.integer, (0...Vocabulary.largestID).contains(id) else {
      throw fault(place(), "an id from 0 to \(Vocabulary.largestID)", value.summary)
    }
    return id
  }

  private func duplicate(_ place: String, _ id: Int) -> Diagnostic {
    fault(place, "an id that no other token has", "id \(id) again")
  }

  private func unsupported(_ field: String, _ expected: String, _ value: JSON) -> Diagnostic {
    fault(
      field, expected, (value["type"] ?? value).summary,
      advice: "Tokenizers of the GPT-2 and GPT-NeoX kind are supported.")
  }

  private static func otherKind(_ file: String, _ field: String, found: String) -> Diagnostic {
    Diagnostic(
      .data, file: file, field: field, expected: "byte-level BPE", found: found,
      advice: "Tokenizers of the GPT-2 and GPT-NeoX kind are supported.")
  }

  func fault(
    _ field: String, _ expected: String, _ found: String,
    advice: String = "Get the tokenizer.json that came with the model again."
  ) -> Diagnostic {
    Diagnostic(.data, file: file, field: field, expected: expected, found: found, advice: advice)
  }
}
