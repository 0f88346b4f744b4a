import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file to be written, with its path relative to the folder that it is written into.
package struct TextFile: Sendable, Equatable {
  package let path: String
  package let text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// Writes files so that they reach the disk, or reports why they did not.
package enum FileWriting {
  /// Writes a file that does not exist yet, and waits until it is on the disk.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  static func create(_ path: String, _ text: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var text = text
    var code = text.withUTF8 { writeAll($0, to: descriptor) }
    if code == 0 { code = synchronized(descriptor) }
    code = closed(descriptor, code)
    if code != 0 { throw failure(path, code) }
  }

  /// Writes or replaces a file in one step, without waiting for the disk. It is meant for content
  /// that is checked when it is read.
  ///
  /// - Parameter aside: the beginning of the path of the temporary file, in the same folder.
  /// - Throws: `Diagnostic` of kind `.resources`; the old file is then unchanged.
  static func replace(_ path: String, with bytes: [UInt8], aside: String) throws {
    try replace(path, with: bytes, aside: aside, isDurable: false)
  }

  /// The same, but waits until the content is on the disk before the file has its name.
  static func replaceDurably(_ path: String, with bytes: [UInt8], aside: String) throws {
    try replace(path, with: bytes, aside: aside, isDurable: true)
  }

  /// Writes or replaces a file in one step, with the folders above it, and waits until it is on the disk.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`; the old file is then unchanged.
  package static func writeDurably(_ path: String, _ text: String) throws {
    let folder = folder(of: path)
    try createFolders(folder)
    try replaceDurably(path, with: Array(text.utf8), aside: joined(folder, ".unfinished-"))
  }

  private static func replace(
    _ path: String, with bytes: [UInt8], aside: String, isDurable: Bool
  ) throws {
    var template = Array((aside + "XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var code = bytes.withUnsafeBufferPointer { writeAll($0, to: descriptor) }
    // `mkstemp` makes files that only their owner reads; those who share a folder read a part.
    if isDurable, code == 0 {
      fchmod(descriptor, 0o644)
      code = synchronized(descriptor)
    }
    code = closed(descriptor, code)
    if code == 0, rename(template, path) != 0 { code = errno }
    if code != 0 {
      unlink(template)
      throw failure(path, code)
    }
  }

  /// Writes all bytes and returns 0 or the error number.
  package static func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let written = write(descriptor, base + done, bytes.count - done)
      if written < 0, errno == EINTR { continue }
      if written < 0 { return errno }
      done += written
    }
    return 0
  }

  /// Closes a file and returns the error so far, or that of closing: some network file systems
  /// report a full disk only then.
  private static func closed(_ descriptor: Int32, _ code: Int32) -> Int32 {
    close(descriptor) != 0 && code == 0 && errno != EINTR ? errno : code
  }

  /// Creates the folder `path` and the folders above it.
  static func createFolders(_ path: String, mode: mode_t = 0o755) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    if let parent = parent(of: path) { try createFolders(parent, mode: mode) }
    if mkdir(path, mode) != 0, errno != EEXIST { throw failure(path, errno) }
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
      throw failure(path, ENOTDIR)
    }
    if let parent = parent(of: path) { try synchronize(folder: parent) }
  }

  /// Waits until the entries of a folder are on the disk.
  static func synchronize(folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, errno) }
    defer { close(descriptor) }
    let code = synchronized(descriptor)
    if code != 0 { throw failure(folder, code) }
  }

  static func move(_ path: String, to target: String) throws {
    if rename(path, target) != 0 { throw failure(target, errno) }
  }

  /// Swaps two names in one step; returns false if the file system cannot.
  static func exchange(_ path: String, _ other: String) throws -> Bool {
    if exchangeNames(path, other) == 0 { return true }
    if [ENOSYS, EINVAL, ENOTSUP].contains(errno) { return false }
    throw failure(other, errno)
  }

  /// The folder of `path`; nil for `/`, `.` for a bare name.
  static func parent(of path: String) -> String? {
    let path = withoutSlashesBehind(path)
    guard path != "/" else { return nil }
    guard let slash = path.utf8.lastIndex(of: separator) else { return path == "." ? nil : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path of `name` in `folder`.
  package static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that contains the file at `path`.
  package static func folder(of path: String) -> String { parent(of: path) ?? "/" }

  /// The last part of `path`; `/` and the empty path are returned unchanged.
  package static func name(of path: String) -> String {
    let path = withoutSlashesBehind(path)
    guard path != "/", let slash = path.utf8.lastIndex(of: separator) else { return String(path) }
    return String(path[path.utf8.index(after: slash)...])
  }

  private static func withoutSlashesBehind(_ path: String) -> Substring {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == separator {
      path = path[..<path.utf8.index(before: path.endIndex)]
    }
    return path
  }

  /// The path separator. It is searched for as a byte: Swift would not find a slash with a
  /// combining mark as a character.
  private static let separator = UInt8(ascii: "/")

  static func failure(_ path: String, _ code: Int32) -> Diagnostic {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return Diagnostic(
      .resources, file: path, expected: "to write here", found: String(cString: strerror(code)),
      advice: isFull
        ? "Free some space and build again; what was published is as it was."
        : "Make the folder writable, or name another one; what was published is as it was.")
  }

  /// Returns 0 or the error number. A file system that does not support `fsync` gives no error.
  private static func synchronized(_ descriptor: Int32) -> Int32 {
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      return [EINVAL, ENOTSUP, EROFS].contains(errno) ? 0 : errno
    }
    return 0
  }
}

#if canImport(Darwin)
  private func exchangeNames(_ path: String, _ other: String) -> Int32 {
    renamex_np(path, other, UInt32(RENAME_SWAP))
  }
#else
  private func exchangeNames(_ path: String, _ other: String) -> Int32 {
    // Swift cannot see this function, because its header requires _GNU_SOURCE. A C library that
    // lacks it is treated like a file system that cannot swap names.
    typealias Function =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else {
      errno = ENOSYS
      return -1
    }
    let exchange: UInt32 = 1 << 1
    return unsafeBitCast(symbol, to: Function.self)(AT_FDCWD, path, AT_FDCWD, other, exchange)
  }
#endif
