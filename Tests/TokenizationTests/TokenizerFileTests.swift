import Diagnostics
import Storage
import Testing
import Tokenization

/// Rows 2, 25–28 and 35 of the bad-input table, and what else a file may get wrong.
struct TokenizerFileTests {
  /// A sound file of a few tokens, of which `changes` replace parts.
  private func text(_ changes: [(String, String)] = []) -> String {
    var text = """
      {"version": "1.0", "added_tokens": [{"id": 3, "content": "<|endoftext|>", "special": true}],
       "normalizer": {"type": "NFC"}, "pre_tokenizer": {"type": "ByteLevel"},
       "post_processor": null, "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "unk_token": null, "vocab": {"a": 0, "b": 1, "ab": 2},
                 "merges": ["a b"]}}
      """
    for (old, new) in changes {
      let parts = text.split(separator: old, omittingEmptySubsequences: false)
      text = parts.joined(separator: new)
    }
    return text
  }

  private func tokenizer(_ changes: (String, String)...) throws -> Tokenizer {
    try Tokenizer(FileBytes(Array(text(changes).utf8), name: "tokenizer.json"))
  }

  @Test func smallFileIsSound() throws {
    let tokenizer = try tokenizer((#""ByteLevel"}"#, #""ByteLevel", "add_prefix_space": false}"#))
    #expect(tokenizer.vocabularySize == 4)
    #expect(tokenizer.bos == 3)
    #expect(tokenizer.encode("aab<|endoftext|>").map(\.id) == [0, 2, 3])
  }

  @Test(arguments: [
    (#""BPE""#, #""WordPiece""#, "model.type", "BPE, Unigram"),
    (#""BPE""#, #""Unigram""#, "model.vocab", "tokens and scores"),
    (#"{"type": "BPE","#, #"{"#, "", ""),
    (
      #""pre_tokenizer": {"type": "ByteLevel"}"#, #""pre_tokenizer": {"type": "UnicodeScripts"}"#,
      "pre_tokenizer.type", "Metaspace"
    ),
    (
      #""pre_tokenizer": {"type": "ByteLevel"}"#,
      #""pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(?<=ab)a"}, "behavior": "Removed"}"#,
      "pre_tokenizer.pattern.Regex", "a look behind at more than one character"
    ),
    (
      #""pre_tokenizer": {"type": "ByteLevel"}"#,
      #""pre_tokenizer": {"type": "Metaspace", "replacement": "ab"}"#,
      "pre_tokenizer.replacement", "one character"
    ),
    (#""decoder": {"type": "ByteLevel"}"#, #""decoder": {"type": "CTC"}"#, "decoder.type", "CTC"),
    (#""NFC""#, #""Precompiled""#, "normalizer.type", "Precompiled"),
    (
      #""NFC""#, #""Sequence", "normalizers": [{"type": "Nmt"}]"#, "normalizer.normalizers[0].type",
      "Nmt"
    ),
    (
      #""post_processor": null"#, #""post_processor": {"type": "BertProcessing", "cls": ["x", 9]}"#,
      "post_processor.cls", "a token and its id"
    ),
    (#"["a b"]"#, #"["a b", "a c"]"#, "model.merges[1]", "vocabulary"),
    (#"["a b"]"#, #"["b a"]"#, "model.merges[0]", "\"ba\""),
    (#"["a b"]"#, #"["a b", "a  b"]"#, "model.merges[1]", "one space"),
    (#"["a b"]"#, #"["ab"]"#, "model.merges[0]", "one space"),
    (#"["a b"]"#, #"[["a", "b", "c"]]"#, "model.merges[0]", "two tokens"),
    (#"["a b"]"#, #"[7]"#, "model.merges[0]", "two tokens"),
    (#"["a b"]"#, #"{}"#, "model.merges", "a list"),
    (#""ab": 2"#, #""ab": 1"#, "model.vocab[\"ab\"]", "id 1"),
    (#""ab": 2"#, #""ab": -1"#, "model.vocab[\"ab\"]", "-1"),
    (#""ab": 2"#, #""ab": 2.0"#, "model.vocab[\"ab\"]", "2.0"),
    (#""ab": 2"#, #""ab": 4000000000"#, "model.vocab[\"ab\"]", "4000000000"),
    (#""ab": 2"#, #""ab": "2""#, "model.vocab[\"ab\"]", "a string"),
    (#"{"a": 0, "b": 1, "ab": 2}"#, "[]", "model.vocab", "an object"),
    (#""ab": 2"#, #""ab": 3"#, "added_tokens[0]", "id 3"),
    (
      #""<|endoftext|>""#, #"" ", "rstrip": true"#, "added_tokens[0].rstrip", "white space"
    ),
    (#""special": true"#, #""special": 1"#, "added_tokens[0].special", "true or false"),
    (#""unk_token": null"#, #""dropout": 0.1"#, "model.dropout", "0.1"),
    (#""unk_token": null"#, #""unk_token": "c""#, "model.unk_token", "a token of the vocabulary"),
    (
      #""unk_token": null"#, #""end_of_word_suffix": "</w>", "byte_fallback": true"#,
      "model.byte_fallback", "prefix or suffix"
    ),
    (#""merges": ["a b"]}}"#, "", "line", "the end of the file"),
  ])
  func unsoundFileIsRefused(part: String, new: String, field: String, words: String) {
    if field.isEmpty {
      // The kind may be missing where the model's shape tells it.
      #expect(throws: Never.self) { try tokenizer((part, new)) }
      return
    }
    let fault = #expect(throws: Diagnostic.self) { try tokenizer((part, new)) }
    #expect(fault?.kind == .data)
    #expect(fault?.file == "tokenizer.json")
    #expect(fault?.field.contains(field) == true, "\(fault?.message ?? "")")
    #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
  }

  @Test func mergesMayBePairs() throws {
    #expect(try tokenizer((#"["a b"]"#, #"[["a", "b"]]"#)).encode("ab").map(\.id) == [2])
  }

  @Test func canonicallyEqualKeysAreDistinct() throws {
    // Ã stands for the byte C3; A and a combining tilde spell the same letter and no byte.
    let tokenizer = try tokenizer(
      (#""ab": 2"#, #""ab": 2, "\u00C3": 3, "A\u0303": 4"#))
    #expect(tokenizer.bytes(of: 3) == [0xC3])
    #expect(tokenizer.bytes(of: 4) == Array("A\u{303}".utf8))
  }

  @Test func anAddedTokenGetsTheNextIdWhateverTheFileSays() throws {
    #expect(try tokenizer((#""id": 3"#, #""id": 7"#)).id(of: "<|endoftext|>") == 3)
    #expect(try tokenizer((#""id": 3"#, #""id": 0"#)).id(of: "<|endoftext|>") == 3)
    #expect(try tokenizer((#"<|endoftext|>"#, #"a"#)).id(of: "a") == 0)
  }

  @Test func aFileWithoutABeginningHasNone() throws {
    let tokenizer = try tokenizer((#"<|endoftext|>"#, #"<|end|>"#))
    #expect(tokenizer.bos == nil)
    #expect(tokenizer.beginning.isEmpty)
  }

  @Test(
    arguments: [
      (#"{"bos_token": "a", "eos_token": "b"}"#, 0), (#"{"bos_token": null, "eos_token": "b"}"#, 1),
      (#"{"bos_token": {"content": "ab", "lstrip": false}}"#, 2), (#"{"eos_token": "zzz"}"#, nil),
      (#"{}"#, nil),
    ] as [(String, Int32?)])
  func configurationNamesTheBeginning(text: String, bos: Int32?) throws {
    let configuration = try TokenizerConfiguration(
      FileBytes(Array(text.utf8), name: "tokenizer_config.json"))
    let file = FileBytes(Array(self.text().utf8), name: "tokenizer.json")
    #expect(try Tokenizer(file, configuration: configuration).bos == bos)
  }

  @Test func emptyTextHasNoTokens() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.encode("").isEmpty)
    #expect(tokenizer.encode(UnsafeRawBufferPointer(start: nil, count: 0)).isEmpty)
  }

  @Test func idsWithoutATokenAreNamed() throws {
    let tokenizer = try tokenizer((#""ab": 2"#, #""ab": 9"#))
    #expect(tokenizer.vocabularySize == 10)
    for id in [5, -1, 10, Int32.max, Int32.min] as [Int32] {
      #expect(tokenizer.bytes(of: id) == nil)
      #expect(tokenizer.string(of: id) == "<id \(id)>")
    }
    #expect(tokenizer.decode([0, 5, 1]) == "ab")
  }

  @Test func textThatIsNotUTF8DoesNoHarm() throws {
    let demo = try Tokenizer(FileBytes(reading: TestFiles.demo))
    var generator = SplitMix(state: 7)
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 40) }
      let tokens = bytes.withUnsafeBytes { demo.encode($0) }
      #expect(tokens.allSatisfy { $0.range.upperBound <= bytes.count })
    }
  }

  /// Sebastiano Vigna's splitmix64.
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
