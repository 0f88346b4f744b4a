import Corpora
import Diagnostics
import SampleStudies
import Storage
import StudyFile
import Testing

@Suite struct CorpusTests {
  private func corpus(
    _ path: String, _ bytes: [UInt8], documents: Int? = nil
  ) throws -> Corpus {
    var entry = try SampleStudy.study().corpora[0]
    (entry.path, entry.documents, entry.note) = (CorpusPath(path), documents, "a note")
    return try Corpus(entry, file: FileBytes(bytes, name: path))
  }

  @Test(arguments: [
    ("a.txt", "one\ntwo\n", [0, 1], ["one", "two"], 0),
    ("a.txt", "one\r\n two \r\nlast", [0, 1, 2], ["one", " two ", "last"], 0),
    ("a.txt", "\none\n \t\n\r\ntwo\n\n", [1, 4], ["one", "two"], 4),
    ("a.txt", "lone\rCR\u{85}\u{2028}\u{0B}stay\n", [0], ["lone\rCR\u{85}\u{2028}\u{0B}stay"], 0),
    ("a.txt", "\u{FEFF}bom\n\u{FEFF}inner", [0, 1], ["bom", "\u{FEFF}inner"], 0),
    ("a.TXT", "nul\u{0}here", [0], ["nul\u{0}here"], 0),
    ("a.json", #"["one\n", "", " ", "é\u0000"]"#, [0, 2, 3], ["one\n", " ", "é\u{0}"], 1),
    ("a.json", "\u{FEFF} [\"x\"]\n", [0], ["x"], 0),
    (
      "a.jsonl", "{\"text\": \"one\"}\r\n\n{\"id\": 1, \"text\": \" two\"}", [0, 2],
      ["one", " two"], 1
    ),
    ("a.jsonl", "{\"text\": \"\"}\n{\"text\": \"x\"}\n", [1], ["x"], 1),
  ])
  func documentsAreTakenAsTheyStand(
    path: String, text: String, indices: [Int], texts: [String], blank: Int
  ) throws {
    let corpus = try corpus(path, Array(text.utf8))
    #expect(corpus.documents.map(\.index) == indices)
    #expect(corpus.documents.map { Array($0.text.utf8) } == texts.map { Array($0.utf8) })
    #expect(corpus.blank == blank)
    #expect(corpus.sha256 == Checksum.sha256(of: text))
    #expect(corpus.path.patterns == [path] && corpus.note == "a note")
  }

  @Test func onlyTheFirstDocumentsAreTakenWhenAsked() throws {
    let corpus = try corpus("a.txt", Array("\na\n\nb\nc".utf8), documents: 2)
    #expect(corpus.documents.map(\.text) == ["a", "b"] && corpus.documents.map(\.index) == [1, 3])
  }

  @Test(arguments: [
    ("a.txt", "", "expected at least one document, found an empty file"),
    ("a.txt", "\n \n\r\n", "expected at least one document, found none (3 blank)"),
    ("a.json", "", "expected at least one document, found an empty file"),
    ("a.json", "[]", "expected at least one document, found none (0 blank)"),
    ("a.json", "[\"\"]", "found none (1 blank)"),
    ("a.json", "{\"a\": 1}", "expected an array of strings, found an object of 1"),
    ("a.json", "[\"a\", 3]", "item 1: expected a string, found 3"),
    ("a.json", "[\"a\", [\"b\"]]", "item 1: expected a string, found a list of 1"),
    ("a.json", "[\"a\",\n \"b\"", "line 2, column 5"),
    ("a.json", "[\"\\ud800\"]", "byte 2: expected a surrogate pair"),
    ("a.jsonl", "{\"text\": \"a\"}\n[1]", "line 2: expected {\"text\": \"…\"}, found a list of 1"),
    (
      "a.jsonl", "{\"text\": \"a\"}\n{\"txt\": 1}",
      "line 2: expected {\"text\": \"…\"}, found an obj"
    ),
    ("a.jsonl", "{\"text\": 5}", "line 1: expected {\"text\": \"…\"}, found text: 5"),
    (
      "a.jsonl", "{\"text\": \"a\"}\n\n{\"text\": ?}",
      "line 3, column 10, byte 24: expected a value"
    ),
    ("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"\\ud800\"}", "line 2, byte 24: expected a surr"),
  ])
  func aBadFileIsToldByItsPlace(path: String, text: String, words: String) throws {
    let error = try #require(throws: Diagnostic.self) { _ = try corpus(path, Array(text.utf8)) }
    #expect(error.kind == .data && error.file == path)
    #expect(error.message.contains(words))
  }

  @Test(arguments: ["a.txt", "a.json", "a.jsonl"])
  func encodingsOtherThanUTF8AreRefused(path: String) throws {
    for bytes in [[0xFF, 0xFE, 0x41, 0], [0xFE, 0xFF, 0, 0x41]] as [[UInt8]] {
      let error = try #require(throws: Diagnostic.self) { _ = try corpus(path, bytes) }
      #expect(error.kind == .data && error.found == "UTF-16")
    }
    let damaged = Array("{\"text\": \"ok\"}\n[\"abc".utf8) + [0xC3, 0x28] + Array("\"]\n".utf8)
    let start = path == "a.json" ? Array(damaged[15...]) : damaged
    let error = try #require(throws: Diagnostic.self) { _ = try corpus(path, start) }
    #expect(error.message.contains("byte \(path == "a.json" ? 5 : 20): expected valid UTF-8"))
  }

  @Test func deepNestingIsRefused() throws {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    for path in ["a.json", "a.jsonl"] {
      let error = try #require(throws: Diagnostic.self) { _ = try corpus(path, deep) }
      #expect(error.kind == .data && error.expected.contains("nesting"))
    }
  }
}
