import Diagnostics

/// Refuses texts before the YAML parser sees them, either because they would overload the parser or
/// because its message would be less clear.
enum YAMLScreening {
  /// A study is written by hand; the longest of the examples has 20 kB.
  static let sizeLimit = 1 << 20

  /// `text` without its byte order mark.
  ///
  /// - Throws: `Diagnostic` of kind `.study` for a file that is too long, for control characters,
  ///   and for aliases, which can expand to more than memory holds.
  static func screened(_ text: String, file: String) throws -> String {
    guard text.utf8.count <= sizeLimit else {
      throw Diagnostic(
        .study, file: file, expected: "a study file of at most \(sizeLimit) bytes",
        found: "\(text.utf8.count) bytes", advice: "Name texts by their path instead.")
    }
    var line = 1
    for scalar in text.unicodeScalars {
      if scalar == "\n" { line += 1 }
      guard isAllowed(scalar) else {
        throw Diagnostic(
          .study, file: file, field: "line \(line)", expected: "printable characters",
          found: "U+\(String(scalar.value, radix: 16, uppercase: true))",
          advice: "Write it as an escape in double quotation marks, such as \"\\u0007\".")
      }
    }
    try refuseAliases(Array(text.utf8), file: file)
    return text
  }

  /// Whether YAML 1.1 allows the character in a file.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD: true
    default: scalar.value >= 0x10000
    }
  }

  /// Refuses a file with both `&name` and `*name` if YAML could read them as an anchor and its
  /// alias. One without the other expands to nothing.
  private static func refuseAliases(_ bytes: [UInt8], file: String) throws {
    var anchors = Set<ArraySlice<UInt8>>()
    var line = 1
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"),
        index == 0 || opensNode(bytes[index - 1])
      else { continue }
      let name = bytes[(index + 1)...].prefix(while: isNameByte)
      if byte == UInt8(ascii: "&") {
        anchors.insert(name)
      } else if !name.isEmpty, anchors.contains(name) {
        let alias = "*" + String(decoding: name.prefix(80), as: UTF8.self)
        throw Diagnostic(
          .study, file: file, field: "line \(line)", expected: "no aliases", found: alias,
          advice: "Write the value out where it is needed.")
      }
    }
  }

  private static func opensNode(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "[]{},:-?!".utf8.contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "_-".utf8.contains(byte)
  }
}
