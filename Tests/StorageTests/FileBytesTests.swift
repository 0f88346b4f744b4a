import Foundation
import Storage
import Testing

struct FileBytesTests {
  @Test func pagesThatWereReleasedAreReadAgain() throws {
    let path = NSTemporaryDirectory() + "file-bytes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try Data(bytes).write(to: URL(filePath: path))
    for file in [try FileBytes(mapping: path), try FileBytes(reading: path)] {
      #expect(file.withBytes { $0.elementsEqual(bytes) })
      file.releasePages()
      #expect(file.withBytes { $0.elementsEqual(bytes) })
      #expect(file.sha256 == Checksum.sha256(of: bytes))
    }
  }
}
