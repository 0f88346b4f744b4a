import Storage
import Testing
import Tokenization

/// Texts of about 300 kB that a quadratic step somewhere would take minutes for, each under a limit that is
/// there to end them.
struct WorstCaseTests {
  struct Text: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String

    init(_ kind: String, _ text: String) {
      testDescription = kind
      self.text = text
    }
  }

  private static let texts = [
    Text("one letter", String(repeating: "a", count: 300_000)),
    Text("spaces", String(repeating: " ", count: 300_000)),
    Text("line feeds", String(repeating: "\n", count: 300_000)),
    Text("NUL", String(repeating: "\0", count: 300_000)),
    Text("apostrophes", String(repeating: "'", count: 300_000)),
    Text("marks in the wrong order", "a" + String(repeating: "\u{301}\u{316}", count: 150_000)),
    Text("composed letters taken apart", String(repeating: "e\u{301} x", count: 60_000)),
    Text("Hangul in jamo", String(repeating: "\u{1100}\u{1161}\u{11A8}", count: 33_000)),
    Text("special tokens", String(repeating: "<|endoftext|>", count: 24_000)),
    Text("almost special tokens", String(repeating: "<|endoftext|", count: 24_000)),
    Text("stripped spaces", String(repeating: " [B]\t\t[R]  ", count: 30_000)),
    Text("spaces between strips", "[R]" + String(repeating: " ", count: 300_000) + "[L]"),
  ]

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "demo", "neox-like", "stripping", "plain", "llama2", "llama3", "mistral", "cl100k", "kimi",
      "falcon", "thousands", "affix", "unigram",
    ], texts)
  func ends(tokenizer name: String, text: Text) throws {
    let tokenizer = try Tokenizer(FileBytes(reading: TestFiles.tokenizer(name)))
    let tokens = tokenizer.encode(text.text)
    // Some pre-tokenizers drop white space.
    #expect(!tokens.isEmpty || text.text.allSatisfy(\.isWhitespace))
  }

  /// Patterns that backtracking alone would take quadratic or exponential time for.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "a*b|a", "(?=a*b)a|.", "(?:a|a)*b", "a*a*a*c", "(?:ab|a|b)+c", "a*?b|a", "(?!a*c)a|b",
      "a++b|a", "(?:a{1,3}){1,40}c|a", "(?=(?:aa|a)*b)a",
    ], ["", "b", "c"])
  func patternsEnd(pattern: String, tail: String) throws {
    let json = """
      {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\(pattern)"},
        "behavior": "Isolated"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
      """
    let tokenizer = try Tokenizer(FileBytes(Array(json.utf8), name: "tokenizer.json"))
    let text = String(repeating: "a", count: 300_000) + tail
    let tokens = tokenizer.encode(text)
    #expect(tokens.count == text.utf8.count)
  }
}
