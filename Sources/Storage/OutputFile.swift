import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that the command line asks to be written. Its faults are reported before anything is
/// computed, and a file that somebody else has written is never replaced.
package struct OutputFile: Sendable {
  package let path: String
  /// The text with which every file of this kind begins; a file without it was not written by this
  /// program.
  private let mark: String

  package init(_ path: String, mark: String) {
    self.path = path
    self.mark = mark
  }

  /// Refuses a path that cannot name a file: a blank one, or a folder.
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

  /// Refuses a file that cannot be written, or whose writing would destroy somebody else's.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if a file that no run has written has that name,
  ///   `.resources` if nothing can be written there.
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
  /// - Throws: the errors of `check`; an earlier file is then unchanged.
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
