import Foundation
import JSON
import Storage
import Tokenization

/// Strings with the tokens that Hugging Face `tokenizers` 0.21.4 gives them.
struct TokenizerCases {
  let tokenizer: Tokenizer
  private let cases: [Case]

  private struct Case {
    var text: String
    var ids: [Int]
    /// Start and end of each token in turn, in bytes.
    var offsets: [Int]
  }

  var count: Int { cases.count }

  /// A tokenizer and its cases, as Tests/reference/tokenizer_goldens.py writes them.
  init(tokenizer: String, cases: String) throws {
    self.tokenizer = try Tokenizer(FileBytes(reading: tokenizer))
    self.cases =
      try JSON(parsing: FileBytes(reading: cases)).array?.map { item in
        let parts = item.array?.compactMap(\.string) ?? []
        return Case(text: parts[0], ids: Self.numbers(parts[1]), offsets: Self.numbers(parts[2]))
      } ?? []
  }

  /// What differs, case by case.
  func differences() -> [String] {
    cases.compactMap { item in
      let tokens = tokenizer.encode(item.text)
      let ids = tokens.map { Int($0.id) }
      let offsets = tokens.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
      if ids == item.ids && offsets == item.offsets { return nil }
      let scalars = item.text.unicodeScalars.map { String($0.value, radix: 16) }
      return """
        \(scalars.joined(separator: " "))
          expected \(item.ids) \(item.offsets)
          found    \(ids) \(offsets)
        """
    }
  }

  static func numbers(_ text: String) -> [Int] {
    text.split(separator: " ").compactMap { Int($0) }
  }
}

/// Where tests find their files, relative to this one.
enum TestFiles {
  static let repository = String(
    #filePath.dropLast("Tests/TokenizationTests/TokenizerCases.swift".count))
  static let goldens = repository + "Tests/TokenizationTests/Goldens/"
  static let demo = repository + "Sources/CEmbedded/demo/tokenizer.json"
  static let shared = repository + "../shared/data/"
  static let families = repository + "../shared/families/"
  static let neox = shared + "neox/tokenizer.json"

  /// The names of the tokenizers in a folder that have cases beside them, in order.
  static func names(in folder: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let ending = ".cases.json"
    return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  static func tokenizer(_ name: String) -> String {
    name == "demo" ? demo : goldens + name + ".tokenizer.json"
  }
}
