import Diagnostics
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output without silent losses: text is written at once, and a full disk is an error. A
/// closed pipe is not an error, because its reader has seen enough.
enum StandardOutput {
  /// - Throws: `Diagnostic` of kind `.resources`.
  static func write(_ text: String) throws {
    var text = text
    try check(text.withUTF8 { FileWriting.writeAll($0, to: STDOUT_FILENO) })
  }

  /// - Throws: `Diagnostic` of kind `.resources`.
  static func writeLine(_ line: String) throws { try write(line + "\n") }

  /// Flushes what `print` has buffered and closes the stream; some network file systems report a
  /// full disk only then.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  static func finish() throws {
    if fflush(nil) != 0 { try check(errno) }
    if close(STDOUT_FILENO) != 0, errno != EINTR { try check(errno) }
  }

  private static func check(_ code: Int32) throws {
    guard code != 0, code != EPIPE else { return }
    throw Diagnostic(
      .resources, file: "standard output", expected: "to write all of it",
      found: String(cString: strerror(code)),
      advice:
        "Free some space where it is led to, or lead it elsewhere; then run the command again.")
  }
}
