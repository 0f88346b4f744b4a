import Diagnostics
import JSON
import Storage

/// The header of one safetensors file, checked whole before any of its data is used.
///
/// A file is eight bytes of header length (little-endian), the header as JSON, then the data, which
/// the tensors fill without gap or overlap. Reading it allocates nothing that depends on sizes that
/// the header claims.
package struct Safetensors: Sendable {
  package let file: FileBytes
  /// The tensors in the order of their data.
  package let tensors: [StoredTensor]

  /// The limit that the format itself sets on the bytes of a header.
  private static let headerLimit: UInt64 = 100_000_000

  /// Reads and checks the header of a file.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the tensor or the byte.
  /// - Complexity: O(*n* log *n*) in the number of tensors.
  package init(_ file: FileBytes) throws {
    try Lookalike.refuse(file, expected: "a safetensors file")
    let dataStart = try Self.dataStart(file)
    let header = try Self.header(file, end: dataStart)
    var entries: [StoredTensor] = []
    for member in header {
      if member.key == "__metadata__" {
        guard let metadata = member.value.object, metadata.allSatisfy({ $0.value.string != nil })
        else { throw fault(file, member.key, "an object of strings", member.value.summary) }
      } else {
        entries.append(try Self.entry(member, dataStart: dataStart, file: file))
      }
    }
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    try Self.checkTiling(entries, dataStart: dataStart, file: file)
    self.file = file
    tensors = entries
  }

  /// The byte at which the data starts, computed from the length at the file's beginning.
  private static func dataStart(_ file: FileBytes) throws -> Int {
    guard file.count >= 8 else {
      throw fault(
        file, "byte 0", "the 8 bytes of a header length", "a file of \(file.count) bytes")
    }
    let length = file.withBytes {
      UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
    }
    guard length <= UInt64(file.count - 8) else {
      throw fault(
        file, "byte 0", "a header length of at most \(file.count - 8), what the file has left",
        "\(length)")
    }
    guard length <= headerLimit else {
      throw fault(file, "byte 0", "a header length of at most \(headerLimit)", "\(length)")
    }
    return 8 + Int(length)
  }

  private static func header(_ file: FileBytes, end: Int) throws -> [JSON.Member] {
    try file.withBytes { bytes in
      guard end > 8, bytes[8] == UInt8(ascii: "{") else {
        let found = end > 8 ? "byte 0x\(String(bytes[8], radix: 16))" : "an empty header"
        throw fault(file, "byte 8", "a header that starts with {", found)
      }
      if bytes[end - 1] == 0 {
        let text = bytes[8..<end].lastIndex { $0 != 0 } ?? 8
        throw fault(
          file, "byte \(text + 1)", "a header that is padded with spaces", "NUL padding")
      }
      do {
        return try JSON(parsing: .init(rebasing: bytes[8..<end]), file: file.name).object ?? []
      } catch var diagnostic as Diagnostic {
        diagnostic.field = "header, \(diagnostic.field)"
        throw diagnostic
      }
    }
  }

  private static func entry(
    _ member: JSON.Member, dataStart: Int, file: FileBytes
  ) throws -> StoredTensor {
    let name = member.key
    guard member.value.object != nil else {
      throw fault(file, name, "an object with dtype, shape and data_offsets", member.value.summary)
    }
    guard let type = member.value["dtype"]?.string, let bits = bitsOfTypes[type] else {
      throw fault(
        file, "\(name): dtype", "one of \(bitsOfTypes.keys.sorted().joined(separator: ", "))",
        member.value["dtype"]?.summary ?? "nothing")
    }
    let shape = try shape(member.value["shape"], name: name, file: file)
    var size = bits
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else {
        throw fault(
          file, "\(name): shape", "a size that can be counted in 64 bits", "the shape \(shape)")
      }
      size = product
    }
    let offsets = member.value["data_offsets"]
    let available = file.count - dataStart
    guard let pair = offsets?.array, pair.count == 2, let start = pair[0].integer,
      let end = pair[1].integer, 0 <= start, start <= end, end <= available
    else {
      let found = offsets?.array.map { "[\($0.map(\.summary).joined(separator: ", "))]" }
      throw fault(
        file, "\(name): data_offsets", "[start, end] within the \(available) bytes of data",
        found ?? offsets?.summary ?? "nothing", advice: cutShort)
    }
    guard size.isMultiple(of: 8), end - start == size / 8 else {
      throw fault(
        file, "\(name): data_offsets",
        "\(size / 8) bytes for \(type) of the shape \(shape)",
        "\(end - start) bytes, [\(start), \(end)]")
    }
    return StoredTensor(
      name: name, type: type, shape: shape, file: file,
      bytes: dataStart + start..<dataStart + end)
  }

  private static func shape(_ value: JSON?, name: String, file: FileBytes) throws -> [Int] {
    guard let items = value?.array else {
      throw fault(file, "\(name): shape", "a list of sizes", value?.summary ?? "nothing")
    }
    return try items.map { item in
      guard let size = item.integer, size >= 0 else {
        let found = items.map(\.summary).joined(separator: ", ")
        throw fault(file, "\(name): shape", "whole numbers from 0", "[\(found)]")
      }
      return size
    }
  }

  private static func checkTiling(_ entries: [StoredTensor], dataStart: Int, file: FileBytes) throws
  {
    var end = dataStart
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw fault(
          file, "\(entry.name): data_offsets",
          "a start at \(end - dataStart), where the tensor before it ends",
          (entry.bytes.lowerBound < end ? "an overlap" : "a gap")
            + ": [\(entry.bytes.lowerBound - dataStart), \(entry.bytes.upperBound - dataStart)]")
      }
      end = entry.bytes.upperBound
    }
    guard end == file.count else {
      throw fault(
        file, "byte \(end)", "the end of the file, after \(entries.last?.name ?? "the header")",
        "\(file.count - end) trailing bytes")
    }
  }

  private static let cutShort = "The file may be cut short; get it again."

  /// The bits of an element of every type that safetensors 0.8 knows.
  private static let bitsOfTypes: [String: Int] = [
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
  ]
}

private func fault(
  _ file: FileBytes, _ field: String, _ expected: String, _ found: String,
  advice: String = "The file is damaged; get it again."
) -> Diagnostic {
  Diagnostic(
    .data, file: file.name, field: field, expected: expected, found: found, advice: advice)
}
