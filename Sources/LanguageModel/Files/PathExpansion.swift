import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Expands paths in environment variables like Python: `os.path.expanduser`, then
/// `os.path.expandvars`, as `huggingface_hub` does for the folders of its cache.
struct PathExpansion {
  let environment: [String: String]

  func expanded(_ path: String) -> String { variables(home(path)) }

  /// Replaces `~` or `~NAME` at the beginning by a home folder; the name of an unknown user stays.
  func home(_ path: String) -> String {
    guard path.utf8.first == UInt8(ascii: "~") else { return path }
    let end = path.utf8.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
    let user = path[path.utf8.index(after: path.startIndex)..<end]
    let found =
      user.isEmpty ? environment["HOME"] ?? Self.home(of: nil) : Self.home(of: String(user))
    guard var home = found.map({ $0[...] }) else { return path }
    while home.utf8.last == UInt8(ascii: "/") { home = home.dropLast() }
    let whole = home + path[end...]
    return whole.isEmpty ? "/" : String(whole)
  }

  /// Replaces `$NAME` and `${NAME}` by the variable's value, which is not expanded again. A
  /// variable that is not set stays as written.
  func variables(_ path: String) -> String {
    let bytes = Array(path.utf8)
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "$"), let (name, end) = Self.variable(bytes, at + 1) else {
        result.append(bytes[at])
        at += 1
        continue
      }
      let value = environment[String(decoding: bytes[name], as: UTF8.self)]
      result += value.map { Array($0.utf8) } ?? Array(bytes[at..<end])
      at = end
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The name of a variable that begins at `start`, after the dollar sign, and the end of the
  /// reference.
  private static func variable(_ bytes: [UInt8], _ start: Int) -> (name: Range<Int>, end: Int)? {
    if start < bytes.count, bytes[start] == UInt8(ascii: "{") {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
      return (start + 1..<end, end + 1)
    }
    let end = bytes[start...].firstIndex { !isWord($0) } ?? bytes.count
    return end == start ? nil : (start..<end, end)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
  }

  /// The home folder of a user, or of the user who runs the program if `user` is nil.
  private static func home(of user: String?) -> String? {
    let entry = user.map { getpwnam($0) } ?? getpwuid(getuid())
    return entry.flatMap { String(cString: $0.pointee.pw_dir) }
  }
}
