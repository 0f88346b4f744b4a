import Foundation

/// A path with `*`, `?`, `[…]` for parts of names, and `**` for any number of folders:
/// `data/*.jsonl`, `**/part-?.jsonl.gz`.
///
/// As in a shell, a name that begins with a dot matches only if the pattern has the dot too. `**`
/// does not follow links, which could form a cycle.
struct PathPattern {
  private let parts: [String]
  private let isAbsolute: Bool

  /// Nil if the path has none of these signs.
  init?(_ path: String) {
    guard path.contains(where: { "*?[".contains($0) }) else { return nil }
    parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    isAbsolute = path.hasPrefix("/")
  }

  /// The paths of the matching files, sorted by bytes; relative ones start at `folder`.
  func files(in folder: String) -> [String] {
    var found: Set<String> = []
    walk(isAbsolute ? "/" : "", parts[...], folder, &found)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func walk(
    _ path: String, _ rest: ArraySlice<String>, _ folder: String, _ found: inout Set<String>
  ) {
    let files = FileManager.default
    guard let part = rest.first else {
      var isFolder: ObjCBool = false
      let full = StudyPath.joined(folder, path)
      if files.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue {
        found.insert(path)
      }
      return
    }
    func below(_ name: String) -> String {
      path.isEmpty || path.hasSuffix("/") ? path + name : path + "/" + name
    }
    guard part.contains(where: { "*?[".contains($0) }) else {
      return walk(below(part), rest.dropFirst(), folder, &found)
    }
    let full = path.isEmpty ? folder : StudyPath.joined(folder, path)
    let names = (try? files.contentsOfDirectory(atPath: full)) ?? []
    guard part == "**" else {
      for name in names where fnmatch(part, name, FNM_PERIOD) == 0 {
        walk(below(name), rest.dropFirst(), folder, &found)
      }
      return
    }
    walk(path, rest.dropFirst(), folder, &found)
    for name in names where !name.hasPrefix(".") {
      let kind = try? files.attributesOfItem(atPath: full + "/" + name)[.type] as? FileAttributeType
      if kind == .typeDirectory { walk(below(name), rest, folder, &found) }
    }
  }
}
