import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file written piece by piece, which takes its name only once it is whole: what stood there
/// before stays until then.
package final class FileStream {
  private let path: String
  private let unfinished: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  private static let bufferSize = 1 << 16

  /// - Throws: `Diagnostic` of kind `.resources` where nothing can be written, or where `path` is
  ///   something else than a file.
  package init(_ path: String) throws {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw Diagnostic(
        .resources, file: path, expected: "a file, or no such name",
        found: "something else of this name", advice: "Give another name.")
    }
    self.path = path
    unfinished = path + ".reportgen-\(getpid())"
    descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw FileWriting.failure(path, errno) }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(unfinished) }
  }

  package func write(_ text: String) throws {
    buffer += text.utf8
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Waits until all is on the disk, then gives the file its name.
  package func finish() throws {
    try flush()
    if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, EROFS, EINTR].contains(errno) {
      throw FileWriting.failure(path, errno)
    }
    try FileWriting.move(unfinished, to: path)
    isFinished = true
  }

  private func flush() throws {
    var done = 0
    while done < buffer.count {
      let written = buffer.withUnsafeBytes { bytes in
        #if canImport(Glibc)
          Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #else
          Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #endif
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw FileWriting.failure(path, errno) }
      done += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
