import Diagnostics
import JSON

extension TokenizerFile {
  enum ModelKind: String, CaseIterable {
    case merges = "BPE"
    case unigram = "Unigram"
  }

  /// - Throws: `Diagnostic` for WordPiece, WordLevel and any other model than BPE and Unigram.
  func modelKind() throws -> ModelKind {
    let model = part("model")
    guard let name = model.type else {
      // Old files have no such key; they are recognised by the fields of the model.
      if model.value["merges"] != nil { return .merges }
      if model.value["unk_id"] != nil { return .unigram }
      throw unsupported(model, "a model", ModelKind.allCases.map(\.rawValue))
    }
    guard let kind = ModelKind(rawValue: name) else {
      throw unsupported(model, "a model", ModelKind.allCases.map(\.rawValue))
    }
    return kind
  }

  /// Reads the tokens of the model in the order of their ids; for Unigram with their scores.
  ///
  /// - Throws: `Diagnostic` that names the token and its id.
  func vocabulary(_ kind: ModelKind) throws -> (Vocabulary, scores: [Double]) {
    let part = part("model")["vocab"]
    switch kind {
    case .merges:
      guard let members = part.value.object else {
        throw fault(part.place, "an object of tokens and their ids", part.value.summary)
      }
      var vocabulary = Vocabulary(capacity: members.count)
      for member in members {
        var place: String { "\(part.place)[\"\(member.key.prefix(80))\"]" }
        let id = try id(member.value, place)
        guard vocabulary.insert(member.key, id: id) else { throw duplicate(place, id) }
      }
      return (vocabulary, [])
    case .unigram:
      guard let items = part.value.array, items.count <= Vocabulary.largestID else {
        throw fault(
          part.place, "a list of at most \(Vocabulary.largestID) tokens and scores",
          part.value.summary)
      }
      var vocabulary = Vocabulary(capacity: items.count)
      var scores: [Double] = []
      for (id, item) in items.enumerated() {
        guard let pair = item.array, pair.count == 2, let text = pair[0].string,
          text.utf8.count <= 1024, let score = pair[1].double, score.isFinite
        else {
          throw fault("\(part.place)[\(id)]", "a token and its finite score", item.summary)
        }
        guard vocabulary.id(of: text) == nil else {
          throw fault("\(part.place)[\(id)]", "each token once", "\"\(text.prefix(80))\" again")
        }
        _ = vocabulary.insert(text, id: id)
        scores.append(score)
      }
      return (vocabulary, scores)
    }
  }

  func unigram(_ vocabulary: Vocabulary, scores: [Double]) throws -> UnigramEncoder {
    let model = part("model")
    let unknown = model["unk_id"]
    guard let id = unknown.value.integer, scores.indices.contains(id) else {
      throw fault(
        unknown.place, "the id of the unknown token, below \(scores.count)", unknown.value.summary)
    }
    let fallsBack = try flag(model, "byte_fallback", default: false)
    return UnigramEncoder(
      vocabulary, scores: scores, unknown: Int32(id), fallsBackOnBytes: fallsBack)
  }

  /// - Parameter isByteLevel: whether words are raw bytes, which `ByteAlphabet` spells in the file.
  func bytePairs(_ vocabulary: Vocabulary, isByteLevel: Bool) throws -> BytePairEncoder {
    let model = part("model")
    let dropout = model["dropout"]
    guard dropout.value.isNull || dropout.value.double == 0 else {
      throw fault(
        dropout.place, "no dropout", dropout.value.summary,
        advice: "Tokens must not be random; set it to null.")
    }
    let prefix = try affix(model["continuing_subword_prefix"])
    let suffix = try affix(model["end_of_word_suffix"])
    let fallsBack = try flag(model, "byte_fallback", default: false)
    let fuses = try flag(model, "fuse_unk", default: false)
    let keepsWords = try flag(model, "ignore_merges", default: false)
    guard !fallsBack || (prefix.isEmpty && suffix.isEmpty) else {
      throw fault(
        "model.byte_fallback", "false beside a prefix or suffix", "true",
        advice: "The two together have no sound meaning.")
    }
    let bytes = isByteLevel && prefix.isEmpty && suffix.isEmpty ? vocabulary.byteIDs : nil
    let alphabet: BytePairEncoder.Alphabet =
      if let bytes {
        .bytes(bytes)
      } else {
        .characters(
          CharacterAlphabet(
            vocabulary, prefix: prefix, suffix: suffix, fallsBackOnBytes: fallsBack,
            unknown: try unknown(vocabulary), fusesUnknown: fuses))
      }
    return BytePairEncoder(
      alphabet: alphabet, merges: try merges(vocabulary, prefix: prefix),
      wholeWords: keepsWords ? WordTable(vocabulary, areBytes: bytes != nil) : nil)
  }

  private func affix(_ part: Part) throws -> String {
    if part.value.isNull { return "" }
    guard let text = part.value.string, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 })
    else { throw fault(part.place, "at most 64 characters of ASCII", part.value.summary) }
    return text
  }

  private func unknown(_ vocabulary: Vocabulary) throws -> Int32? {
    let part = part("model")["unk_token"]
    if part.value.isNull { return nil }
    guard let text = part.value.string, let id = vocabulary.id(of: text) else {
      throw fault(part.place, "a token of the vocabulary", part.value.summary)
    }
    return id
  }

  private func merges(_ vocabulary: Vocabulary, prefix: String) throws -> MergeTable {
    let part = part("model")["merges"]
    guard let items = part.value.array, items.count <= Vocabulary.largestID else {
      throw fault(
        part.place, "a list of at most \(Vocabulary.largestID) merges", part.value.summary)
    }
    var table = MergeTable(capacity: items.count)
    for (rank, item) in items.enumerated() {
      // This is the first line of a merges.txt, which some files have kept.
      if item.string?.utf8.starts(with: "#version".utf8) == true { continue }
      guard let (first, second) = Self.pair(item) else {
        throw fault("\(part.place)[\(rank)]", "two tokens with one space between", item.summary)
      }
      func id(_ token: String) throws -> Int32 {
        if let id = vocabulary.id(of: token) { return id }
        throw fault(
          "\(part.place)[\(rank)]", "tokens of the vocabulary", "\"\(token.prefix(80))\"")
      }
      // The prefix's length is removed from the second part without checking that the prefix is
      // there.
      let tail = String(decoding: second.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      let merged = try id(first + tail)
      table.set(try id(first), try id(second), to: .init(rank: rank, id: merged))
    }
    return table
  }

  /// The two parts of a merge written as `"a b"` or `["a", "b"]`.
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

  func id(_ value: JSON, _ place: @autoclosure () -> String) throws -> Int {
    guard let id = value.integer, (0...Vocabulary.largestID).contains(id) else {
      throw fault(place(), "an id from 0 to \(Vocabulary.largestID)", value.summary)
    }
    return id
  }

  func duplicate(_ place: String, _ id: Int) -> Diagnostic {
    fault(place, "an id that no other token has", "id \(id) again")
  }
}

extension Vocabulary {
  /// The token id for each byte in the spelling of `ByteAlphabet`; −1 if it has none. Nil if a byte
  /// that occurs in UTF-8 has none.
  var byteIDs: [Int32]? {
    let ids = ByteAlphabet.characters.map { id(of: String($0)) ?? -1 }
    let isWhole = zip(UInt8.min...UInt8.max, ids).allSatisfy { byte, id in
      id >= 0 || (0xC0...0xC1).contains(byte) || byte >= 0xF5
    }
    return isWhole ? ids : nil
  }
}

extension WordTable {
  /// A table of all tokens by their spelling, or by the bytes that the spelling stands for.
  init(_ vocabulary: Vocabulary, areBytes: Bool) {
    self.init(capacity: vocabulary.ids.count)
    for (key, id) in vocabulary.ids {
      if !areBytes {
        insert(Array(key.text.utf8), id: id)
      } else if let bytes = ByteAlphabet.knownBytes(of: Array(key.text.utf8)) {
        insert(bytes, id: id)
      }
    }
  }
}

extension UnigramEncoder {
  /// - Parameter scores: the score of each id; there is at least one.
  init(_ vocabulary: Vocabulary, scores: [Double], unknown: Int32, fallsBackOnBytes: Bool) {
    var pieces = ByteTrie(byteCount: vocabulary.ids.keys.reduce(0) { $0 + $1.text.utf8.count })
    for (key, id) in vocabulary.ids { pieces.insert(key.text.utf8, value: id) }
    self.init(
      scores: scores, pieces: pieces, unknown: unknown,
      unknownScore: (scores.min() ?? 0) - Self.unknownPenalty,
      byteIDs: fallsBackOnBytes ? CharacterAlphabet.byteIDs(vocabulary) : nil,
      words: WordTable(vocabulary, areBytes: false))
  }
}
