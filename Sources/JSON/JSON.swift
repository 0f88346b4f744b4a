/// A JSON value as a file spells it: objects keep their order, numbers keep their digits.
///
/// Foundation's parser accepts duplicate keys and lone surrogates and forgets how a number was
/// written; none of these may pass in a file from the internet.
package indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  /// The digits as written: `1`, `1.0` and `1e0` differ.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Sendable {
    package let key: String
    package let value: JSON

    package init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// The member named `key`, compared by bytes (Swift's `==` on strings is canonical).
  ///
  /// - Complexity: linear in the number of members.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The value of a number written as an integer: `6`, never `6.0` or `"6"`.
  package var integer: Int? {
    if case .number(let digits) = self { Int(digits) } else { nil }
  }

  package var double: Double? {
    if case .number(let digits) = self { Double(digits) } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var array: [JSON]? {
    if case .array(let items) = self { items } else { nil }
  }

  package var object: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// A description of the value for messages: `"6" (a string)`, `a list of 3`.
  package var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let digits): String(digits.prefix(40))
    case .string(let text): "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\" (a string)"
    case .array(let items): "a list of \(items.count)"
    case .object(let members): "an object of \(members.count)"
    }
  }
}
