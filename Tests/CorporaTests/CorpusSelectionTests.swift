import Corpora
import Diagnostics
import Foundation
import SampleStudies
import Storage
import StudyFile
import Testing

/// Documents of JSON Lines that are chosen by what they say, by their length or at random.
struct CorpusSelectionTests {
  /// What Tests/reference/corpus_goldens.py recorded.
  private struct Goldens: Decodable {
    struct Case: Decodable {
      let settings: String
      let read: Int
      let blank: Int
      let matched: Int
      let taken: [Int]
      let texts: String
    }

    let text: String
    let packed: Data
    let cases: [Case]

    static func read() throws -> Goldens {
      let url = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Goldens/corpora.json").standardized
      return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
    }
  }

  private func entry(_ settings: String, path: String = "a.jsonl") throws -> CorpusEntry {
    try StudyFile(
      yaml: SampleStudy.yaml(line: 4, "  - {name: Dutch, path: \(path), \(settings)}")
    ).corpora[0]
  }

  private func corpus(
    _ settings: String, _ text: String, keeping limit: Int = .max
  ) throws -> Corpus {
    try Corpus(
      entry(settings), file: FileBytes(Array(text.utf8), name: "a.jsonl"), keeping: limit)
  }

  private func fault(_ settings: String, _ text: String) throws -> Diagnostic {
    try #require(throws: Diagnostic.self) { _ = try corpus(settings, text) }
  }

  @Test(arguments: ["a.jsonl", "a.jsonl.gz"]) func takesWhatPythonTakes(path: String) throws {
    let goldens = try Goldens.read()
    let bytes = path.hasSuffix(".gz") ? Array(goldens.packed) : Array(goldens.text.utf8)
    for golden in goldens.cases {
      let comma = golden.settings.isEmpty ? "" : ", "
      let entry = try entry("text: content.body" + comma + golden.settings, path: path)
      let corpus = try Corpus(entry, file: FileBytes(bytes, name: path))
      #expect(corpus.read == golden.read && corpus.blank == golden.blank)
      #expect(corpus.matched == golden.matched && corpus.taken == golden.taken.count)
      #expect(corpus.documents.map(\.index) == golden.taken, "\(golden.settings)")
      let texts = corpus.documents.map(\.text).joined(separator: "\0")
      #expect(Checksum.sha256(of: texts) == golden.texts, "\(golden.settings)")
      #expect(corpus.sha256 == Checksum.sha256(of: bytes))
    }
  }

  @Test func countsMoreThanItKeeps() throws {
    let lines = (0..<50).map { "{\"text\": \"t\($0)\"}\n" }.joined()
    let all = try corpus("role: study", lines, keeping: 3)
    #expect(all.documents.map(\.text) == ["t0", "t1", "t2"] && all.taken == 50)
    let some = try corpus("sample: {documents: 20, seed: 5}", lines, keeping: 3)
    let whole = try corpus("sample: {documents: 20, seed: 5}", lines)
    #expect(some.documents == Array(whole.documents.prefix(3)) && some.taken == 20)
  }

  @Test(arguments: [
    ("text: a.b", #"{"a": {"b": "x"}}"#), ("text: a.b", #"{"a.b": "x"}"#),
    ("text: a.b.c", #"{"a.b": {"c": "x"}}"#), ("text: a.b.c", #"{"a": {"b.c": "x"}}"#),
    ("text: a.1.c", #"{"a": [{"c": "no"}, {"c": "x"}]}"#),
    ("text: a..b", #"{"a": {"": {"b": "x"}}}"#),
    ("text: a.b", #"{"a": {"b": "no"}, "a.b": "x"}"#), ("text: é", "{\"é\": \"x\"}"),
    ("where: {a.b: 1}", #"{"text": "x", "a": {"b": 1}}"#),
    ("where: {n: 3}", #"{"text": "x", "n": 3.0}"#),
    ("where: {n: -0.5e1}", #"{"text": "x", "n": -5}"#),
    ("where: {n: 12345678901234567891}", #"{"text": "x", "n": 12345678901234567891}"#),
    ("where: {n: true}", #"{"text": "x", "n": true}"#),
    ("where: {n: null}", #"{"text": "x", "n": null}"#),
    ("where: {n: no}", #"{"text": "x", "n": "no"}"#),
    ("where: {n: \"3\"}", #"{"text": "x", "n": "3"}"#),
    ("where: {n: [1, \"1\"]}", #"{"text": "x", "n": "1"}"#),
    ("where: {n: \"\"}", #"{"text": "x", "n": ""}"#),
    ("where: {n: 007}", #"{"text": "x", "n": "007"}"#),
    ("role: study", #"{"text": "x", "n": NaN, "m": [-Infinity, {"k": Infinity}]}"#),
    ("where: {n: 1}", #"{"n": 2}"# + "\n" + #"{"n": 1, "text": "x"}"#),
    ("where: {n: 1}", #"{"n": 2, "text": 5}"# + "\n" + #"{"n": 1, "text": "x"}"#),
  ])
  func isFound(settings: String, text: String) throws {
    #expect(try corpus(settings, text).documents.map(\.text) == ["x"])
  }

  @Test(arguments: [
    ("where: {n: 3}", #""3""#), ("where: {n: \"3\"}", "3"), ("where: {n: true}", "1"),
    ("where: {n: true}", #""true""#), ("where: {n: null}", "false"), ("where: {n: 1}", "true"),
    ("where: {n: 9007199254740993}", "9007199254740992"), ("where: {n: a}", #"["a"]"#),
    ("where: {n: é}", "\"e\u{301}\""), ("where: {n: nan}", "NaN"), ("where: {n.m: 1}", "1"),
  ])
  func isAnotherValue(settings: String, value: String) throws {
    let fault = try fault(settings, "{\"text\": \"x\", \"n\": \(value)}")
    #expect(fault.kind == .data && fault.found == "none among the 1 that were read")
  }

  @Test func whatIsNotThereIsNotNull() throws {
    let fault = try fault("where: {n: null}", #"{"text": "x"}"#)
    #expect(fault.advice == "No line has the field n. Known here: text.")
  }

  @Test func anEmptyMatchTellsWhatIsThere() throws {
    let lines = ["en", "de", "de", "3"].map { "{\"text\": \"abc\", \"lang\": \"\($0)\"}\n" }
      .joined()
    let values = try fault("where: {lang: fr}", lines + #"{"text": "x", "lang": 3}"#)
    #expect(
      values.message.contains(#"at least one document where lang = "fr", found none among the 5"#))
    #expect(values.advice == #"Found for lang: "de" (2), "3" (1), "en" (1), 3 (1)."#)
    let name = try fault("where: {langs: fr}", lines)
    #expect(name.advice == "No line has the field langs. Did you mean lang?")
    let length = try fault("where: {lang: de}, characters: [4, 9]", lines)
    #expect(length.advice.contains("Those left had 3 to 3 characters."))
    #expect(length.expected.contains("of 4 to 9 characters"))
  }

  @Test(arguments: [
    (
      "role: study", #"{"content": "x", "id": 1}"#,
      #"line 1: expected {"text": "…"}, found an object with the keys "content", "id""#,
      "`text: content`?"
    ),
    ("text: txt", #"{"text": "x"}"#, "expected {\"txt\": \"…\"}", "`text: text`?"),
    (
      "text: a.b", #"{"a": {"c": 1}}"#, "an object with the keys \"a\"",
      "a dot leads into an object"
    ),
    ("text: n", #"{"n": NaN}"#, "found n: NaN", "text: FIELD"),
    ("role: study", #"{"text": null}"#, "found text: null", "text: FIELD"),
    ("role: study", #"{"text": ["x"]}"#, "found text: a list of 1", "text: FIELD"),
    ("role: study", "{}", "an object without keys", "a dot leads"),
    ("role: study", "{\"text\": \"x\"}\n\"x\"", "line 2", "Every line holds an object"),
    ("role: study", "{\n\"text\": \"x\"}", "found the end of the line", "one whole JSON object"),
    (
      "role: study", "[{\"text\": \"x\"},\n{\"text\": \"y\"}]", "the end of the line",
      "one array .json"
    ),
    ("role: study", "{\"text\": \"x\", \"n\": nan}", "line 1, column 20, byte 19", "Mend the JSON"),
  ])
  func aLineWithoutTheFieldIsTold(
    settings: String, text: String, words: String, advice: String
  ) throws {
    let fault = try fault(settings, text)
    #expect(fault.kind == .data && fault.message.contains(words), "\(fault.message)")
    #expect(fault.advice.contains(advice), "\(fault.message)")
  }

  @Test(arguments: [
    ("{\"text\": \"a\"}\n{\"text\": \"b\"}", "JSON Lines"), ("{\"text\": \"a\"}", "JSON Lines"),
    ("{\"text\": NaN}\n{\"text\": \"b\"}", "JSON Lines"), ("[\"a\",\n\"b\"", "cut short"),
    ("[{\"text\": \"a\"}]", "may hold more than a text"), ("3", "Write ["),
  ])
  func anArrayThatIsNoneIsToldApart(text: String, advice: String) throws {
    let entry = try entry("role: study", path: "a.json")
    let fault = try #require(throws: Diagnostic.self) {
      _ = try Corpus(entry, file: FileBytes(Array(text.utf8), name: "a.json"))
    }
    #expect(fault.kind == .data && fault.advice.contains(advice), "\(fault.message)")
  }

  @Test(arguments: ["Les députés", "Привет, мир и все", "ΑΒΓΔ και άλλα", "שלום לכולם כאן"])
  func utf16WithoutAMarkIsTold(text: String) throws {
    for (path, words) in [
      ("a.txt", text + "\n"), ("a.json", "[\"\(text)\"]"), ("a.jsonl", "{\"text\": \"\(text)\"}\n"),
    ] {
      for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
        let bytes = try #require(words.data(using: encoding))
        let entry = try entry("role: study", path: path)
        let fault = try #require(throws: Diagnostic.self) {
          _ = try Corpus(entry, file: FileBytes(Array(bytes), name: path))
        }
        #expect(fault.found == "UTF-16 without a byte order mark", "\(path)")
      }
    }
  }

  @Test(arguments: ["a\tb\tc\td\te\t", "nul\0here and there\0", "\t\t\t\t\t\tx", "é\u{1}é\u{1}"])
  func textWithControlsIsText(text: String) throws {
    let entry = try entry("role: study", path: "a.txt")
    let corpus = try Corpus(entry, file: FileBytes(Array(text.utf8), name: "a.txt"))
    #expect(corpus.documents.map(\.text) == [text])
  }
}

extension Checksum {
  fileprivate static func sha256(of bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { sha256(of: $0) }
  }
}
