import Diagnostics
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard input from a file, a pipe or a terminal.
enum StandardInput {
  static let name = "standard input"

  /// Reads everything up to the end.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` if it cannot be read, for example because it is a
  ///   folder.
  static func bytes() throws -> FileBytes {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Diagnostic(
          .resources, file: name, expected: "text that can be read",
          found: String(cString: strerror(errno)), advice: "Lead a file or a pipe into it.")
      }
      if count == 0 { return FileBytes(bytes, name: name) }
      bytes += buffer[..<count]
    }
  }
}
