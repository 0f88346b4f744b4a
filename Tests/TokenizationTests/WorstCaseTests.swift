import Foundation
import Storage
import Testing
import Tokenization

/// Texts of about 100 kB that a quadratic step somewhere would take minutes for.
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
    Text("one letter", String(repeating: "a", count: 100_000)),
    Text("spaces", String(repeating: " ", count: 100_000)),
    Text("line feeds", String(repeating: "\n", count: 100_000)),
    Text("NUL", String(repeating: "\0", count: 100_000)),
    Text("apostrophes", String(repeating: "'", count: 100_000)),
    Text("marks in the wrong order", "a" + String(repeating: "\u{301}\u{316}", count: 50_000)),
    Text("composed letters taken apart", String(repeating: "e\u{301} x", count: 20_000)),
    Text("Hangul in jamo", String(repeating: "\u{1100}\u{1161}\u{11A8}", count: 11_000)),
    Text("special tokens", String(repeating: "<|endoftext|>", count: 8000)),
    Text("almost special tokens", String(repeating: "<|endoftext|", count: 8000)),
    Text("stripped spaces", String(repeating: " [B]\t\t[R]  ", count: 10_000)),
    Text("spaces between strips", "[R]" + String(repeating: " ", count: 100_000) + "[L]"),
  ]

  @Test(
    arguments: [
      "demo", "neox-like", "stripping", "plain", "llama2", "llama3", "mistral", "cl100k", "kimi",
      "falcon", "thousands", "affix", "unigram",
    ], texts)
  func endsInUnderASecond(tokenizer name: String, text: Text) throws {
    let tokenizer = try Tokenizer(FileBytes(reading: TestFiles.tokenizer(name)))
    var tokens: [Token] = []
    let time = processorTime { tokens = tokenizer.encode(text.text) }
    // Some pre-tokenizers drop white space.
    #expect(!tokens.isEmpty || text.text.allSatisfy(\.isWhitespace))
    #expect(time < .seconds(1))
  }

  /// Patterns that backtracking alone would take quadratic or exponential time for.
  @Test(
    arguments: [
      "a*b|a", "(?=a*b)a|.", "(?:a|a)*b", "a*a*a*c", "(?:ab|a|b)+c", "a*?b|a", "(?!a*c)a|b",
      "a++b|a", "(?:a{1,3}){1,40}c|a", "(?=(?:aa|a)*b)a",
    ], ["", "b", "c"])
  func patternsEndInUnderASecond(pattern: String, tail: String) throws {
    let json = """
      {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\(pattern)"},
        "behavior": "Isolated"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
      """
    let tokenizer = try Tokenizer(FileBytes(Array(json.utf8), name: "tokenizer.json"))
    let text = String(repeating: "a", count: 50_000) + tail
    var tokens: [Token] = []
    let time = processorTime { tokens = tokenizer.encode(text) }
    #expect(tokens.count == text.utf8.count)
    #expect(time < .seconds(1))
  }
}

/// What the thread computes, whatever else the machine does meanwhile.
private func processorTime(_ body: () -> Void) -> Duration {
  func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
  let start = now()
  body()
  return now() - start
}
