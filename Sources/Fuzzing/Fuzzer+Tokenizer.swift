import JSON
import Storage
import Tokenization

// Fuzz cases for tokenizers with all parts that the readers support.
extension Fuzzer {
  func runTokenizer(_ random: inout FuzzRandom) throws {
    let tree = random.oneIn(4) ? model.tokenizer : random.pick(Self.synthetic)
    let bytes = text(tree, &random)
    let tokenizer: Tokenizer
    if random.oneIn(12) {
      tokenizer = try slowTokenizer(&random)
    } else {
      tokenizer = try Tokenizer(FileBytes(bytes, name: "tokenizer.json"))
    }
    for text in Self.texts(&random) {
      let tokens = tokenizer.encode(text)
      guard tokens.allSatisfy({ (0..<text.utf8.count + 1).contains($0.range.lowerBound) }),
        tokens.allSatisfy({ $0.range.upperBound <= text.utf8.count }),
        tokens.allSatisfy({ (0..<Int32(tokenizer.vocabularySize)).contains($0.id) })
      else { throw OutputFault(description: "a token outside its text or vocabulary") }
      _ = tokenizer.decode(tokens.map(\.id)) + tokens.map { tokenizer.string(of: $0.id) }.joined()
    }
    _ = tokenizer.string(of: .max) + tokenizer.string(of: -1)
  }

  /// A tokenizer made of a damaged `vocab.json` and `merges.txt`.
  private func slowTokenizer(_ random: inout FuzzRandom) throws -> Tokenizer {
    let model = model.tokenizer["model"] ?? .null
    let merges = (model["merges"]?.array ?? []).compactMap(\.string).joined(separator: "\n")
    let configuration = Self.tree(
      #"{"bos_token": {"content": "<|endoftext|>"}, "eos_token": "</s>", "add_bos_token": true}"#)
    let files = [
      "vocab.json": text(model["vocab"] ?? .null, &random),
      "merges.txt": random.oneIn(2)
        ? ByteMutator.mutated(Array(merges.utf8), &random) : Array(merges.utf8),
      "tokenizer_config.json": text(configuration, &random),
    ]
    let folder = Folder(
      name: "model",
      files: Dictionary(uniqueKeysWithValues: files.map { ($0, FileBytes($1, name: $0)) }))
    return try Tokenizer.find(in: folder).tokenizer
  }

  private static func texts(_ random: inout FuzzRandom) -> [String] {
    let long = HostileValues.text(&random)
    return [
      "", "De leden  van de\n\nCommissie's 2024.", HostileValues.text(&random) + "ab " + long,
      String(
        repeating: random.pick(["a", " ", "ab", "é", "\u{301}", "<|endoftext|>", "a1", "ﬁ "]),
        count: 2000),
    ]
  }

  private static func tree(_ text: String) -> JSON {
    let file = FileBytes(Array(text.utf8), name: "tokenizer.json")
    return (try? JSON(parsing: file)) ?? .null
  }

  private static let synthetic: [JSON] = [byteLevel, pieces, affixes, unigram].map(tree)

  private static let byteLevel = """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [
      {"id": 5, "content": "<|endoftext|>", "special": true, "normalized": false},
      {"id": 6, "content": "  ", "special": false, "normalized": true, "lstrip": false},
      {"id": 7, "content": "é", "special": false, "normalized": true, "single_word": true},
      {"id": 8, "content": "<m>", "special": true, "lstrip": true, "rstrip": true}],
     "normalizer": {"type": "NFC"},
     "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
       "(?i:'s|'t)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}|\\\\s+(?!\\\\S)|(?:ab|a)*?b"}},
      {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}]},
     "post_processor": {"type": "Sequence", "processors": [
      {"type": "ByteLevel", "trim_offsets": true, "add_prefix_space": true},
      {"type": "TemplateProcessing", "single": [
       {"SpecialToken": {"id": "<m>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
       "special_tokens": {"<m>": {"id": "<m>", "ids": [8], "tokens": ["<m>"]}}}]},
     "decoder": {"type": "ByteLevel"},
     "model": {"type": "BPE", "dropout": null, "unk_token": null, "byte_fallback": false,
      "ignore_merges": true, "continuing_subword_prefix": null, "end_of_word_suffix": "",
      "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġab": 4},
      "merges": ["a b", ["Ġ", "ab"]]}}
    """

  private static let pieces = """
    {"added_tokens": [{"id": 1, "content": "<s>", "special": true, "normalized": false}],
     "normalizer": {"type": "Sequence", "normalizers": [
      {"type": "Prepend", "prepend": "▁"}, {"type": "NFKC"}, {"type": "StripAccents"},
      {"type": "Strip", "strip_left": true, "strip_right": true}, {"type": "Lowercase"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
      {"type": "Replace", "pattern": {"Regex": "[0-9]{2,}"}, "content": "#"}]},
     "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first",
      "split": true},
     "post_processor": {"type": "TemplateProcessing", "single": [
      {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
      "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
     "decoder": {"type": "Sequence", "decoders": [
      {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
      {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
     "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "fuse_unk": true,
      "vocab": {"<unk>": 0, "<s>": 1, "<0x0A>": 2, "<0xC3>": 3, "<0xA9>": 4, "a": 5, "b": 6, "▁": 7,
       "ab": 8, "▁a": 9},
      "merges": ["a b", "▁ a"]}}
    """

  private static let affixes = """
    {"added_tokens": [], "normalizer": {"type": "NFD"},
     "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "Whitespace"}, {"type": "Digits", "individual_digits": true},
      {"type": "Punctuation", "behavior": "MergedWithNext"}, {"type": "BertPreTokenizer"},
      {"type": "Split", "pattern": {"String": "b"}, "behavior": "Contiguous", "invert": true}]},
     "post_processor": {"type": "RobertaProcessing", "cls": ["a", 1], "sep": ["a", 1],
      "trim_offsets": true, "add_prefix_space": false},
     "decoder": {"type": "BPEDecoder", "suffix": "</w>"},
     "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": false,
      "continuing_subword_prefix": "##", "end_of_word_suffix": "</w>",
      "vocab": {"<unk>": 0, "a": 1, "##b</w>": 2, "ab</w>": 3, "a</w>": 4, "##a": 5, "aa": 6},
      "merges": ["a ##b</w>", "a ##a"]}}
    """

  private static let unigram = """
    {"added_tokens": [{"id": 0, "content": "<unk>", "special": true}],
     "normalizer": {"type": "NFKD"},
     "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "WhitespaceSplit"},
      {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
     "post_processor": {"type": "BertProcessing", "cls": ["<unk>", 0], "sep": ["<unk>", 0]},
     "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
     "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true,
      "vocab": [["<unk>", 0.0], ["a", -1.5], ["b", -2], ["ab", -2.5], ["▁", -1], ["▁a", -2.25],
       ["<0xC3>", -9], ["<0xA9>", -9]]}}
    """
}
