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

  @Test(arguments: ["demo", "neox-like", "stripping", "plain"], texts)
  func endsInUnderASecond(tokenizer name: String, text: Text) throws {
    let tokenizer = try Tokenizer(FileBytes(reading: TestFiles.tokenizer(name)))
    var tokens: [Token] = []
    let time = ContinuousClock().measure { tokens = tokenizer.encode(text.text) }
    #expect(!tokens.isEmpty)
    #expect(time < .seconds(1))
  }
}
