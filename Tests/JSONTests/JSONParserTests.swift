import Diagnostics
import JSON
import Storage
import Testing

struct JSONParserTests {
  private func parse(_ text: String) throws -> JSON {
    try JSON(parsing: FileBytes(Array(text.utf8), name: "x.json"))
  }

  @Test func keepsOrderAndSpelling() throws {
    let value = try parse(#"{"b": [1, 1.0, -2e3, true, null], "a": "x\u00e9\ud83d\ude00\n"}"#)
    #expect(value.object?.map(\.key) == ["b", "a"])
    #expect(value["b"]?.array?[0].integer == 1)
    #expect(value["b"]?.array?[1].integer == nil)
    #expect(value["b"]?.array?[2].double == -2000)
    #expect(value["a"]?.string == "xé😀\n")
  }

  @Test(arguments: [
    (#"{"a": 1"#, "end of the file"), (#"{"a": 1, "a": 2}"#, "twice"),
    (#"["\ud800"]"#, "byte 2"), (#"[1,]"#, "']'"), ("", "end of the file"),
    ("[01]", "'1'"), ("[1] x", "'x'"), ("[\"\u{1}\"]", "0x1"), (#"["\ud83dx"]"#, "lone"),
    ("\n\n  {\"a\" 1}", "line 3, column 8"),
  ])
  func refuses(text: String, words: String) {
    #expect {
      _ = try parse(text)
    } throws: {
      let message = ($0 as? Diagnostic)?.message ?? ""
      return message.hasPrefix("error: x.json: ") && message.contains(words)
    }
  }

  @Test func limitsDepthInsteadOfOverflowingTheStack() {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(throws: Diagnostic.self) { _ = try parse(text) }
  }

  @Test func namesTheByteThatIsNotUTF8() {
    let bytes: [UInt8] = Array("[\"ab".utf8) + [0xC3, 0x28] + Array("\"]".utf8)
    #expect {
      _ = try JSON(parsing: FileBytes(bytes, name: "x.json"))
    } throws: { ($0 as? Diagnostic)?.field == "byte 4" }
  }

  @Test func canonicallyEqualKeysAreDistinct() throws {
    let value = try parse("{\"\u{E0}\": 1, \"a\u{300}\": 2}")
    #expect(value.object?.count == 2)
    #expect(value["a\u{300}"]?.integer == 2)
  }
}
