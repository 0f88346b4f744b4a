import JSON
import Storage

/// The conditions for taking a JSON line: each field must have one of its listed values.
package struct FieldConditions: Sendable, Equatable {
  package struct Condition: Sendable, Equatable {
    package let field: RecordField
    /// The accepted values; there is at least one.
    package let values: [FieldValue]

    package func holds(for value: JSON?) -> Bool {
      guard let value else { return false }
      return values.contains { $0.matches(value) }
    }
  }

  /// The conditions, sorted by field.
  package let all: [Condition]

  package init(_ conditions: [(field: RecordField, values: [FieldValue])]) {
    all = conditions.map(Condition.init).sorted { $0.field.name < $1.field.name }
  }
}

extension FieldConditions.Condition: CustomStringConvertible {
  /// The condition in words: `meta.lang = "fr" or "nl"`.
  package var description: String {
    "\(field.name) = " + values.map(\.description).joined(separator: " or ")
  }
}

extension FieldConditions: CustomStringConvertible {
  package var description: String { all.map(\.description).joined(separator: " and ") }
}

/// A value that a field must have. Types matter: the number 3 differs from the text "3", and a
/// missing field differs from `null`.
package enum FieldValue: Sendable, Equatable {
  case text(String)
  /// The number in a canonical spelling, see `spelled(_:)`.
  case number(String)
  case bool(Bool)
  case null

  /// The value of an unquoted word: a JSON number, `true`, `false` or `null`, otherwise text. `no`
  /// and `on` are text.
  init(word: String) {
    self =
      switch word {
      case "true", "True", "TRUE": .bool(true)
      case "false", "False", "FALSE": .bool(false)
      case "null", "Null", "NULL", "~": .null
      default: Self.spelled(word) ?? .text(word)
      }
  }

  /// The canonical spelling of a number, so that 1.0 and 1.00 are equal; nil if `word` is not a
  /// JSON number.
  static func spelled(_ word: String) -> FieldValue? {
    guard let first = word.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
      let json = try? JSON(parsing: FileBytes(Array(word.utf8), name: "")),
      case .number(let digits) = json
    else { return nil }
    if let integer = Int(digits) { return .number(String(integer)) }
    guard let double = Double(digits), double.isFinite else { return nil }
    return .number("\(double)")
  }

  func matches(_ value: JSON) -> Bool {
    switch (self, value) {
    case (.text(let text), .string(let found)): text.utf8.elementsEqual(found.utf8)
    case (.bool(let bool), .bool(let found)): bool == found
    case (.null, .null): true
    case (.number(let digits), .number(let found)):
      // Identifiers can have more digits than a Double, so integers are compared as integers.
      if let integer = Int(digits), let other = Int(found) {
        integer == other
      } else {
        Double(digits) == Double(found)
      }
    default: false
    }
  }
}

extension FieldValue: CustomStringConvertible {
  /// The value as JSON spells it.
  package var description: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .number(let digits): digits
    case .bool(let bool): "\(bool)"
    case .null: "null"
    }
  }
}

extension FieldValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let bool = try? container.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? container.decode(Int.self) {
      self = .number(String(integer))
    } else if let double = try? container.decode(Double.self) {
      self = .number("\(double)")
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .bool(let bool): try container.encode(bool)
    case .null: try container.encodeNil()
    case .number(let digits):
      // Findings contain only integers that every JSON reader represents exactly.
      if let integer = Int(digits), integer.magnitude <= 1 << 53 {
        try container.encode(integer)
      } else if digits.contains("."), let double = Double(digits) {
        try container.encode(double)
      } else {
        try container.encode(digits)
      }
    }
  }
}

extension FieldConditions: Codable {
  private struct Field: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Field.self)
    self.init(
      try container.allKeys.map { key in
        if let values = try? container.decode([FieldValue].self, forKey: key) {
          return (RecordField(key.stringValue), values)
        }
        return (
          RecordField(key.stringValue), [try container.decode(FieldValue.self, forKey: key)]
        )
      })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Field.self)
    for condition in all {
      let key = Field(stringValue: condition.field.name)
      if condition.values.count == 1 {
        try container.encode(condition.values[0], forKey: key)
      } else {
        try container.encode(condition.values, forKey: key)
      }
    }
  }
}
