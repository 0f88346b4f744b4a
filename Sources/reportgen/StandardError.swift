import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard error: what cannot be said there is lost, and ends nothing.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String) {
    var text = text
    _ = text.withUTF8 { FileWriting.writeAll($0, to: STDERR_FILENO) }
  }
}
