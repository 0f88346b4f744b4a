import JSON
import Storage
import Testing
import Tokenization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The counts that `study.md` states for GPT-NeoX's tokenizer on the notebook's documents.
@Suite(
  .enabled(
    if: access(TestFiles.neox, R_OK) == 0, "../shared/data holds GPT-NeoX's tokenizer and Europarl")
)
struct EuroparlTests {
  private let tokenizer: Tokenizer

  init() throws { tokenizer = try Tokenizer(FileBytes(reading: TestFiles.neox)) }

  private func documents(_ name: String) throws -> [String] {
    let file = try FileBytes(reading: TestFiles.shared + name + "_data.json")
    return try JSON(parsing: file).array?.compactMap(\.string) ?? []
  }

  @Test(arguments: [("french", 66_194, 342_601), ("non_french", 82_906, 418_088)])
  func countsEqualTheNotebooks(name: String, first200: Int, all: Int) throws {
    let counts = try documents(name).map { tokenizer.encode($0).count }
    #expect(counts.count == 1000)
    #expect(counts.prefix(200).reduce(0, +) == first200)
    #expect(counts.reduce(0, +) == all)
  }

  @Test func countsByDocumentIncludeBOS() throws {
    let documents = try documents("french")
    func counts(characters: Int) -> [Int] {
      documents.filter { $0.unicodeScalars.count == characters }
        .map { tokenizer.encode($0).count + 1 }
    }
    #expect(counts(characters: 200) == [68, 49, 60, 58])
    #expect(counts(characters: 2988) == [857])
  }

  @Test func rangesAreWholeCharactersInOrder() throws {
    for document in try documents("french").prefix(50) {
      let bytes = Array(document.utf8)
      var last = 0
      for token in tokenizer.encode(document) {
        #expect(token.range.lowerBound >= last)
        #expect(String(validating: bytes[token.range], as: UTF8.self) != nil)
        last = token.range.lowerBound
      }
    }
  }

  @Test func everyTokenDecodesToItsOwnBytes() {
    #expect(tokenizer.vocabularySize == 50_281)
    #expect(tokenizer.beginning == [0])
    let text = "Où est l'été ?   \u{65E5}\u{672C} \u{1F600}<|endoftext|>"
    let ids = tokenizer.encode(text).map(\.id)
    #expect(tokenizer.decode(ids) == text)
    #expect(ids.flatMap { tokenizer.bytes(of: $0) ?? [] } == Array(text.utf8))
  }
}
