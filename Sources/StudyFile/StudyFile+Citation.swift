import Diagnostics

// Reads the fields of a study that serve its citation.
extension StudyFile {
  static func authors(_ value: YAMLValue) throws -> [String] {
    let names = try value.list("names").map { try $0.name("an author's name") }
    guard !names.isEmpty else {
      throw value.fault("at least one name", advice: "Write [\"A. Author\"], or leave it out.")
    }
    return names
  }

  /// Reads a web address that needs no escaping in a link, in Markdown and in TeX.
  static func url(_ value: YAMLValue) throws -> String {
    let expected = "a web address that begins with https://"
    let text = try value.text(expected)
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.isASCII && $0.value > 0x20 && !"<>\"\\`{}|^()[]".unicodeScalars.contains($0)
    }
    guard isPlain, ["https://", "http://"].contains(where: text.hasPrefix),
      text.utf8.count <= 500
    else {
      throw value.fault(expected, advice: "Write an address without spaces and brackets.")
    }
    return text
  }

  static func doi(_ value: YAMLValue) throws -> String {
    let expected = "a DOI such as 10.1234/abc"
    let text = try value.text(expected)
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_/:;".unicodeScalars.contains($0))
    }
    guard parts.count == 2, parts[0].hasPrefix("10."), parts[0].utf8.count > 3, !parts[1].isEmpty,
      isPlain, text.utf8.count <= 200
    else { throw value.fault(expected, advice: "Write it without https://doi.org/.") }
    return text
  }
}
