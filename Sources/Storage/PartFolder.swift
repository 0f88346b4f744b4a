import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts that processes on many machines leave in one folder, `ab/abcdef….part`, each named by the
/// SHA-256 of everything it depends on.
///
/// Nothing is locked, and nothing that stands is changed or removed. A part is written aside, brought to
/// the disk, renamed and read back; who reads one checks it. Two processes that write the same part
/// write the same bytes.
package struct PartFolder: Sendable {
  package let folder: String

  package init(_ folder: String) {
    self.folder = folder
  }

  /// What stands under a part's name.
  package enum Found: Sendable {
    case part(Part)
    case missing
    /// Incomplete, damaged, or another part's content.
    case damaged
  }

  package func path(_ key: String) -> String {
    "\(folder)/\(key.prefix(2))/\(key)\(Self.ending)"
  }

  /// Reads a part and checks it.
  package func read(_ key: String) -> Found {
    guard let file = try? FileBytes(reading: path(key)) else {
      return access(path(key), F_OK) == 0 ? .damaged : .missing
    }
    return Part(file, key: key).map { .part($0) } ?? .damaged
  }

  /// What stands under a part's name, without its numbers.
  package enum Checked: Sendable, Equatable {
    /// A whole part, with the layers of its arrays.
    case whole(layers: Set<Int>)
    case missing
    case damaged
  }

  /// Checks a part without keeping it.
  ///
  /// - Parameter layer: the layer whose arrays alone are read; nil for all
  package func check(_ key: String, layer: Int? = nil) -> Checked {
    // Of a large part one layer is a small share, so that no more than it is read.
    let file =
      layer == nil ? try? FileBytes(reading: path(key)) : try? FileBytes(mapping: path(key))
    guard let file else { return access(path(key), F_OK) == 0 ? .damaged : .missing }
    return Part.layers(file, key: key, checking: layer).map { .whole(layers: $0) } ?? .damaged
  }

  /// Whether a whole part stands under this name.
  package func holds(_ key: String) -> Bool {
    if case .whole = check(key) { true } else { false }
  }

  /// Writes a part; where a whole one stands already, nothing is written.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  package func write(_ part: Part, as key: String) throws {
    if holds(key) { return }
    let parent = FileWriting.folder(of: path(key))
    try FileWriting.createFolders(parent)
    let written = Result {
      try FileWriting.replaceDurably(
        path(key), with: part.encoded(key: key), aside: parent + "/" + Self.aside)
    }
    // A network file system may report that a rename failed though it was done, and may keep what it
    // could not write. What can be read back is what counts.
    if holds(key) { return }
    try written.get()
    throw Diagnostic(
      .resources, file: path(key), expected: "to read back what was written",
      found: "something else", advice: "Check the file system, then run the unit again.")
  }

  /// When a part was written, in seconds; nil if it is missing.
  package func time(of key: String) -> Double? {
    var status = stat()
    guard stat(path(key), &status) == 0 else { return nil }
    #if canImport(Darwin)
      return Double(status.st_mtimespec.tv_sec) + Double(status.st_mtimespec.tv_nsec) / 1e9
    #else
      return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    #endif
  }

  /// The keys of all files in the folder, by their names alone.
  package func keys() -> Set<String> {
    var keys: Set<String> = []
    for group in Self.names(in: folder) where group.utf8.count == 2 {
      for name in Self.names(in: folder + "/" + group) where name.hasSuffix(Self.ending) {
        keys.insert(String(name.dropLast(Self.ending.utf8.count)))
      }
    }
    return keys
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { name in
          String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  static let ending = ".part"
  static let aside = ".unfinished-"
}
