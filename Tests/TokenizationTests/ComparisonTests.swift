import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Run by Tests/reference/tokenizer_compare.py over strings that it has just made.
struct ComparisonTests {
  private static let folder = getenv("REPORTGEN_TOKENIZER_CASES").map { String(cString: $0) }

  @Test(
    .enabled(if: folder != nil, "run it through Tests/reference/tokenizer_compare.py"),
    arguments: TestFiles.names(in: folder ?? ""))
  func equalsTokenizersOnRandomStrings(name: String) throws {
    let stem = try #require(Self.folder) + "/" + name
    let cases = try TokenizerCases(
      tokenizer: stem + ".tokenizer.json", cases: stem + ".cases.json")
    let differences = cases.differences()
    print("\(name): \(differences.count) of \(cases.count) strings differ")
    #expect(differences.isEmpty, "the first: \(differences.prefix(5).joined(separator: "\n"))")
  }
}
