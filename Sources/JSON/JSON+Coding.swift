import Diagnostics
import Storage

extension JSON {
  /// Encodes `value` as a tree. `file` names, for messages, the file it will be written to.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field of a number that is not finite.
  package init(encoding value: some Encodable, file: String) throws {
    do {
      self = try TreeEncoder.tree(of: value)
    } catch let EncodingError.invalidValue(value, context) {
      throw Diagnostic(
        .data, file: file, field: Self.place(context.codingPath), expected: "a finite number",
        found: "\(value)", advice: "The model or its input gives numbers that mean nothing.")
    }
  }

  /// Reads a value from a file: strict JSON first, then its shape.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field at fault.
  package static func decode<Value: Decodable>(_ type: Value.Type, from file: FileBytes) throws
    -> Value
  {
    try JSON(parsing: file).decode(type, file: file.name)
  }

  /// Decodes a value from this tree, which was parsed from `file`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field at fault.
  package func decode<Value: Decodable>(_ type: Value.Type, file: String) throws -> Value {
    func fault(_ path: [any CodingKey], _ expected: String, _ found: String) -> Diagnostic {
      Diagnostic(
        .data, file: file, field: Self.place(path), expected: expected, found: found,
        advice: "Build the report again; its findings were changed or are another version's.")
    }
    if let (path, digits) = firstInexactInteger() {
      throw Diagnostic(
        .data, file: file, field: path.joined(separator: "."),
        expected: "an integer from −2^53 to 2^53", found: String(digits.prefix(40)),
        advice: "Build the report again; its findings were changed.")
    }
    do {
      return try Value(from: TreeDecoder(json: self, codingPath: []))
    } catch let DecodingError.typeMismatch(type, context) {
      throw fault(context.codingPath, "a value of type \(type)", "another")
    } catch let DecodingError.valueNotFound(type, context) {
      throw fault(context.codingPath, "a value of type \(type)", "none")
    } catch let DecodingError.keyNotFound(key, context) {
      throw fault(context.codingPath, "the key \"\(key.stringValue)\"", "none")
    } catch let DecodingError.dataCorrupted(context) {
      throw fault(context.codingPath, "a value that can be read", context.debugDescription)
    }
  }

  /// The address of a coding path, such as `findings.prompts.0.clean`.
  private static func place(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}

extension JSON {
  /// The path and digits of the first integer that a double cannot hold exactly (RFC 8259, section
  /// 6). Counts are far smaller, and the sum of a thousand accepted integers does not overflow.
  fileprivate func firstInexactInteger() -> (path: [String], digits: String)? {
    func first(_ items: some Sequence<(String, JSON)>) -> (path: [String], digits: String)? {
      for (name, value) in items {
        if let (path, digits) = value.firstInexactInteger() { return ([name] + path, digits) }
      }
      return nil
    }
    switch self {
    case .number(let digits):
      let isInteger = digits.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
      guard isInteger, digits.utf8.count > 15 else { return nil }
      return Int(digits).map { $0.magnitude <= 1 << 53 } == true ? nil : ([], digits)
    case .array(let items): return first(items.enumerated().lazy.map { ("\($0)", $1) })
    case .object(let members): return first(members.lazy.map { ($0.key, $0.value) })
    case .null, .bool, .string: return nil
    }
  }
}
