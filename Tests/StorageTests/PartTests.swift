import Diagnostics
import Foundation
import Storage
import Testing

/// Parts that processes leave one another: what is read is what was written, or nothing.
struct PartTests {
  private static func withFolder(_ body: (PartFolder) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "parts-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(PartFolder(folder + "/parts"))
  }

  private static let part: Part = {
    var part = Part(kind: "test")
    part.add("counts", layer: 0, [1, 2, 3] as [UInt32])
    part.add("counts", layer: 1, [4] as [UInt32])
    part.add("sums", [0.1, -.infinity, 5e-324])
    part.add("means", [Float(0.25), -0.0])
    part.add("none", [Int32]())
    part.add("bytes", [7, 8, 9] as [UInt8])
    return part
  }()
  private static let key = Checksum.sha256(of: "a key")

  @Test func numbersComeBackAsTheyWere() throws {
    try Self.withFolder { folder in
      try folder.write(Self.part, as: Self.key)
      guard case .part(let part) = folder.read(Self.key) else {
        Issue.record("nothing was read")
        return
      }
      #expect(part.kind == "test" && part.sections == Self.part.sections)
      #expect(part.numbers("counts") == [1, 2, 3] as [UInt32])
      #expect(part.numbers("counts", layer: 1) == [4] as [UInt32])
      #expect(part.numbers("sums") == [0.1, -.infinity, 5e-324])
      #expect(
        part.numbers("means", of: Float.self)?.map(\.bitPattern) == [0x3E80_0000, 0x8000_0000])
      #expect(part.numbers("none") == [Int32]())
      #expect(part.numbers("bytes") == [7, 8, 9] as [UInt8])
      // Another type, layer or name is not there.
      #expect(part.numbers("counts", of: Float.self) == nil)
      #expect(part.numbers("counts", layer: 2, of: UInt32.self) == nil)
      #expect(part.numbers("other", of: UInt32.self) == nil)
      #expect(folder.keys() == [Self.key])
    }
  }

  @Test func noDamageIsRead() throws {
    try Self.withFolder { folder in
      try folder.write(Self.part, as: Self.key)
      let path = folder.path(Self.key)
      let whole = try Data(contentsOf: URL(filePath: path))
      for place in whole.indices {
        var damaged = whole
        damaged[place] ^= 0x11
        try damaged.write(to: URL(filePath: path))
        guard case .damaged = folder.read(Self.key) else {
          Issue.record("byte \(place) was changed unnoticed")
          continue
        }
      }
      for length in stride(from: 0, to: whole.count, by: 7) {
        try whole.prefix(length).write(to: URL(filePath: path))
        #expect(!folder.holds(Self.key), "cut to \(length) bytes")
      }
      try (whole + [0]).write(to: URL(filePath: path))
      #expect(!folder.holds(Self.key))
      // A part that is whole, but another's.
      let other = Checksum.sha256(of: "another key")
      try folder.write(Self.part, as: other)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: folder.path(other), toPath: path)
      #expect(!folder.holds(Self.key) && folder.holds(other))
      // Writing replaces what is damaged, and leaves what is whole alone.
      try folder.write(Self.part, as: Self.key)
      #expect(try Data(contentsOf: URL(filePath: path)) == whole)
      let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
      try folder.write(Self.part, as: Self.key)
      #expect(
        try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    }
  }

  @Test func manyMayWriteTheSame() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "parts-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask { try PartFolder(folder).write(Self.part, as: Self.key) }
      }
      try await group.waitForAll()
    }
    #expect(PartFolder(folder).holds(Self.key) && PartFolder(folder).keys() == [Self.key])
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    #expect(!names.contains { $0.contains("unfinished") })
  }

  @Test func whatCannotBeWrittenIsTold() throws {
    try Self.withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: FileWriting.folder(of: folder.folder), withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: folder.folder))
      let fault = #expect(throws: Diagnostic.self) { try folder.write(Self.part, as: Self.key) }
      #expect(fault?.kind == .resources)
    }
  }
}
