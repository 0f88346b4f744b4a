import Diagnostics
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A path that a study names: `builtin:…`, absolute, or relative and then inside its folder.
enum StudyPath {
  static let builtIn = "builtin:"

  /// `a/./b/../c` → `a/c`, by the letters alone; `..` stays where it leads outside.
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

  /// Where `path` leads once every link is followed; nil when nothing is there.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  static func joined(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") || folder == "." || folder == "./" { return path }
    let path = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }
}

extension StudyFile {
  /// Opens a file that the study names; `base` stands in for the study's own folder.
  ///
  /// An absolute path is taken as it is. A relative one that leaves its folder, by `..` or by a
  /// symbolic link, is refused: a study from elsewhere must not publish what it was not given.
  /// - Throws: `Diagnostic`; a missing file is told with `source`, where to get it.
  package func open(
    _ path: String, field: String, base: String? = nil, source: String? = nil
  ) throws -> FileBytes {
    if path.hasPrefix(StudyPath.builtIn) {
      let name = String(path.dropFirst(StudyPath.builtIn.count))
      if let file = try Folder.embedded.file(name) { return file }
      throw diagnostic(
        field, expected: "a built-in file", found: "\"\(path.prefix(80))\"",
        advice:
          "Built in are builtin:corpora/nl.txt and its like: de, en, es, fr, it, pt, sv, nl-stories, fr-stories."
      )
    }
    guard let folder = base ?? origin.folder ?? (path.hasPrefix("/") ? "." : nil) else {
      throw diagnostic(
        field, expected: "the folder that holds \(path)", found: "none given",
        advice: "Name it with --corpora DIR. \(source ?? "")")
    }
    let named = StudyPath.joined(folder, path)
    if !path.hasPrefix("/") { try checkInside(folder, path, named, field: field) }
    do {
      return try FileBytes(reading: named)
    } catch var missing as Diagnostic {
      if let source, StudyPath.resolved(named) == nil { missing.advice += " " + source }
      throw missing
    }
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

extension StudyFile {
  /// The files on disk that the study is read from, each with what it is: the study's own, its
  /// corpora and its notes. They need not be there.
  package func inputs(corporaFolder base: String? = nil) -> [(path: String, name: String)] {
    var inputs: [(path: String, name: String)] = []
    if origin.folder != nil { inputs.append((origin.file, "the study")) }
    func add(_ path: String, _ name: String, base: String?) {
      guard !path.hasPrefix(StudyPath.builtIn),
        let folder = base ?? origin.folder ?? (path.hasPrefix("/") ? "." : nil)
      else { return }
      inputs.append((StudyPath.joined(folder, path), name))
    }
    for entry in corpora { add(entry.path, "the corpus \(entry.name)", base: base) }
    if let notes { add(notes, "the notes", base: nil) }
    return inputs
  }
}

extension StudyFile {
  /// The author's Markdown, or nil.
  ///
  /// - Throws: `Diagnostic`.
  package func notesText() throws -> String? {
    guard let notes else { return nil }
    return try UTF8Text.decode(try open(notes, field: "notes"), .data)
  }
}
