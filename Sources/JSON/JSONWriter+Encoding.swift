import Diagnostics
import Foundation
import Storage

extension JSON {
  /// What `value` says when it is encoded; `file` is what it will be written to.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field of a number that is not finite.
  package init(encoding value: some Encodable, file: String) throws {
    let data: Data
    do {
      data = try JSONEncoder().encode(value)
    } catch let EncodingError.invalidValue(value, context) {
      throw Diagnostic(
        .data, file: file, field: Self.place(context.codingPath), expected: "a finite number",
        found: "\(value)", advice: "The model or its input gives numbers that mean nothing.")
    }
    self = try JSON(parsing: FileBytes(Array(data), name: file))
  }

  /// Reads a value from a file: strict JSON first, then its shape.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field at fault.
  package static func decode<Value: Decodable>(_ type: Value.Type, from file: FileBytes) throws
    -> Value
  {
    let tree = try JSON(parsing: file)
    // Foundation refuses a byte order mark, which the strict parser skips.
    let data = file.withBytes { bytes in
      Data(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[0...])
    }
    func fault(_ context: DecodingError.Context, _ expected: String, _ found: String) -> Diagnostic
    {
      Diagnostic(
        .data, file: file.name, field: place(context.codingPath), expected: expected, found: found,
        advice: "Build the report again; its findings were changed or are another version's.")
    }
    if let (path, digits) = tree.firstInexactInteger() {
      throw Diagnostic(
        .data, file: file.name, field: path.joined(separator: "."),
        expected: "an integer from −2^53 to 2^53", found: String(digits.prefix(40)),
        advice: "Build the report again; its findings were changed.")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let DecodingError.typeMismatch(type, context) {
      throw fault(context, "a value of type \(type)", "another")
    } catch let DecodingError.valueNotFound(type, context) {
      throw fault(context, "a value of type \(type)", "none")
    } catch let DecodingError.keyNotFound(key, context) {
      throw fault(context, "the key \"\(key.stringValue)\"", "none")
    } catch let DecodingError.dataCorrupted(context) {
      // Of a number that does not fit, Foundation says nothing but that the JSON is not valid.
      throw context.codingPath.isEmpty
        ? fault(context, "numbers that fit their fields", "a fraction or a number too large")
        : fault(context, "a value that can be read", context.debugDescription)
    }
  }

  /// `findings.prompts.0.clean`
  private static func place(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}

extension JSON {
  /// Where the first integer stands that a double does not hold exactly (RFC 8259, section 6), and
  /// its digits. Counts come nowhere near it, and a sum of a thousand that pass does not overflow.
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
