import Diagnostics
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Results kept between builds, each in a file named for everything that it follows from.
///
/// A cache never fails a build: what cannot be read is computed again, what cannot be written is not
/// kept, and either is told once. An entry is trusted only when it holds its own key and the
/// checksum of its content. Files are written aside and renamed; several builds may share a folder.
package final class ContentCache: Sendable {
  package let folder: String
  private let program: String
  private let notice: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    /// No more is written after the first failure.
    var isWritable = true
    var hasWritten = false
  }

  /// - Parameters:
  ///   - program: what else results depend on: the program itself, and the libraries it computes with.
  ///   - notice: takes what a user should know, one line each.
  package init(
    folder: String, program: String, notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.program = program
    self.notice = notice
  }

  /// What an earlier build has kept; nil when there is nothing, or nothing that can be trusted.
  package func value<Value: Codable>(_ type: Value.Type, for key: ContentKey) -> Value? {
    let path = path(key)
    guard let used = CacheListing.lastUse(of: path) else { return nil }
    do {
      let value = try CacheEntry.decode(type, from: FileBytes(reading: path), name: name(key))
      // `prune` goes by this time; a day is fine enough.
      if used < Self.yesterday { utimes(path, nil) }
      return value
    } catch {
      notice("note: \(path) (\(key.kind)) is damaged; it is computed again.")
      return nil
    }
  }

  /// Keeps a value for later builds.
  package func keep(_ value: some Codable, for key: ContentKey) {
    guard state.withLock({ $0.isWritable }) else { return }
    do {
      let bytes = try CacheEntry.encode(value, kind: key.kind, name: name(key))
      try FileWriting.createFolders(folder, mode: 0o700)
      try FileWriting.replace(path(key), with: bytes, aside: folder + "/" + Self.aside)
      state.withLock { $0.hasWritten = true }
    } catch {
      let reason = (error as? Diagnostic)?.found ?? "\(error)"
      let isFirst = state.withLock { state in
        defer { state.isWritable = false }
        return state.isWritable
      }
      if isFirst { notice("note: \(folder): \(reason); nothing is kept for later builds.") }
    }
  }

  /// Keeps the folder within `limit` bytes after a build that has written: entries that were not
  /// used for longest go first, and so do files that a killed build left.
  package func prune(limit: Int = 2_000_000_000) {
    guard state.withLock({ $0.hasWritten }) else { return }
    let listing = CacheListing(folder: folder)
    var total = listing.bytes
    for entry in listing.entries.sorted(by: { $0.used < $1.used }) where total > limit {
      unlink(folder + "/" + entry.name)
      total -= entry.bytes
    }
    for file in listing.unfinished where file.used < Self.yesterday {
      unlink(folder + "/" + file.name)
    }
  }

  private static var yesterday: Date { Date(timeIntervalSinceNow: -86_400) }

  private func name(_ key: ContentKey) -> String {
    Checksum.sha256(of: program + "\n" + key.digest)
  }

  private func path(_ key: ContentKey) -> String { folder + "/" + name(key) + Self.ending }

  static let ending = ".entry"
  static let aside = ".unfinished-"
}

extension ContentCache {
  /// The folder by the XDG base directories: `$XDG_CACHE_HOME/reportgen`, else `~/.cache/reportgen`;
  /// nil where the environment names neither.
  package static func folder(_ environment: [String: String]) -> String? {
    // The specification has relative paths ignored.
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/reportgen" }
    if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.cache/reportgen" }
    return nil
  }
}

extension ContentCache? {
  /// What an earlier build has kept, or what `compute` gives, which is kept. Without a cache
  /// everything is computed.
  package func value<Value: Codable>(
    for key: @autoclosure () throws -> ContentKey, compute: () throws -> Value
  ) rethrows -> Value {
    guard let cache = self else { return try compute() }
    let key = try key()
    if let value = cache.value(Value.self, for: key) { return value }
    let value = try compute()
    cache.keep(value, for: key)
    return value
  }
}
