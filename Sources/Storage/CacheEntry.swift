#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The file of one cached result: three lines that describe it, then a binary property list.
enum CacheEntry {
  private static let format = "reportgen cache 1"

  /// A wrapper for the value, because a property list begins with a dictionary.
  private struct Box<Value: Codable>: Codable {
    var value: Value
  }

  static func encode<Value: Codable>(_ value: Value, kind: String, name: String) throws -> [UInt8] {
    let content = try content(of: value)
    let checksum = content.withUnsafeBytes { Checksum.sha256(of: $0) }
    return Array("\(format)\n\(kind)\n\(name) \(checksum)\n".utf8) + content
  }

  /// A value as a binary property list.
  static func content(of value: some Codable) throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(Box(value: value))
  }

  static func value<Value: Codable>(_ type: Value.Type, of content: some Sequence<UInt8>) throws
    -> Value
  {
    try PropertyListDecoder().decode(Box<Value>.self, from: Data(content)).value
  }

  /// - Throws: an error if the file is incomplete or holds another result.
  static func decode<Value: Codable>(
    _ type: Value.Type, from file: FileBytes, name: String
  ) throws -> Value {
    guard let head = head(of: file) else { throw CocoaError(.fileReadCorruptFile) }
    let content = file.withBytes { Data($0[head.end...]) }
    let checksum = content.withUnsafeBytes { Checksum.sha256(of: $0) }
    guard head.seal == "\(name) \(checksum)" else { throw CocoaError(.fileReadCorruptFile) }
    return try value(type, of: content)
  }

  /// The kind and the seal from the lines in front, and the offset at which the content starts.
  static func head(of file: FileBytes) -> (kind: String, seal: String, end: Int)? {
    file.withBytes { bytes in
      var lines: [String] = []
      var start = 0
      while lines.count < 3 {
        // No line that this program writes is longer.
        guard let end = bytes[start..<min(start + 400, bytes.count)].firstIndex(of: 0x0A) else {
          return nil
        }
        lines.append(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end + 1
      }
      return lines[0] == format ? (lines[1], lines[2], start) : nil
    }
  }
}
