import Foundation

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
    _ = try JSON(parsing: file)
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
