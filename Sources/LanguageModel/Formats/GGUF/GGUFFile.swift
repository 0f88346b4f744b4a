import Diagnostics
import JSON
import Storage

/// The header of one GGUF file, checked whole before any of its data is used.
///
/// As in llama.cpp, each tensor must start at the first multiple of the alignment after the tensor
/// before it. Source: ggml's docs/gguf.md.
package struct GGUFFile: Sendable {
  package let file: FileBytes
  /// The keys and values as an object, in the order of the file.
  package let metadata: JSON
  package let tensors: [StoredTensor]

  private static let magic = Array("GGUF".utf8)
  /// ggml's limit on the number of dimensions; below, its limit on the bytes of a tensor's name.
  private static let dimensionLimit = 4
  private static let nameLimit = 1024

  /// Reads and checks the header of a file.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the key, the tensor or the byte.
  /// - Complexity: O(*n* log *n*) in the number of tensors.
  package init(_ file: FileBytes) throws {
    self.file = file
    (metadata, tensors) = try file.withBytes { bytes in
      var reader = GGUFReader(bytes, file: file.name)
      guard bytes.starts(with: Self.magic) else {
        try Lookalike.refuse(file, expected: "a GGUF file")
        throw reader.fault("byte 0", "the letters GGUF", "others")
      }
      _ = try reader.integer("byte 0", as: UInt32.self)
      let version = try reader.integer("version", as: UInt32.self)
      guard version == 2 || version == 3 else {
        let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
        throw reader.fault(
          "version", "2 or 3, little-endian",
          isSwapped ? "\(version.byteSwapped), big-endian" : "\(version)")
      }
      // A tensor takes at least a name's length, a number of dimensions, one dimension, a type and
      // an offset.
      let tensorCount = try reader.count("tensor count", of: 8 + 4 + 8 + 4 + 8)
      let keyCount = try reader.count("metadata count", of: 8 + 4 + 1)
      let metadata = try Self.metadata(&reader, count: keyCount)
      let infos = try Self.infos(&reader, count: tensorCount)
      let tensors = try Self.place(infos, metadata, &reader, file)
      return (metadata, tensors)
    }
  }

  private static func metadata(_ reader: inout GGUFReader, count: Int) throws -> JSON {
    var members: [JSON.Member] = []
    var seen = Set<ByteKey>()
    for index in 0..<count {
      let place = reader.at
      let key = try reader.string("key \(index)")
      guard key.utf8.count <= 65_535, !key.isEmpty else {
        throw reader.fault("key \(index)", "1 to 65535 bytes", "\(key.utf8.count)")
      }
      guard seen.insert(ByteKey(key)).inserted else {
        throw reader.fault(
          String(key.prefix(80)), "each key once", "it again at byte \(place)")
      }
      members.append(.init(key: key, value: try reader.value(String(key.prefix(80)))))
    }
    return .object(members)
  }

  /// The header's entry for one tensor.
  private struct Info {
    var name: String
    /// The sizes of the axes, the innermost first.
    var dimensions: [Int]
    var type: GGUFType
    var offset: Int
    var size: Int
  }

  private static func infos(_ reader: inout GGUFReader, count: Int) throws -> [Info] {
    var infos: [Info] = []
    var seen = Set<ByteKey>()
    for index in 0..<count {
      let name = try reader.string("tensor \(index)")
      let shown = String(name.prefix(80))
      guard !name.isEmpty, name.utf8.count <= nameLimit else {
        throw reader.fault("tensor \(index)", "a name of 1 to \(nameLimit) bytes", shown)
      }
      guard seen.insert(ByteKey(name)).inserted else {
        throw reader.fault(shown, "each tensor once", "it twice")
      }
      let axes = try reader.integer("\(shown): dimensions", as: UInt32.self)
      guard (1...UInt32(dimensionLimit)).contains(axes) else {
        throw reader.fault("\(shown): dimensions", "1 to \(dimensionLimit)", "\(axes)")
      }
      var dimensions: [Int] = []
      var elements = 1
      for _ in 0..<axes {
        let size = try reader.integer("\(shown): shape", as: UInt64.self)
        let (product, overflow) = elements.multipliedReportingOverflow(
          by: Int(exactly: size) ?? -1)
        guard size > 0, size <= UInt64(Int.max), !overflow else {
          throw reader.fault(
            "\(shown): shape", "sizes from 1 that can be counted in 64 bits", "\(size)")
        }
        dimensions.append(Int(size))
        elements = product
      }
      let number = try reader.integer("\(shown): type", as: UInt32.self)
      guard let type = GGUFType.known[number] else {
        throw reader.fault("\(shown): type", "a known type of numbers", "\(number)")
      }
      guard dimensions[0].isMultiple(of: type.elements) else {
        throw reader.fault(
          "\(shown): shape", "rows of a multiple of \(type.elements), as \(type.name) has blocks",
          "\(dimensions[0])")
      }
      let (size, overflow) = (elements / type.elements)
        .multipliedReportingOverflow(by: type.bytes)
      let offset = try reader.integer("\(shown): offset", as: UInt64.self)
      guard !overflow, let offset = Int(exactly: offset) else {
        throw reader.fault("\(shown): offset", "a place inside the file", "\(offset)")
      }
      infos.append(
        Info(name: name, dimensions: dimensions, type: type, offset: offset, size: size))
    }
    return infos
  }

  /// Locates each tensor's bytes in the file, and checks that the tensors fill the data.
  private static func place(
    _ infos: [Info], _ metadata: JSON, _ reader: inout GGUFReader, _ file: FileBytes
  ) throws -> [StoredTensor] {
    let alignment = metadata["general.alignment"]?.integer ?? 32
    guard (8...65_536).contains(alignment), alignment.nonzeroBitCount == 1 else {
      throw reader.fault(
        "general.alignment", "a power of two from 8 to 65536",
        metadata["general.alignment"]?.summary ?? "")
    }
    func aligned(_ place: Int) -> Int { (place + alignment - 1) & ~(alignment - 1) }
    let start = aligned(reader.at)
    let available = max(0, file.count - start)
    var end = 0
    for info in infos.sorted(by: { ($0.offset, $0.size) < ($1.offset, $1.size) }) {
      let field = "\(info.name.prefix(80)): offset"
      guard info.offset.isMultiple(of: alignment) else {
        throw reader.fault(field, "a multiple of the alignment \(alignment)", "\(info.offset)")
      }
      guard info.offset == aligned(end) else {
        throw reader.fault(
          field, "\(aligned(end)), where the tensor before it ends",
          "\(info.offset), \(info.offset < end ? "an overlap" : "a gap")")
      }
      guard info.offset <= available, info.size <= available - info.offset else {
        throw reader.fault(
          field, "\(info.size) bytes within the \(available) of data",
          "only \(max(0, available - info.offset)) behind offset \(info.offset)")
      }
      end = info.offset + info.size
    }
    guard available <= aligned(end) else {
      throw reader.fault(
        "byte \(start + aligned(end))", "the end of the file, after the last tensor",
        "\(available - aligned(end)) trailing bytes")
    }
    return infos.map { info in
      StoredTensor(
        name: info.name, type: info.type.name, shape: info.dimensions.reversed(), file: file,
        bytes: start + info.offset..<start + info.offset + info.size)
    }
  }
}

/// A type of numbers in a GGUF file: a block of `bytes` bytes holds `elements` numbers.
struct GGUFType: Sendable {
  let name: String
  let elements: Int
  let bytes: Int

  /// Every type of gguf 0.19 (`GGML_QUANT_SIZES`) by its number, whether or not it can be read
  /// here.
  static let known: [UInt32: GGUFType] = [
    0: .init(name: "F32", elements: 1, bytes: 4), 1: .init(name: "F16", elements: 1, bytes: 2),
    2: .init(name: "Q4_0", elements: 32, bytes: 18),
    3: .init(name: "Q4_1", elements: 32, bytes: 20),
    6: .init(name: "Q5_0", elements: 32, bytes: 22),
    7: .init(name: "Q5_1", elements: 32, bytes: 24),
    8: .init(name: "Q8_0", elements: 32, bytes: 34),
    9: .init(name: "Q8_1", elements: 32, bytes: 40),
    10: .init(name: "Q2_K", elements: 256, bytes: 84),
    11: .init(name: "Q3_K", elements: 256, bytes: 110),
    12: .init(name: "Q4_K", elements: 256, bytes: 144),
    13: .init(name: "Q5_K", elements: 256, bytes: 176),
    14: .init(name: "Q6_K", elements: 256, bytes: 210),
    15: .init(name: "Q8_K", elements: 256, bytes: 292),
    16: .init(name: "IQ2_XXS", elements: 256, bytes: 66),
    17: .init(name: "IQ2_XS", elements: 256, bytes: 74),
    18: .init(name: "IQ3_XXS", elements: 256, bytes: 98),
    19: .init(name: "IQ1_S", elements: 256, bytes: 50),
    20: .init(name: "IQ4_NL", elements: 32, bytes: 18),
    21: .init(name: "IQ3_S", elements: 256, bytes: 110),
    22: .init(name: "IQ2_S", elements: 256, bytes: 82),
    23: .init(name: "IQ4_XS", elements: 256, bytes: 136),
    24: .init(name: "I8", elements: 1, bytes: 1), 25: .init(name: "I16", elements: 1, bytes: 2),
    26: .init(name: "I32", elements: 1, bytes: 4), 27: .init(name: "I64", elements: 1, bytes: 8),
    28: .init(name: "F64", elements: 1, bytes: 8),
    29: .init(name: "IQ1_M", elements: 256, bytes: 56),
    30: .init(name: "BF16", elements: 1, bytes: 2),
    34: .init(name: "TQ1_0", elements: 256, bytes: 54),
    35: .init(name: "TQ2_0", elements: 256, bytes: 66),
    39: .init(name: "MXFP4", elements: 32, bytes: 17),
  ]
}
