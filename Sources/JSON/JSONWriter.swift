extension JSON {
  /// The text of a file with this value; equal values give equal bytes.
  ///
  /// Keys are sorted by their bytes. Integers keep their digits, other numbers get nine significant
  /// digits. A list of scalars, and an object of scalars inside a list, takes one line. Invisible
  /// characters are escaped.
  ///
  /// - Complexity: linear, plus the sorting of each object's keys.
  package var text: String {
    var writer = JSONWriter()
    writer.write(self, indentation: 0, isItem: false)
    return writer.text + "\n"
  }
}

extension JSON {
  /// `text` without the blanks between its parts, which are a seventh of a file of columns.
  package var packedText: String {
    var writer = JSONWriter(isPacked: true)
    writer.write(self, indentation: 0, isItem: false)
    return writer.text + "\n"
  }
}

extension JSON {
  /// The value on one line, with members in their order and numbers in their spelling.
  package var line: String {
    var writer = JSONWriter()
    writer.writeLine(self)
    return writer.text
  }

  /// `line` without the blanks between its parts.
  package var packedLine: String {
    var writer = JSONWriter(isPacked: true)
    writer.writeLine(self)
    return writer.text
  }
}

/// Appends values to a text.
private struct JSONWriter {
  /// Whether no blanks stand between the parts.
  var isPacked = false
  var text = ""

  private var comma: String { isPacked ? "," : ", " }
  private var colon: String { isPacked ? ":" : ": " }

  mutating func write(_ value: JSON, indentation: Int, isItem: Bool) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += Self.number(digits)
    case .string(let string): write(string)
    case .array(let items):
      enclose(items, "[", "]", indentation, isFlat: items.allSatisfy(\.isScalar)) {
        $0.write($1, indentation: indentation + 1, isItem: true)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let isFlat = isItem && members.allSatisfy(\.value.isScalar)
      enclose(sorted, "{", "}", indentation, isFlat: isFlat) {
        $0.write($1.key)
        $0.text += $0.colon
        $0.write($1.value, indentation: indentation + 1, isItem: false)
      }
    }
  }

  mutating func writeLine(_ value: JSON) {
    func list<Part>(_ parts: [Part], _ body: (inout Self, Part) -> Void) {
      for (index, part) in parts.enumerated() {
        if index > 0 { text += comma }
        body(&self, part)
      }
    }
    switch value {
    case .array(let items):
      text += "["
      list(items) { $0.writeLine($1) }
      text += "]"
    case .object(let members):
      text += "{"
      list(members) {
        $0.write($1.key)
        $0.text += $0.colon
        $0.writeLine($1.value)
      }
      text += "}"
    case .number(let digits): text += digits
    case .null, .bool, .string: write(value, indentation: 0, isItem: true)
    }
  }

  private mutating func enclose<Part>(
    _ parts: [Part], _ open: String, _ close: String, _ indentation: Int, isFlat: Bool,
    _ body: (inout Self, Part) -> Void
  ) {
    text += open
    let line = "\n" + String(repeating: " ", count: isPacked ? 0 : indentation)
    for (index, part) in parts.enumerated() {
      if index > 0 { text += isFlat ? comma : "," }
      if !isFlat { text += isPacked ? line : line + " " }
      body(&self, part)
    }
    if !isFlat, !parts.isEmpty { text += line }
    text += close
  }

  private mutating func write(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where Self.isHidden(scalar):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Whether a scalar is a control, a line separator or a direction mark; all lie in the first
  /// plane.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func number(_ digits: String) -> String {
    if !digits.utf8.contains(where: { ".eE".utf8.contains($0) }) {
      return digits == "-0" ? "0" : digits
    }
    // A number that overflows Double keeps its spelling.
    return Double(digits).flatMap { SignificantDigits.text($0) } ?? digits
  }
}

extension JSON {
  fileprivate var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
