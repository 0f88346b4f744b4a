import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file from its first byte to its last in pieces, so that memory does not grow with the
/// file. The checksum covers exactly the bytes that were read.
package final class ByteStream {
  /// The file as the user named it, for messages.
  package let name: String
  private let source: Source
  private var sum = Checksum.Running()
  private var count = 0

  private enum Source {
    case file(descriptor: Int32, identity: FileIdentity)
    case memory(FileBytes)
  }

  /// - Throws: `Diagnostic` of kind `.data` when nothing or no regular file is at `path`,
  ///   `.resources` when it cannot be opened.
  package init(reading path: String, name: String? = nil) throws {
    self.name = name ?? path
    let (descriptor, status) = try RegularFile.open(path, name: name ?? path)
    source = .file(descriptor: descriptor, identity: FileIdentity(status))
  }

  /// Reads bytes that are already in memory, such as an embedded file.
  package init(_ bytes: FileBytes) {
    name = bytes.name
    source = .memory(bytes)
  }

  deinit {
    if case .file(let descriptor, _) = source { close(descriptor) }
  }

  /// Fills `buffer` from its start.
  ///
  /// - Returns: how many bytes were read; 0 at the end.
  /// - Throws: `Diagnostic` of kind `.resources` when reading fails.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let got =
      switch source {
      case .file(let descriptor, _): try fill(buffer, from: descriptor)
      case .memory(let bytes):
        bytes.withBytes { all in
          let part = UnsafeRawBufferPointer(rebasing: all[count...].prefix(buffer.count))
          buffer.copyMemory(from: part)
          return part.count
        }
      }
    sum.add(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    count += got
    return got
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32) throws -> Int {
    while true {
      #if canImport(Glibc)
        let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let got = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if got >= 0 { return got }
      if errno != EINTR { throw RegularFile.failure(path: name, name: name, code: errno) }
    }
  }

  /// Ends the reading after `read` has returned 0.
  ///
  /// - Returns: the SHA-256 of all bytes, in lower-case hexadecimal.
  /// - Throws: `Diagnostic` of kind `.data` when the file was changed since it was opened.
  package func finish() throws -> String {
    if case .file(let descriptor, let identity) = source {
      var status = stat()
      guard fstat(descriptor, &status) == 0, FileIdentity(status) == identity,
        status.st_size == count
      else { throw RegularFile.changed(name) }
    }
    return sum.finish()
  }
}
