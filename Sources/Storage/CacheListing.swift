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

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a cache folder.
package struct CacheListing: Sendable {
  package struct Entry: Sendable {
    package let name: String
    /// What kind of result the entry holds; empty if the file does not say.
    package let kind: String
    package let bytes: Int
    /// When the entry was last written or read.
    package let used: Date
  }

  /// All entries, the most recently used first.
  package let entries: [Entry]
  /// Files that a build is still writing, or that a killed build has left.
  package let unfinished: [Entry]
  private let folder: String

  package var bytes: Int { entries.reduce(0) { $0 + $1.bytes } }

  /// Reads the folder; a missing folder counts as empty.
  package init(folder: String) {
    self.folder = folder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let files = names.compactMap { name -> Entry? in
      let path = folder + "/" + name
      guard let used = Self.lastUse(of: path), let file = try? FileBytes(mapping: path) else {
        return nil
      }
      return Entry(
        name: name, kind: CacheEntry.head(of: file)?.kind ?? "", bytes: file.count, used: used)
    }
    entries = files.filter { $0.name.hasSuffix(ContentCache.ending) }.sorted { $0.used > $1.used }
    unfinished = files.filter { $0.name.hasPrefix(ContentCache.aside) }
  }

  /// The modification time of a file; nil if there is no file.
  static func lastUse(of path: String) -> Date? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let changed = status.st_mtimespec
    #else
      let changed = status.st_mtim
    #endif
    return Date(timeIntervalSince1970: Double(changed.tv_sec) + Double(changed.tv_nsec) / 1e9)
  }

  /// Removes all entries. Other files of the folder stay.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  package func clear() throws {
    for entry in entries + unfinished where unlink(folder + "/" + entry.name) != 0 {
      if errno != ENOENT { throw FileWriting.failure(folder + "/" + entry.name, errno) }
    }
  }
}
