import Diagnostics
import Foundation
import Reporting
import Storage
import Testing

struct FindingsFileTests {
  @Test func whatIsWrittenAndReadIsTheSameBytes() throws {
    let file = try Sample.file(Sample.json(title: Sample.hostile, corpus: "a.b \u{E9}"))
    let text = try FindingsFile.encode(file.findings)
    let again = try FindingsFile(reading: FileBytes(Array(text.utf8), name: "findings.json"))
    #expect(try FindingsFile.encode(again.findings) == text)
    #expect(again.json.text == text)
    #expect(try FindingsFile(file.findings).json.text == text)
    #expect(again.findings.study.file.title == Sample.hostile)
    #expect(text.contains("\"test_accuracy\": 0.912345679"))
  }

  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2", "expected format 1"),
    ("\"layers\": 6", "\"layers\": \"6\"", "study.resolved_model.layers"),
    ("\"cut\": 2", "\"cut\": 1e99", "a number too large"),
    ("\"cut\": 2", "\"cut\": 9007199254740993", "cut: expected an integer from −2^53"),
    ("\"cut\": 2", "\"cut\": -9223372036854775808", "cut: expected an integer from −2^53"),
    ("\"slug\": \"sample\"", "\"slug\": \"../sample\"", "study.slug"),
    ("\"slug\": \"sample\"", "\"slug\": \"\"", "study.slug"),
    ("\"mean\": {", "\"mean\": [{", "line"), ("\"edges\"", "\"mean\"", "twice"),
    ("\"edges\"", "\"edgy\"", "\"edges\""),
    ("\"role\": \"study\"", "\"role\": \"x\"", "study.corpora"),
  ])
  func aFileThatIsNotFindingsIsRefused(old: String, new: String, words: String) {
    let text = Sample.json().replacing(old, with: new, maxReplacements: 1)
    let error = #expect(throws: Diagnostic.self) {
      try FindingsFile(reading: FileBytes(Array(text.utf8), name: "site/findings.json"))
    }
    #expect(error?.kind == .data)
    #expect(error?.message.hasPrefix("error: site/findings.json: ") == true)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func everyTruncationIsRefused() {
    let bytes = Array(Sample.json().utf8)
    for count in stride(from: 0, to: bytes.count - 1, by: 41) {
      #expect(throws: Diagnostic.self) {
        try FindingsFile(reading: FileBytes(Array(bytes[..<count]), name: "findings.json"))
      }
    }
  }
}
