import Diagnostics
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Splits a text that arrives in pieces into lines. A line ends at LF or CRLF; a lone CR is text.
package struct LineReader {
  /// The file as the user named it.
  let file: String
  /// Fills a buffer from its start and returns the number of bytes; 0 at the end.
  let read: (UnsafeMutableRawBufferPointer) throws -> Int

  /// The longest line that is accepted, in bytes. Unpacked data may be one line without an end.
  package static let limit = 64 << 20
  private static let piece = 1 << 18
  /// The number of bytes at the start of a text that its encoding is told from.
  private static let head = 4096

  package init(file: String, read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
    self.file = file
    self.read = read
  }

  /// Calls `body` for every line, in order, with its bytes without the line end, its number from 0
  /// and its byte offset in the text.
  ///
  /// - Returns: the length of the text in bytes.
  /// - Throws: `Diagnostic` of kind `.data` for a line above the limit and for a text whose first
  ///   bytes are not UTF-8; also what `read` and `body` throw.
  package func readAll(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ line: Int, _ offset: Int) throws -> Void
  ) throws -> Int {
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 16)
    defer { buffer.deallocate() }
    var (filled, offset, line) = (0, 0, 0)
    var isEnded = false
    while !isEnded, filled < Self.head {
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      isEnded = got == 0
      filled += got
    }
    var start = try UTF8Text.start(
      of: UnsafeRawBufferPointer(rebasing: buffer[..<filled]), file: file, .data)
    var scanned = start
    while true {
      if let feed = Self.feed(in: buffer, scanned..<filled) {
        var end = feed
        if end > start, buffer[end - 1] == 0x0D { end -= 1 }
        try body(UnsafeRawBufferPointer(rebasing: buffer[start..<end]), line, offset + start)
        (start, scanned, line) = (feed + 1, feed + 1, line + 1)
        continue
      }
      if isEnded { break }
      let rest = filled - start
      guard rest < Self.limit else {
        throw Diagnostic(
          .data, file: file, field: "line \(line + 1)",
          expected: "a line of at most \(Self.limit >> 20) MiB", found: "a longer one",
          advice: "One line is one document; check that the file has line ends.")
      }
      if rest == buffer.count {
        let larger = UnsafeMutableRawBufferPointer.allocate(
          byteCount: 2 * buffer.count, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
      } else if start > 0, let base = buffer.baseAddress {
        memmove(base, base + start, rest)
        offset += start
        (start, filled) = (0, rest)
      }
      scanned = filled
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      isEnded = got == 0
      filled += got
    }
    if filled > start {
      try body(UnsafeRawBufferPointer(rebasing: buffer[start..<filled]), line, offset + start)
    }
    return offset + filled
  }

  private static func feed(
    in buffer: UnsafeMutableRawBufferPointer, _ range: Range<Int>
  ) -> Int? {
    guard let base = buffer.baseAddress, !range.isEmpty,
      let found = memchr(base + range.lowerBound, 0x0A, range.count)
    else { return nil }
    return found - base
  }
}
