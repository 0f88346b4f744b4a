import Diagnostics
import Storage

extension JSON {
  /// Parses a whole file.
  ///
  /// Strict by RFC 8259: valid UTF-8, no duplicate keys, no lone surrogates, nothing after the
  /// value. A UTF-8 byte order mark at the start is skipped. Nesting is limited to 256 levels.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that gives line and column, or the byte offset where
  ///   the encoding is at fault.
  /// - Complexity: linear; an object's keys are hashed to find duplicates.
  package init(parsing file: FileBytes) throws {
    self = try file.withBytes { try JSON(parsing: $0, file: file.name) }
  }

  /// - Parameter acceptsNonFinite: whether `NaN`, `Infinity` and `-Infinity` are numbers, as
  ///   Python's `json` writes them.
  package init(
    parsing bytes: UnsafeRawBufferPointer, file: String, acceptsNonFinite: Bool = false
  ) throws {
    var parser = JSONParser(bytes: bytes, file: file, acceptsNonFinite: acceptsNonFinite)
    self = try parser.parseDocument()
  }
}

/// Parses the bytes of a JSON text in one pass.
private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let file: String
  let acceptsNonFinite: Bool
  var at = 0
  var depth = 0

  static let depthLimit = 256

  mutating func parseDocument() throws -> JSON {
    if bytes.count >= 2,
      (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF)
    {
      throw fault("UTF-8 text", "UTF-16", "byte 0", advice: "Save the file as UTF-8.")
    }
    if UTF8Validation.resemblesUTF16(bytes) {
      throw fault(
        "UTF-8 text", "UTF-16 without a byte order mark", "byte 0",
        advice: "Save the file as UTF-8.")
    }
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    skipSpace()
    let value = try parseValue()
    skipSpace()
    if at < bytes.count { throw unexpected("the end of the file") }
    return value
  }

  private mutating func parseValue() throws -> JSON {
    guard at < bytes.count else { throw unexpected("a value") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "N") where acceptsNonFinite: return try parseWord("NaN", .number("NaN"))
    case UInt8(ascii: "I") where acceptsNonFinite:
      return try parseWord("Infinity", .number("Infinity"))
    case UInt8(ascii: "-")
    where acceptsNonFinite && at + 1 < bytes.count
      && bytes[at + 1] == UInt8(ascii: "I"):
      return try parseWord("-Infinity", .number("-Infinity"))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseObject() throws -> JSON {
    try enter()
    var members: [JSON.Member] = []
    var seen = Set<ByteKey>()
    skipSpace()
    if take("}") {
      depth -= 1
      return .object([])
    }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw unexpected("a key in quotation marks")
      }
      let start = at
      let key = try parseString()
      guard seen.insert(ByteKey(key)).inserted else {
        at = start
        throw fault("each key once", "\"\(key.prefix(80))\" twice", place)
      }
      skipSpace()
      guard take(":") else { throw unexpected("a colon") }
      skipSpace()
      members.append(.init(key: key, value: try parseValue()))
      skipSpace()
      if take(",") { continue }
      guard take("}") else { throw unexpected("a comma or a closing brace") }
      depth -= 1
      return .object(members)
    }
  }

  private mutating func parseArray() throws -> JSON {
    try enter()
    var items: [JSON] = []
    skipSpace()
    if take("]") {
      depth -= 1
      return .array([])
    }
    while true {
      skipSpace()
      items.append(try parseValue())
      skipSpace()
      if take(",") { continue }
      guard take("]") else { throw unexpected("a comma or a closing bracket") }
      depth -= 1
      return .array(items)
    }
  }

  private mutating func enter() throws {
    at += 1
    depth += 1
    if depth > Self.depthLimit {
      throw fault("nesting of at most \(Self.depthLimit)", "deeper nesting", place)
    }
  }

  private mutating func parseString() throws -> String {
    at += 1
    let start = at
    // A string without escapes, the common case, is validated and copied as a whole.
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
      bytes[at] >= 0x20
    { at += 1 }
    guard at < bytes.count else { throw unexpected("a closing quotation mark") }
    if bytes[at] == UInt8(ascii: "\"") {
      defer { at += 1 }
      return try decode(start..<at)
    }
    var text = try decode(start..<at)
    while true {
      guard at < bytes.count else { throw unexpected("a closing quotation mark") }
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return text
      case UInt8(ascii: "\\"):
        text.unicodeScalars.append(try parseEscape())
      case 0..<0x20:
        throw unexpected("an escaped control character")
      default:
        let run = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
          bytes[at] >= 0x20
        { at += 1 }
        text += try decode(run..<at)
      }
    }
  }

  private func decode(_ range: Range<Int>) throws -> String {
    let part = UnsafeRawBufferPointer(rebasing: bytes[range])
    if let text = String(validating: part, as: UTF8.self) { return text }
    let offset = range.lowerBound + (UTF8Validation.firstInvalid(in: part) ?? 0)
    throw fault(
      "valid UTF-8", "byte 0x\(String(bytes[offset], radix: 16, uppercase: true))",
      "byte \(offset)", advice: "Save the file as UTF-8.")
  }

  private mutating func parseEscape() throws -> Unicode.Scalar {
    let start = at
    at += 1
    guard at < bytes.count else { throw unexpected("an escape") }
    defer { at += 1 }
    switch bytes[at] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let high = try hexadecimal()
      if let scalar = Unicode.Scalar(high) { return scalar }
      if high < 0xDC00, at + 2 < bytes.count, bytes[at + 1] == UInt8(ascii: "\\"),
        bytes[at + 2] == UInt8(ascii: "u")
      {
        at += 2
        let low = try hexadecimal()
        if (0xDC00...0xDFFF).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
          return scalar
        }
      }
      at = start
      throw fault(
        "a surrogate pair", "a lone \\u\(String(high, radix: 16))", "byte \(start)",
        advice: "Write the character itself, or both halves of its pair.")
    default: throw unexpected("an escape")
    }
  }

  /// Reads the four hexadecimal digits after the `u` at `at`; moves `at` to the last of them.
  private mutating func hexadecimal() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      at += 1
      guard at < bytes.count else { throw unexpected("four hexadecimal digits") }
      let digit: UInt8
      switch bytes[at] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[at] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[at] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[at] - UInt8(ascii: "A") + 10
      default: throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func parseNumber() throws -> JSON {
    let start = at
    _ = take("-")
    if take("0") {
    } else {
      guard skipDigits() else { throw unexpected("a digit") }
    }
    if take(".") { guard skipDigits() else { throw unexpected("a digit") } }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard skipDigits() else { throw unexpected("a digit") }
    }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[start..<at])
    return .number(String(decoding: digits, as: UTF8.self))
  }

  private mutating func skipDigits() -> Bool {
    let start = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    return at > start
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSON) throws -> JSON {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count,
      (0..<length).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] })
    else { throw unexpected("a value") }
    at += length
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count,
      bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
    { at += 1 }
  }

  private var place: String {
    var line = 1
    var column = 1
    for byte in bytes[..<min(at, bytes.count)] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return "line \(line), column \(column), byte \(at)"
  }

  private func unexpected(_ expected: String) -> Diagnostic {
    guard at < bytes.count else {
      return fault(
        expected, "the end of the file", place,
        advice: "The file seems to be cut short; get it again.")
    }
    let byte = bytes[at]
    let shown =
      (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    return fault(expected, shown, place)
  }

  private func fault(
    _ expected: String, _ found: String, _ place: String,
    advice: String = "Mend the JSON, or get the file again."
  ) -> Diagnostic {
    Diagnostic(.data, file: file, field: place, expected: expected, found: found, advice: advice)
  }
}

/// A string that is compared by its bytes; Swift's own `==` is by canonical equivalence.
package struct ByteKey: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
