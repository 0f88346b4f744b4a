import Diagnostics
import JSON
import Storage

/// Reads the values of a GGUF header one after the other, never past the end of the file.
///
/// Before anything is allocated for a count, the file is known to be long enough for it.
struct GGUFReader {
  let file: String
  private let bytes: UnsafeRawBufferPointer
  private(set) var at = 0

  init(_ bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The number of bytes that are not yet read.
  var left: Int { bytes.count - at }

  mutating func integer<Value: FixedWidthInteger>(_ field: String, as: Value.Type) throws -> Value {
    let size = MemoryLayout<Value>.size
    guard left >= size else {
      throw fault(field, "\(size) bytes at byte \(at)", "\(left), the end of the file")
    }
    defer { at += size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Value.self))
  }

  /// Reads a count of items, each of which takes at least `size` bytes.
  mutating func count(_ field: String, of size: Int) throws -> Int {
    let place = at
    let count = try integer(field, as: UInt64.self)
    guard count <= UInt64(left / max(1, size)) else {
      throw fault(
        field, "at most \(left / max(1, size)), for which the file has room behind byte \(place)",
        "\(count)")
    }
    return Int(count)
  }

  mutating func string(_ field: String) throws -> String {
    let length = try count(field, of: 1)
    let part = UnsafeRawBufferPointer(rebasing: bytes[at..<at + length])
    guard let text = String(validating: part, as: UTF8.self) else {
      let place = at + (UTF8Validation.firstInvalid(in: part) ?? 0)
      throw fault(field, "valid UTF-8", "another byte at \(place)")
    }
    at += length
    return text
  }

  /// Reads a value whose type the header names by a number.
  mutating func value(_ field: String) throws -> JSON {
    let type = try self.type(field)
    guard type == .array else { return try scalar(field, type) }
    let place = at
    let element = try self.type(field)
    guard element != .array else {
      throw fault(field, "no arrays inside arrays", "one at byte \(place)")
    }
    let count = try count(field, of: element.size)
    var items: [JSON] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try scalar(field, element)) }
    return .array(items)
  }

  /// The types of metadata values, by their numbers.
  private enum ValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
    case float64

    /// The least number of bytes that a value takes.
    var size: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .string, .uint64, .int64, .float64: 8
      case .array: 12
      }
    }
  }

  private mutating func type(_ field: String) throws -> ValueType {
    let place = at
    let number = try integer(field, as: UInt32.self)
    guard let type = ValueType(rawValue: number) else {
      throw fault(field, "a type from 0 to 12 at byte \(place)", "\(number)")
    }
    return type
  }

  private mutating func scalar(_ field: String, _ type: ValueType) throws -> JSON {
    switch type {
    case .uint8: return .number("\(try integer(field, as: UInt8.self))")
    case .int8: return .number("\(try integer(field, as: Int8.self))")
    case .uint16: return .number("\(try integer(field, as: UInt16.self))")
    case .int16: return .number("\(try integer(field, as: Int16.self))")
    case .uint32: return .number("\(try integer(field, as: UInt32.self))")
    case .int32: return .number("\(try integer(field, as: Int32.self))")
    case .uint64: return .number("\(try integer(field, as: UInt64.self))")
    case .int64: return .number("\(try integer(field, as: Int64.self))")
    case .float32:
      return .number("\(Double(Float(bitPattern: try integer(field, as: UInt32.self))))")
    case .float64: return .number("\(Double(bitPattern: try integer(field, as: UInt64.self)))")
    case .bool:
      let place = at
      let byte = try integer(field, as: UInt8.self)
      guard byte < 2 else { throw fault(field, "0 or 1 at byte \(place)", "\(byte)") }
      return .bool(byte == 1)
    case .string: return .string(try string(field))
    case .array: return .null
    }
  }

  func fault(_ field: String, _ expected: String, _ found: String) -> Diagnostic {
    Diagnostic(
      .data, file: file, field: field, expected: expected, found: found,
      advice: "The file may be damaged or cut short; get it again.")
  }
}
