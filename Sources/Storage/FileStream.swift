import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written in pieces under another name and takes its own name when it is complete.
/// An earlier file of that name stays until then.
package final class FileStream {
  private let target: OutputFile
  private let unfinished: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  private static let bufferSize = 1 << 16

  /// - Throws: the errors of `OutputFile.check`.
  package init(_ target: OutputFile) throws {
    try target.check()
    self.target = target
    // The temporary name has a fixed length, because the target's may be the longest that the file
    // system allows.
    let own = Checksum.sha256(of: target.path).prefix(8)
    unfinished = target.folder + "/.reportgen-\(getpid())-\(own)"
    descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw FileWriting.failure(target.path, errno) }
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

  /// Waits until everything is on the disk, then gives the file its name.
  ///
  /// - Throws: `Diagnostic`, also if a file that no run has written has appeared under that name.
  package func finish() throws {
    try flush()
    if fsync(descriptor) != 0, ![EINVAL, ENOTSUP, EROFS, EINTR].contains(errno) {
      throw FileWriting.failure(target.path, errno)
    }
    try target.checkReplaceable()
    try FileWriting.move(unfinished, to: target.path)
    isFinished = true
  }

  private func flush() throws {
    let code = buffer.withUnsafeBufferPointer { FileWriting.writeAll($0, to: descriptor) }
    guard code == 0 else { throw FileWriting.failure(target.path, code) }
    buffer.removeAll(keepingCapacity: true)
  }
}
