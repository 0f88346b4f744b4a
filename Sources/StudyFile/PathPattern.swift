#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
    guard let part = rest.first else {
      var status = stat()
      if stat(StudyPath.joined(folder, path), &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
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
    let names = (try? FileManager.default.contentsOfDirectory(atPath: full)) ?? []
    guard part == "**" else {
      for name in names where fnmatch(part, name, FNM_PERIOD) == 0 {
        walk(below(name), rest.dropFirst(), folder, &found)
      }
      return
    }
    walk(path, rest.dropFirst(), folder, &found)
    for name in names where !name.hasPrefix(".") {
      var status = stat()
      if lstat(full + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        walk(below(name), rest, folder, &found)
      }
    }
  }
}
