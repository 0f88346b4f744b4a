#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A place from which files are read: a folder on disk, or files embedded in the program.
///
/// This is a struct of closures, so that models, studies and tests need no disk.
package struct Folder: Sendable {
  /// The folder as the user named it, for messages.
  package let name: String
  private let lookUp: @Sendable (_ path: String, _ mapped: Bool) throws -> FileBytes?

  package init(
    name: String, lookUp: @escaping @Sendable (_ path: String, _ mapped: Bool) throws -> FileBytes?
  ) {
    self.name = name
    self.lookUp = lookUp
  }

  /// A folder on disk.
  package init(path: String) {
    self.init(name: path) { file, mapped in
      let full = path.hasSuffix("/") ? path + file : path + "/" + file
      var status = stat()
      // `lstat` does not follow links, so a dangling link is an error instead of an absent file.
      guard lstat(full, &status) == 0 else { return nil }
      return mapped ? try FileBytes(mapping: full) : try FileBytes(reading: full)
    }
  }

  /// Files in memory, keyed by name.
  package init(name: String, files: [String: FileBytes]) {
    self.init(name: name) { path, _ in files[path] }
  }

  /// The file at `path` below this folder; nil if there is none.
  package func file(_ path: String, mapped: Bool = false) throws -> FileBytes? {
    try lookUp(path, mapped)
  }
}
