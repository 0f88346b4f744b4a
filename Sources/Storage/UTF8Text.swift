import Diagnostics

/// Reads text files in UTF-8, with or without a byte order mark.
package enum UTF8Text {
  /// The text of `file` without its byte order mark.
  ///
  /// - Throws: `Diagnostic` of `kind` for UTF-16, or for invalid UTF-8 with the offset of its first
  ///   byte.
  package static func decode(_ file: FileBytes, _ kind: Diagnostic.Kind) throws -> String {
    try file.withBytes { bytes in
      let start = try start(of: bytes, file: file.name, kind)
      return try decode(bytes, start..<bytes.count, file: file.name, kind)
    }
  }

  /// The offset at which the text begins, after the byte order mark if there is one.
  package static func start(
    of bytes: UnsafeRawBufferPointer, file: String, _ kind: Diagnostic.Kind
  ) throws -> Int {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Diagnostic(
        kind, file: file, field: "byte 0", expected: "UTF-8 text", found: "UTF-16",
        advice: "Save the file as UTF-8.")
    }
    if UTF8Validation.resemblesUTF16(bytes) {
      throw Diagnostic(
        kind, file: file, field: "byte 0", expected: "UTF-8 text",
        found: "UTF-16 without a byte order mark", advice: "Save the file as UTF-8.")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw Diagnostic(
        kind, file: file, field: "byte 0", expected: "UTF-8 text", found: "gzip data",
        advice: "Unpack the file; a corpus may be named .jsonl.gz or .txt.gz.")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// - Parameter start: the offset in the file of the first of `bytes`.
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, offset start: Int = 0, file: String,
    _ kind: Diagnostic.Kind
  ) throws -> String {
    let part = UnsafeRawBufferPointer(rebasing: bytes[range])
    if let text = String(validating: part, as: UTF8.self) { return text }
    let offset = range.lowerBound + (UTF8Validation.firstInvalid(in: part) ?? 0)
    throw Diagnostic(
      kind, file: file, field: "byte \(start + offset)", expected: "valid UTF-8",
      found: "byte 0x\(String(bytes[offset], radix: 16, uppercase: true))",
      advice: "Save the file as UTF-8.")
  }
}
