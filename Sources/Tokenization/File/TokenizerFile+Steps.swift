import Diagnostics
import JSON

// Reads the steps before and after the model: normalizer, pre-tokenizer, post-processor, decoder.
extension TokenizerFile {
  // MARK: - Normalizer

  func normalizer() throws -> Normalizer? { try normalizer(part("normalizer")) }

  private func normalizer(_ part: Part) throws -> Normalizer? {
    if part.value.isNull { return nil }
    switch part.type {
    case "NFC": return .form(UnicodeForm(isCompatible: false, isComposed: true))
    case "NFD": return .form(UnicodeForm(isCompatible: false, isComposed: false))
    case "NFKC": return .form(UnicodeForm(isCompatible: true, isComposed: true))
    case "NFKD": return .form(UnicodeForm(isCompatible: true, isComposed: false))
    case "Lowercase": return .lowercase
    case "StripAccents": return .stripAccents
    case "Strip":
      return .strip(
        left: try flag(part, "strip_left", default: true),
        right: try flag(part, "strip_right", default: true))
    case "Replace":
      let content = try text(part, "content").unicodeScalars.map(\.value)
      return .replace(try pattern(part, "pattern"), with: content)
    case "Prepend": return .prepend(try text(part, "prepend").unicodeScalars.map(\.value))
    case "ByteLevel": return .byteLevel
    case "Sequence":
      return .sequence(try items(part, "normalizers").compactMap(normalizer))
    default:
      throw unsupported(
        part, "a normalizer",
        [
          "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Strip", "Replace", "Prepend",
          "ByteLevel", "Sequence",
        ])
    }
  }

  // MARK: - Pre-tokenizer

  /// Reads the steps of the pre-tokenizer, in order.
  func preTokenizers() throws -> [PreTokenizer] { try preTokenizers(part("pre_tokenizer")) }

  private func preTokenizers(_ part: Part) throws -> [PreTokenizer] {
    if part.value.isNull { return [] }
    func cut(
      at set: ScalarSet, _ behavior: SplitBehavior, isInverted: Bool = false
    ) -> PreTokenizer {
      .split(.character(ScalarLookup(set)), behavior, isInverted: isInverted)
    }
    switch part.type {
    case "ByteLevel":
      let usesPattern = try flag(part, "use_regex", default: true)
      return [
        .byteLevel(
          addsPrefixSpace: try flag(part, "add_prefix_space", default: true),
          pattern: usesPattern ? .gpt2(WordSplitter()) : nil)
      ]
    case "Split":
      return [
        .split(
          try pattern(part, "pattern"),
          try choice(part["behavior"], among: SplitBehavior.self),
          isInverted: try flag(part, "invert", default: false))
      ]
    case "Digits":
      let apart = try flag(part, "individual_digits", default: false)
      return [cut(at: UnicodeProperties.numbers, apart ? .isolated : .contiguous)]
    case "Punctuation":
      let behavior = try choice(
        part["behavior"], among: SplitBehavior.self, default: .isolated)
      return [cut(at: UnicodeProperties.punctuationSet, behavior)]
    case "WhitespaceSplit": return [cut(at: UnicodeTables.spaces, .removed)]
    case "Whitespace":
      let program = try regex(#"\w+|[^\w\s]+"#, part.place, word: UnicodeTables.words)
      return [.split(program, .removed, isInverted: true)]
    case "BertPreTokenizer":
      return [
        cut(at: UnicodeTables.spaces, .removed),
        cut(at: UnicodeProperties.punctuationSet, .isolated),
      ]
    case "CharDelimiterSplit":
      let delimiter = try character(part, "delimiter")
      return [cut(at: ScalarSet(delimiter), .removed)]
    case "Metaspace": return [try metaspace(part)]
    case "Sequence": return try items(part, "pretokenizers").flatMap(preTokenizers)
    default:
      throw unsupported(
        part, "a pre-tokenizer",
        [
          "ByteLevel", "Split", "Digits", "Punctuation", "Whitespace", "WhitespaceSplit",
          "BertPreTokenizer", "CharDelimiterSplit", "Metaspace", "Sequence",
        ])
    }
  }

  private func regex(_ regex: String, _ place: String, word: ScalarSet) throws -> Pattern {
    do {
      return .regex(try RegexProgram(regex, word: word))
    } catch { throw fault(place, "a regular expression", error.found) }
  }

  private func character(_ part: Part, _ key: String) throws -> Unicode.Scalar {
    let text = try text(part, key)
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw fault("\(part.place).\(key)", "one character", part[key].value.summary)
    }
    return scalar
  }

  private func metaspace(_ part: Part) throws -> PreTokenizer {
    let adds = try flag(part, "add_prefix_space", default: true)
    let scheme = try choice(
      part["prepend_scheme"], among: PreTokenizer.Metaspace.Scheme.self,
      default: adds ? .always : .never)
    guard adds || scheme == .never else {
      throw fault(
        part["prepend_scheme"].place, "never, as add_prefix_space says", scheme.rawValue)
    }
    return .metaspace(
      PreTokenizer.Metaspace(
        replacement: try character(part, "replacement"), scheme: scheme,
        splits: try flag(part, "split", default: true)))
  }

  // MARK: - Post-processor

  /// The tokens around every text, and how offsets are trimmed.
  struct Surroundings {
    var front: [Int32] = []
    var back: [Int32] = []
    var trims: [Bool] = []
  }

  func surroundings(_ vocabulary: Vocabulary) throws -> Surroundings {
    var result = Surroundings()
    try add(part("post_processor"), vocabulary, to: &result)
    return result
  }

  private func add(_ part: Part, _ vocabulary: Vocabulary, to result: inout Surroundings) throws {
    if part.value.isNull { return }
    func trim() throws {
      guard try flag(part, "trim_offsets", default: true) else { return }
      result.trims.append(try flag(part, "add_prefix_space", default: true))
    }
    switch part.type {
    case "ByteLevel": try trim()
    case "RobertaProcessing":
      try trim()
      result.front.insert(try special(part["cls"], vocabulary), at: 0)
      result.back.append(try special(part["sep"], vocabulary))
    case "BertProcessing":
      result.front.insert(try special(part["cls"], vocabulary), at: 0)
      result.back.append(try special(part["sep"], vocabulary))
    case "TemplateProcessing": try addTemplate(part, vocabulary, to: &result)
    case "Sequence":
      for item in try items(part, "processors") { try add(item, vocabulary, to: &result) }
    default:
      throw unsupported(
        part, "a post-processor",
        ["ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence"])
    }
  }

  /// The id in a pair such as `["[CLS]", 101]`.
  private func special(_ part: Part, _ vocabulary: Vocabulary) throws -> Int32 {
    guard let pair = part.value.array, pair.count == 2, pair[0].string != nil,
      let id = pair[1].integer, let id = Int32(exactly: id), vocabulary.spelling(of: id) != nil
    else { throw fault(part.place, "a token and its id", part.value.summary) }
    return id
  }

  private func addTemplate(
    _ part: Part, _ vocabulary: Vocabulary, to result: inout Surroundings
  ) throws {
    var front: [Int32] = []
    var back: [Int32] = []
    var hasText = false
    for item in try items(part, "single") {
      if item.value["Sequence"] != nil {
        guard !hasText, item["Sequence"]["id"].value.string == "A" else {
          throw fault(item.place, "the text, once", "another sequence")
        }
        hasText = true
        continue
      }
      let name = item["SpecialToken"]["id"]
      guard let text = name.value.string else {
        throw fault(name.place, "the name of a special token", name.value.summary)
      }
      let token = part["special_tokens"][text]
      let ids = token["ids"]
      guard
        let numbers = ids.value.array?.map({ $0.integer.flatMap(Int32.init(exactly:)) ?? -1 }),
        numbers.allSatisfy({ vocabulary.spelling(of: $0) != nil })
      else { throw fault(ids.place, "ids of tokens", ids.value.summary) }
      if hasText { back += numbers } else { front += numbers }
    }
    guard hasText else { throw fault("\(part.place).single", "the text", "none") }
    result.front = front + result.front
    result.back += back
  }

  // MARK: - Decoder

  func decoder() throws -> Decoder {
    let part = part("decoder")
    return part.value.isNull ? .spaced : try decoder(part)
  }

  private func decoder(_ part: Part) throws -> Decoder {
    switch part.type {
    case "ByteLevel": return .byteLevel
    case "ByteFallback": return .byteFallback
    case "Fuse": return .fuse
    case "Strip":
      let start = part["start"].value.integer ?? 0
      let stop = part["stop"].value.integer ?? 0
      guard (0...1024).contains(start), (0...1024).contains(stop) else {
        throw fault(part.place, "counts from 0 to 1024", "\(start) and \(stop)")
      }
      return .strip(try character(part, "content").value, start: start, stop: stop)
    case "Replace":
      return .replace(
        try pattern(part, "pattern"), with: Array(try text(part, "content").utf8))
    case "Metaspace":
      guard case .metaspace(let metaspace) = try metaspace(part) else { return .fuse }
      return .metaspace(metaspace.replacement.value, dropsFirst: metaspace.scheme != .never)
    case "BPEDecoder":
      let suffix = part["suffix"].value.isNull ? "</w>" : try text(part, "suffix")
      return suffix.isEmpty ? .fuse : .suffix(Array(suffix.utf8))
    case "Sequence": return .sequence(try items(part, "decoders").map(decoder))
    default:
      throw unsupported(
        part, "a decoder",
        [
          "ByteLevel", "ByteFallback", "Fuse", "Strip", "Replace", "Metaspace", "BPEDecoder",
          "Sequence",
        ])
    }
  }
}
