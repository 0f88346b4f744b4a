import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes files that a person will edit: all of them or none, and never over existing files.
package enum NewFiles {
  /// Creates `folder`, the folders above it and those that `files` lie in, and writes `files`.
  ///
  /// - Throws: `Diagnostic` of kind `.study`, before anything is written, if a file or the folder
  ///   is in the way; `.resources` if writing fails, after removing what was written.
  package static func write(_ files: [TextFile], into folder: String) throws {
    guard !folder.allSatisfy(\.isWhitespace) else {
      throw taken("\"\(folder)\"", "a folder", "no name")
    }
    var status = stat()
    if lstat(folder, &status) == 0 {
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw taken(folder, "a folder, or a name that is free", "something else of this name")
      }
    }
    let paths = files.map { path($0, in: folder) }
    for path in paths where lstat(path, &status) == 0 {
      throw taken(path, "a name that is free", "a file of this name")
    }
    try FileWriting.createFolders(folder)
    var written: [String] = []
    do {
      for (file, path) in zip(files, paths) {
        try FileWriting.createFolders(FileWriting.folder(of: path))
        try FileWriting.create(path, file.text)
        written.append(path)
      }
    } catch {
      for path in written { unlink(path) }
      throw error
    }
  }

  private static func path(_ file: TextFile, in folder: String) -> String {
    if folder == "." { return file.path }
    return FileWriting.joined(folder, file.path)
  }

  private static func taken(_ path: String, _ expected: String, _ found: String) -> Diagnostic {
    Diagnostic(
      .study, file: path, expected: expected, found: found,
      advice: "Choose another name, or move what is there away.")
  }
}
