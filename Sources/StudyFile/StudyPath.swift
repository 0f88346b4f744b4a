import Diagnostics
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A path in a study: `builtin:…`, absolute, `~/…`, or relative to the study's folder and inside
/// it.
enum StudyPath {
  static let builtIn = "builtin:"

  /// Simplifies a path as text, `a/./b/../c` → `a/c`; a `..` that leads outside stays.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !path.hasPrefix("/") {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The path with all links resolved; nil if nothing exists there.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Replaces `~/` by the home folder, if that is known.
  static func expandingHome(_ path: String, home: String?) -> String {
    guard let home, home.hasPrefix("/"), path.hasPrefix("~/") else { return path }
    return (home.hasSuffix("/") ? String(home.dropLast()) : home) + path.dropFirst()
  }

  static func joined(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") || folder == "." || folder == "./" { return path }
    let path = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }
}

/// A file that a study names, located but not read yet.
package struct LocatedFile: Sendable {
  package enum Source: Sendable {
    case memory(FileBytes)
    /// A path, and advice for the case that the file is missing.
    case disk(String, advice: String?)
  }

  /// The path as the study gives it, or the path that matches the study's pattern.
  package let path: String
  package let source: Source

  package init(path: String, source: Source) {
    self.path = path
    self.source = source
  }

  /// The file's name in messages.
  package var name: String {
    switch source {
    case .memory(let file): file.name
    case .disk(let path, _): path
    }
  }

  /// The path on disk with all links resolved; nil for a file in memory or a missing one.
  package var resolved: String? {
    if case .disk(let path, _) = source { StudyPath.resolved(path) } else { nil }
  }

  /// Reads the whole file.
  ///
  /// - Throws: `Diagnostic`; for a missing file it says where to get it, if the study does.
  package func bytes() throws -> FileBytes {
    switch source {
    case .memory(let file): file
    case .disk(let path, let advice): try Self.advising(advice, path) { try FileBytes(reading: $0) }
    }
  }

  /// Opens the file to read it in pieces.
  ///
  /// - Throws: the errors of `bytes()`.
  package func stream() throws -> ByteStream {
    switch source {
    case .memory(let file): ByteStream(file)
    case .disk(let path, let advice):
      try Self.advising(advice, path) { try ByteStream(reading: $0) }
    }
  }

  private static func advising<R>(
    _ advice: String?, _ path: String, _ read: (String) throws -> R
  ) throws -> R {
    do {
      return try read(path)
    } catch var missing as Diagnostic {
      if let advice, StudyPath.resolved(path) == nil { missing.advice += " " + advice }
      throw missing
    }
  }
}

extension OriginatedFile {
  /// Locates a file that the study names; `base` replaces the study's own folder.
  ///
  /// An absolute path, or one that begins with `~/`, is used as it is. A relative path that leaves
  /// the folder, by `..` or by a symbolic link, is refused: a study from elsewhere must not publish
  /// other files of the user.
  /// - Parameter source: where to get the file, for the message if it is missing.
  /// - Throws: `Diagnostic` of kind `.study`.
  package func locate(
    _ path: String, field: String, base: String? = nil, source: String? = nil
  ) throws -> LocatedFile {
    if path.hasPrefix(StudyPath.builtIn) {
      let name = String(path.dropFirst(StudyPath.builtIn.count))
      if let file = try Folder.embedded.file(name) {
        return LocatedFile(path: path, source: .memory(file))
      }
      throw diagnostic(
        field, expected: "a built-in file", found: "\"\(path.prefix(80))\"",
        advice: "Built in are builtin:corpora/nl.txt and its like: "
          + "de, en, es, fr, fr-daily, it, pt, sv.")
    }
    let (folder, inFolder) = try start(of: path, field: field, base: base, source: source)
    let named = StudyPath.joined(folder, inFolder)
    if !inFolder.hasPrefix("/") { try checkInside(folder, inFolder, named, field: field) }
    return LocatedFile(path: path, source: .disk(named, advice: source))
  }

  /// Locates the files that a path or a pattern names, sorted by their names.
  ///
  /// - Throws: the errors of `locate`, and one of kind `.data` for a pattern that matches no file.
  package func locateAll(
    _ path: String, field: String, base: String? = nil, source: String? = nil
  ) throws -> [LocatedFile] {
    guard !path.hasPrefix(StudyPath.builtIn) else {
      return [try locate(path, field: field, base: base, source: source)]
    }
    let (folder, inFolder) = try start(of: path, field: field, base: base, source: source)
    // A file may have such a sign in its name.
    guard let pattern = PathPattern(inFolder),
      StudyPath.resolved(StudyPath.joined(folder, inFolder)) == nil
    else { return [try locate(path, field: field, base: base, source: source)] }
    let found = pattern.files(in: folder)
    guard !found.isEmpty else {
      throw Diagnostic(
        .data, file: StudyPath.joined(folder, inFolder), expected: "files that match the pattern",
        found: "none",
        advice: "Check the path; relative paths start at the file that names them."
          + (source.map { " " + $0 } ?? ""))
    }
    return try found.map { try locate($0, field: field, base: base, source: source) }
  }

  /// Reads a whole file that the study names.
  ///
  /// - Throws: the errors of `locate`; for a missing file the message quotes `source`.
  package func open(
    _ path: String, field: String, base: String? = nil, source: String? = nil
  ) throws -> FileBytes {
    try locate(path, field: field, base: base, source: source).bytes()
  }

  /// The folder at which a path starts, and the path with the home folder filled in.
  private func start(
    of path: String, field: String, base: String?, source: String?
  ) throws -> (folder: String, path: String) {
    let path = StudyPath.expandingHome(path, home: origin.home)
    guard let folder = base ?? origin.folder ?? (path.hasPrefix("/") ? "." : nil) else {
      throw diagnostic(
        field, expected: "the folder that holds \(path)", found: "none given",
        advice: ["Name it with --corpora DIR.", source].compactMap(\.self).joined(separator: " "))
    }
    return (folder, path)
  }

  private func checkInside(
    _ folder: String, _ path: String, _ named: String, field: String
  ) throws {
    let leaves = StudyPath.normalized(path).split(separator: "/").first == ".."
    let target = StudyPath.resolved(named)
    let root = StudyPath.resolved(folder)
    let isInside =
      if let target, let root { target.hasPrefix(root == "/" ? "/" : root + "/") } else { true }
    guard !leaves, isInside else {
      throw diagnostic(
        field, expected: "a path inside \(folder)",
        found: "\"\(path)\", which leads to \(target ?? StudyPath.normalized(named))",
        advice: "Write the absolute path if this file is meant.")
    }
  }
}

extension OriginatedFile {
  /// The paths on disk from which the study is read, with their purpose: the study's own file, its
  /// corpora and its notes. The files need not exist.
  package func inputs(corporaFolder base: String? = nil) -> [(path: String, name: String)] {
    var inputs: [(path: String, name: String)] = []
    if origin.folder != nil { inputs.append((origin.file, "the study")) }
    func add(_ named: String, _ name: String, base: String?) {
      let path = StudyPath.expandingHome(named, home: origin.home)
      guard !path.hasPrefix(StudyPath.builtIn),
        let folder = base ?? origin.folder ?? (path.hasPrefix("/") ? "." : nil)
      else { return }
      inputs.append((StudyPath.joined(folder, path), name))
    }
    for entry in corpora {
      let name = "the corpus \(entry.name)"
      for path in entry.path.patterns {
        let found = (try? locateAll(path, field: "", base: base)) ?? []
        if found.isEmpty { add(path, name, base: base) }
        for case .disk(let file, _) in found.map(\.source) { inputs.append((file, name)) }
      }
    }
    if let notes { add(notes, "the notes", base: nil) }
    return inputs
  }
}

extension StudyFile {
  /// The author's notes in Markdown; nil if there are none.
  ///
  /// - Throws: `Diagnostic`.
  package func notesText() throws -> String? {
    guard let notes else { return nil }
    return try UTF8Text.decode(try open(notes, field: "notes"), .data)
  }
}
