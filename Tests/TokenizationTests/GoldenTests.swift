import JSON
import Storage
import Testing
import Tokenization

/// Goldens are written by Tests/reference/tokenizer_goldens.py.
struct GoldenTests {
  @Test func everyStructureIsRecorded() {
    #expect(TestFiles.names(in: TestFiles.goldens).count == 25)
  }

  @Test(arguments: TestFiles.names(in: TestFiles.goldens))
  func encodesAsTokenizersDoes(name: String) throws {
    let cases = try TokenizerCases(
      tokenizer: TestFiles.tokenizer(name), cases: TestFiles.goldens + name + ".cases.json")
    #expect(cases.count >= 150)
    let differences = cases.differences()
    #expect(differences.isEmpty, "\(differences.count) differ, the first: \(differences.first!)")
  }

  @Test(arguments: TestFiles.names(in: TestFiles.goldens))
  func decodesAsTokenizersDoes(name: String) throws {
    let tokenizer = try Tokenizer(FileBytes(reading: TestFiles.tokenizer(name)))
    let file = try FileBytes(reading: TestFiles.goldens + name + ".decoded.json")
    let cases = try #require(try JSON(parsing: file).array)
    #expect(cases.count >= 30)
    for item in cases {
      let parts = item.array?.compactMap(\.string) ?? []
      let ids = TokenizerCases.numbers(parts[0]).map(Int32.init)
      // Swift's == would take canonically equal texts for the same.
      #expect(Array(tokenizer.decode(ids).utf8) == Array(parts[1].utf8), "\(ids)")
      if ids.count == 1 {
        #expect(Array(tokenizer.string(of: ids[0]).utf8) == Array(parts[1].utf8))
      }
    }
  }
}
