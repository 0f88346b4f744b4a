import Diagnostics
import Storage
import Testing

struct GzipStreamTests {
  /// What Python's `gzip.compress(b"hello hello hello\n" * 40, mtime=0)` gave.
  private static let packed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9,
    0xC9, 0x57, 0xC8, 0x40, 0x90, 0x5C, 0x19, 0xA3, 0x22, 0xA3, 0x22, 0x43, 0x56, 0x04,
    0x00, 0x2C, 0xB5, 0x81, 0x27, 0xD0, 0x02, 0x00, 0x00,
  ]
  private static let unpacked = String(repeating: "hello hello hello\n", count: 40)

  /// A member of blocks that are stored as they are.
  private func member(_ text: String, block: Int = 65_535) -> [UInt8] {
    let bytes = Array(text.utf8)
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var at = 0
    repeat {
      let part = bytes[at...].prefix(block)
      at += part.count
      let length = UInt16(part.count)
      result.append(at == bytes.count ? 1 : 0)
      for word in [length, ~length] { result += [UInt8(word & 255), UInt8(word >> 8)] }
      result += part
    } while at < bytes.count
    for word in [checksum(bytes), UInt32(bytes.count)] {
      result += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }
    return result
  }

  /// CRC-32 of RFC 1952, bit by bit.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0xEDB8_8320
      }
    }
    return ~remainder
  }

  private func read(_ bytes: [UInt8], piece: Int = 100_000) throws -> String {
    let stream = ByteStream(FileBytes(bytes, name: "a.gz"))
    let gzip = try GzipStream(stream)
    var text: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
    defer { buffer.deallocate() }
    while case let got = try gzip.read(into: buffer), got > 0 { text += buffer[..<got] }
    #expect(try gzip.read(into: buffer) == 0)
    #expect(try stream.finish() == FileBytes(bytes, name: "").sha256)
    return String(decoding: text, as: UTF8.self)
  }

  @Test(arguments: [1, 7, 100_000]) func unpacksWhatPythonPacked(piece: Int) throws {
    #expect(try read(Self.packed, piece: piece) == Self.unpacked)
  }

  @Test func membersAreOneText() throws {
    let long = String(repeating: "0123456789", count: 20_000)
    let all = member("a") + member("") + Self.packed + member(long, block: 1000)
    #expect(try read(all) == "a" + Self.unpacked + long)
    #expect(try read(all + [0, 0, 0, 0]) == "a" + Self.unpacked + long)
  }

  @Test func dataThatAreCutShortAreRefusedWhereverItIs() throws {
    let all = member("abc") + Self.packed
    let whole = member("abc").count
    for count in 0..<all.count where count != whole {
      let fault = try #require(throws: Diagnostic.self, "\(count)") {
        _ = try read(Array(all[..<count]))
      }
      #expect(fault.kind == .data && fault.file == "a.gz")
    }
  }

  @Test func aDamagedByteChangesNothingUnseen() {
    for place in Self.packed.indices {
      var damaged = Self.packed
      damaged[place] ^= 0x10
      do {
        // The time of packing says nothing of the text, and a repeated text can be copied from
        // several places.
        #expect(try read(damaged) == Self.unpacked, "\(place)")
      } catch {
        let fault = error as? Diagnostic
        #expect(fault?.kind == .data && fault?.file == "a.gz", "\(place)")
      }
    }
  }

  @Test(
    arguments: [
      ([], "an empty file"), (Array("{\"text\": 1}".utf8), "other data"), ([0], "other data"),
    ] as [([UInt8], String)])
  func otherDataAreTold(bytes: [UInt8], words: String) throws {
    let fault = try #require(throws: Diagnostic.self) { _ = try read(bytes) }
    #expect(fault.kind == .data && (fault.found == words || fault.found.contains("cut short")))
    let behind = try #require(throws: Diagnostic.self) {
      _ = try read(Self.packed + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    }
    #expect(behind.found.contains("damaged data"))
  }
}
