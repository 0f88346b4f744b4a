import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that a command line names to be written. What it cannot be is told before anything is
/// computed, and nothing that somebody else put there is ever replaced.
package struct OutputFile: Sendable {
  package let path: String
  /// How every file of this kind begins: one that stands at `path` and does not is somebody's.
  private let mark: String

  package init(_ path: String, mark: String) {
    self.path = path
    self.mark = mark
  }

  /// Refuses a path that names no file: blanks, or a folder.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  package func checkName() throws {
    guard !path.allSatisfy(\.isWhitespace) else {
      throw Diagnostic(
        .resources, file: "\"\(path)\"", expected: "a file to write", found: "no name",
        advice: "Name a file in a folder that is there.")
    }
    let name = FileWriting.name(of: path)
    guard !path.hasSuffix("/"), name != ".", name != "..", !Self.isFolder(path) else {
      throw Diagnostic(
        .resources, file: path, expected: "a file in a folder that is there",
        found: "a folder", advice: "Name a file in it, or give another name.")
    }
  }

  /// Refuses what could not be written, and what would be lost by writing.
  ///
  /// - Throws: `Diagnostic` of kind `.study` where something stands there that no run has written,
  ///   `.resources` where nothing can be written.
  package func check() throws {
    try checkName()
    let folder = self.folder
    guard Self.isFolder(folder) else {
      throw Diagnostic(
        .resources, file: path, expected: "a file in a folder that is there",
        found: "no folder \(folder)", advice: "Make the folder, or give another name.")
    }
    try checkReplaceable()
    try PublishFolder(path: folder).checkWritable()
  }

  /// Writes the file in one step.
  ///
  /// - Throws: as `check`; what stood there is as it was.
  package func write(_ text: String) throws {
    let stream = try FileStream(self)
    try stream.write(text)
    try stream.finish()
  }

  /// Refuses to replace anything but a regular file that begins with the mark.
  func checkReplaceable() throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw FileWriting.failure(path, errno)
    }
    let found: String
    switch status.st_mode & S_IFMT {
    case S_IFREG where beginsWithMark(): return
    case S_IFREG: found = "a file that reportgen has not written"
    case S_IFLNK: found = "a link, which leads to \(Place(path).path)"
    case S_IFDIR: found = "a folder"
    default: found = "something else than a file"
    }
    throw Diagnostic(
      .study, file: path, expected: "a free name, or a file that reportgen has written before",
      found: found, advice: "Give another name, or move it away.")
  }

  private func beginsWithMark() -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let expected = Array(mark.utf8)
    var bytes = [UInt8](repeating: 0, count: expected.count)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    return count == expected.count && bytes == expected
  }

  var folder: String { FileWriting.folder(of: path) }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
