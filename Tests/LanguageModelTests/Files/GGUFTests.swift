import Diagnostics
import Foundation
import JSON
import LanguageModel
import Storage
import Testing

/// GGUF files, sound and damaged. The sound one is written by Tests/reference/gguf_goldens.py.
struct GGUFTests {
  private static let folder =
    #filePath.dropLast("Files/GGUFTests.swift".count) + "GGUFGoldens/"

  private func bytes(_ name: String = "types.gguf") throws -> [UInt8] {
    try FileBytes(reading: Self.folder + name).withBytes { Array($0) }
  }

  private func file(_ bytes: [UInt8]) throws -> GGUFFile {
    try GGUFFile(FileBytes(bytes, name: "model.gguf"))
  }

  /// Every type, to the last bit of float32.
  @Test func widensAsTheReferenceDoes() throws {
    let expected = try bytes("types.f32")
    let tensors = try file(bytes()).tensors
    #expect(tensors.map(\.type).sorted() == Encoding.allCases.map(\.rawValue).sorted())
    for (index, tensor) in tensors.enumerated() {
      #expect(tensor.shape == [2, 512])
      let view = try TensorView(tensor)
      var values = [Float](repeating: 0, count: 1024)
      try values.withUnsafeMutableBufferPointer { try view.widen(into: $0) }
      let found = values.withUnsafeBytes { Array($0) }
      #expect(found == Array(expected[index * 4096..<(index + 1) * 4096]), "\(tensor.type)")
      var row = [Float](repeating: 0, count: 512)
      try row.withUnsafeMutableBufferPointer { try view.widen(rows: 1..<2, into: $0) }
      #expect(row == Array(values[512...]), "\(tensor.type)")
    }
  }

  @Test func metadataKeepsItsValues() throws {
    let metadata = try file(bytes()).metadata
    #expect(metadata["general.architecture"]?.string == "llama")
    #expect(metadata["number"]?.integer == 7)
    #expect(metadata["third"]?.double == Double(Float(1) / 3))
    #expect(metadata["yes"]?.bool == true)
    #expect(metadata["text"]?.string == "▁é\n")
    #expect(metadata["list"]?.array?.compactMap(\.string) == ["a", "", "ßß"])
    #expect(metadata["numbers"]?.array?.compactMap(\.integer) == [1, -2, 3])
  }

  /// A change of the sound file, and what the diagnostic names.
  struct Damage: Sendable, CustomStringConvertible {
    var description: String
    var words: [String]
    var change: @Sendable (inout [UInt8]) -> Void
  }

  private static func put(_ value: UInt64, _ size: Int, at place: Int) -> Damage.Change {
    { bytes in
      withUnsafeBytes(of: value.littleEndian) {
        bytes.replaceSubrange(place..<place + size, with: $0.prefix(size))
      }
    }
  }

  /// Puts a number some bytes behind the first time that a text stands in the file.
  private static func put(
    _ value: UInt64, _ size: Int, behind text: String, skipping skipped: Int = 0
  ) -> Damage.Change {
    { bytes in
      let sought = Array(text.utf8)
      let place = bytes.indices.first { bytes[$0...].starts(with: sought) } ?? 0
      put(value, size, at: place + sought.count + skipped)(&bytes)
    }
  }

  private static let damages: [Damage] = [
    Damage("no magic", ["byte 0", "GGUF"], put(0, 1, at: 0)),
    Damage("an HTML page", ["HTML"]) { $0 = Array("<!DOCTYPE html><html></html>".utf8) },
    Damage("a pointer of Git LFS", ["Git LFS"]) {
      $0 = Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8)
    },
    Damage("an empty file", ["byte 0"]) { $0 = [] },
    Damage("seven bytes", ["version", "end of the file"]) { $0 = Array($0.prefix(7)) },
    Damage("version 1", ["version", "found 1"], put(1, 4, at: 4)),
    Damage("another byte order", ["version", "big-endian"], put(3 << 24, 4, at: 4)),
    Damage("2^62 tensors", ["tensor count", "found 4611686018427387904"], put(1 << 62, 8, at: 8)),
    Damage("2^63 keys", ["metadata count", "found 9223372036854775808"], put(1 << 63, 8, at: 16)),
    Damage("a key longer than the file", ["key 0"], put(1 << 40, 8, at: 24)),
    Damage("a key that is not UTF-8", ["key 0", "UTF-8"], put(0xFF, 1, at: 32)),
    Damage("an unknown type of value", ["number", "found 99"], put(99, 4, behind: "number")),
    Damage("an array in an array", ["list", "no arrays"], put(9, 4, behind: "list", skipping: 4)),
    Damage("an array without end", ["list"], put(1 << 50, 8, behind: "list", skipping: 8)),
    Damage("a truth value of 2", ["yes", "0 or 1"], put(2, 1, behind: "yes", skipping: 4)),
    Damage("no dimensions", ["blk.F16.weight: dimensions"], put(0, 4, behind: "blk.F16.weight")),
    Damage("nine dimensions", ["dimensions", "found 9"], put(9, 4, behind: "blk.F16.weight")),
    Damage(
      "a size of zero", ["shape", "found 0"], put(0, 8, behind: "blk.F16.weight", skipping: 4)),
    Damage("a shape that overflows", ["shape", "64 bits"]) {
      put(1 << 40, 8, behind: "blk.F16.weight", skipping: 4)(&$0)
      put(1 << 40, 8, behind: "blk.F16.weight", skipping: 12)(&$0)
    },
    Damage(
      "a row of half a block", ["blk.Q4_0.weight: shape", "multiple of 32"],
      put(500, 8, behind: "blk.Q4_0.weight", skipping: 4)),
    Damage(
      "an unknown type", ["blk.Q4_0.weight: type", "found 77"],
      put(77, 4, behind: "blk.Q4_0.weight", skipping: 20)),
    Damage(
      "an unaligned tensor", ["blk.Q4_0.weight: offset", "alignment"],
      put(33, 8, behind: "blk.Q4_0.weight", skipping: 24)),
    Damage(
      "an overlap", ["offset", "an overlap"],
      put(0, 8, behind: "blk.Q4_0.weight", skipping: 24)),
    Damage(
      "an offset past the end", ["blk.Q4_0.weight: offset"],
      put(1 << 63, 8, behind: "blk.Q4_0.weight", skipping: 24)),
    Damage("data cut short", ["offset", "within"]) { $0.removeLast(600) },
    Damage("trailing bytes", ["trailing"]) { $0 += [UInt8](repeating: 0, count: 64) },
    Damage("a tensor twice", ["blk.BF16.weight", "twice"]) { bytes in
      let place = bytes.indices.first { bytes[$0...].starts(with: Array("blk.Q4_0".utf8)) } ?? 0
      // BF16 is as long as Q4_0.
      bytes.replaceSubrange(place..<place + 8, with: Array("blk.BF16".utf8))
    },
    Damage("a key twice", ["text", "again"]) { bytes in
      let place = bytes.indices.first { bytes[$0...].starts(with: Array("list".utf8)) } ?? 0
      bytes.replaceSubrange(place..<place + 4, with: Array("text".utf8))
    },
  ]

  @Test(arguments: damages) func damagedFileIsRefused(_ damage: Damage) throws {
    var bytes = try bytes()
    damage.change(&bytes)
    let fault = #expect(throws: Diagnostic.self) { try file(bytes) }
    #expect(fault?.kind == .data)
    for word in damage.words {
      #expect(fault?.message.contains(word) == true, "\(fault?.message ?? "")")
    }
  }

  @Test func anyCutOfTheHeaderIsRefused() throws {
    let bytes = try bytes()
    for count in 0..<1600 {
      #expect(throws: Diagnostic.self) { try file(Array(bytes.prefix(count))) }
    }
  }

  @Test func aFactorThatIsInfiniteIsNamed() throws {
    var bytes = try bytes()
    let tensor = try #require(try file(bytes).tensors.first { $0.type == "Q4_1" })
    Self.put(0x7C00, 2, at: tensor.bytes.lowerBound + 20)(&bytes)
    let view = try TensorView(try #require(try file(bytes).tensors.first { $0.type == "Q4_1" }))
    var values = [Float](repeating: 0, count: 1024)
    let fault = #expect(throws: Diagnostic.self) {
      try values.withUnsafeMutableBufferPointer { try view.widen(into: $0) }
    }
    #expect(fault?.message.contains("index 32") == true, "\(fault?.message ?? "")")
  }

  @Test func anotherTypeThanWeightsIsNamedWhenItIsRead() throws {
    var bytes = try bytes()
    // IQ4_NL has blocks of the same size as Q4_0; type 26 is I32, of the size of F32.
    Self.put(26, 4, behind: "blk.F32.weight", skipping: 20)(&bytes)
    let tensor = try #require(try file(bytes).tensors.first { $0.name == "blk.F32.weight" })
    let fault = #expect(throws: Diagnostic.self) { try TensorView(tensor) }
    #expect(fault?.message.contains("I32") == true && fault?.message.contains("Q6_K") == true)
  }
}

extension GGUFTests.Damage {
  typealias Change = @Sendable (inout [UInt8]) -> Void

  init(_ description: String, _ words: [String], _ change: @escaping Change) {
    self.init(description: description, words: words, change: change)
  }
}

/// Run by hand over a large file: `REPORTGEN_GGUF` names it, and `REPORTGEN_GGUF_CHECKSUMS` what
/// `Tests/reference/gguf_goldens.py --checksums` printed for it.
struct GGUFComparisonTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test(.enabled(if: environment["REPORTGEN_GGUF"] != nil, "REPORTGEN_GGUF names no file"))
  func everyTensorWidensAsTheReferenceDoes() throws {
    let path = try #require(Self.environment["REPORTGEN_GGUF"])
    let list = try #require(Self.environment["REPORTGEN_GGUF_CHECKSUMS"])
    let expected = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
    let tensors = try GGUFFile(FileBytes(mapping: path)).tensors
    #expect(tensors.count == expected.count)
    for (tensor, line) in zip(tensors, expected) {
      let view = try TensorView(tensor)
      var values = [Float](repeating: 0, count: view.count)
      try values.withUnsafeMutableBufferPointer { try view.widen(into: $0) }
      let checksum = values.withUnsafeBytes { Checksum.sha256(of: $0) }
      #expect("\(tensor.name) \(checksum)" == line)
    }
  }
}
