import Foundation

/// A path with `*`, `?`, `[…]` for parts of names, and `**` for any number of folders:
/// `data/*.jsonl`, `**/part-?.jsonl.gz`.
///
/// A name that begins with a dot is found only where the pattern says so, as in a shell; `**`
/// follows no links, which could lead in circles.
struct PathPattern {
  private let parts: [String]
  private let isAbsolute: Bool

  /// Nil for a path without any of these signs.
  init?(_ path: String) {
    guard path.contains(where: { "*?[".contains($0) }) else { return nil }
    parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    isAbsolute = path.hasPrefix("/")
  }

  /// The paths of files, sorted by their bytes; relative ones start at `folder`.
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
