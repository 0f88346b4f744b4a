import CZlib
import Diagnostics

/// Unpacks gzip data in pieces (RFC 1952). No other file calls zlib.
///
/// Consecutive members form one text, as in `gzip -dc`, and zeros after the last are padding. Every
/// member's checksum and length are verified. Memory is two small buffers and zlib's window,
/// whatever the size of the data.
package final class GzipStream {
  private let source: ByteStream
  // zlib keeps the address of this state, so it must not move.
  private let state: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var place = Place.start
  private var sourceEnded = false

  private enum Place {
    case start, insideMember, afterMember
  }

  /// `MAX_WBITS` (a window of 32 kB) plus 16, which accepts only the gzip format.
  private static let windowBits: Int32 = 15 + 16

  /// - Throws: `Diagnostic` of kind `.resources` if there is not enough memory.
  package init(_ source: ByteStream) throws {
    self.source = source
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    let code = inflateInit2_(
      state, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw failure(code) }
  }

  deinit {
    inflateEnd(state)
    state.deallocate()
    input.deallocate()
  }

  /// Fills `buffer` from its start with unpacked bytes.
  ///
  /// - Returns: the number of bytes; 0 at the end.
  /// - Throws: `Diagnostic` of kind `.data` if the data are damaged, incomplete or not gzip.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
    state.pointee.avail_out = uInt(clamping: buffer.count)
    let room = state.pointee.avail_out
    while state.pointee.avail_out == room {
      if state.pointee.avail_in == 0, !sourceEnded { try refill() }
      if place != .insideMember {
        if place == .afterMember { skipPadding() }
        if state.pointee.avail_in == 0 {
          guard sourceEnded else { continue }
          guard place == .afterMember else { throw fault("gzip data", "an empty file") }
          return 0
        }
        if place == .afterMember { inflateReset(state) }
      } else if state.pointee.avail_in == 0, sourceEnded {
        throw fault("gzip data to their end", "a file that is cut short")
      }
      let isFirst = place == .start
      place = .insideMember
      switch inflate(state, Z_NO_FLUSH) {
      case Z_STREAM_END: place = .afterMember
      case Z_OK, Z_BUF_ERROR: break
      case let code:
        if isFirst, code == Z_DATA_ERROR {
          throw fault(
            "gzip data, which begin with the bytes 1F 8B", "other data",
            advice: "A file that is not packed has a name without .gz.")
        }
        throw failure(code)
      }
    }
    return Int(room - state.pointee.avail_out)
  }

  private func refill() throws {
    let got = try source.read(into: input)
    sourceEnded = got == 0
    state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
    state.pointee.avail_in = uInt(got)
  }

  private func skipPadding() {
    while state.pointee.avail_in > 0, state.pointee.next_in.pointee == 0 {
      state.pointee.next_in += 1
      state.pointee.avail_in -= 1
    }
  }

  private func failure(_ code: Int32) -> Diagnostic {
    guard code != Z_MEM_ERROR else {
      return Diagnostic(
        .resources, file: source.name, expected: "memory to unpack it", found: "none",
        advice: "Free some memory and try again.")
    }
    let reason = state.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
    return fault("sound gzip data", "damaged data (\(reason))")
  }

  private func fault(
    _ expected: String, _ found: String,
    advice: String = "Get the file again; `gzip -t FILE` checks it."
  ) -> Diagnostic {
    Diagnostic(.data, file: source.name, expected: expected, found: found, advice: advice)
  }
}
