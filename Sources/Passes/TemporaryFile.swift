import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of numbers without a name, so that nothing is left behind however the program ends. It
/// holds what is too large for memory and cheaper to read back than to compute again.
///
/// Several threads may write and read different ranges at once.
final class TemporaryFile: Sendable {
  private let descriptor: Int32

  /// - Throws: `Diagnostic` of kind `.resources`.
  init(folder: String) throws {
    let nameless = Self.openNameless(in: folder)
    if nameless >= 0 {
      descriptor = nameless
      return
    }
    var template = Array((folder + "/reportgen-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(folder) }
    unlink(template)
  }

  /// Opens a file that never has a name, so that even a build killed at once leaves nothing. The
  /// result is negative where the system or the file system does not support this.
  private static func openNameless(in folder: String) -> Int32 {
    #if os(Linux)
      // This is O_TMPFILE, a macro that Swift does not import (open(2)).
      open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o600)
    #else
      -1
    #endif
  }

  deinit { close(descriptor) }

  /// The folder for temporary files: `TMPDIR`, or else one that is on disk rather than in memory.
  static func folder(_ environment: [String: String]) -> String {
    if let folder = environment["TMPDIR"], !folder.isEmpty { return folder }
    return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
  }

  /// Writes numbers, starting at the file's number `first`.
  func write(_ numbers: UnsafeRawBufferPointer, at first: Int) throws {
    guard let base = numbers.baseAddress else { return }
    var done = 0
    while done < numbers.count {
      let written = pwrite(
        descriptor, base + done, numbers.count - done,
        off_t(first * MemoryLayout<Float>.stride + done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("the temporary folder") }
      done += written
    }
  }

  /// Fills `numbers`, starting at the file's number `first`.
  func read(_ numbers: UnsafeMutableRawBufferPointer, at first: Int) throws {
    guard let base = numbers.baseAddress else { return }
    var done = 0
    while done < numbers.count {
      let got = pread(
        descriptor, base + done, numbers.count - done,
        off_t(first * MemoryLayout<Float>.stride + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw Self.failure("the temporary folder") }
      done += got
    }
  }

  private static func failure(_ folder: String) -> Diagnostic {
    let code = errno
    let isFull = [0, ENOSPC, EDQUOT, EFBIG].contains(code)
    return Diagnostic(
      .resources, file: folder,
      expected: isFull
        ? "room for a temporary file of activations" : "a folder for a temporary file",
      found: code == 0 ? "no more room" : String(cString: strerror(code)),
      advice: isFull
        ? "Free some disk space, or name another folder in TMPDIR."
        : "Name a folder that is there and can be written in TMPDIR.")
  }
}
