import Diagnostics
import Synchronization

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

/// Keeps results between builds, each in a file whose name is derived from everything the result
/// depends on.
///
/// A cache never makes a build fail: what cannot be read is computed again, what cannot be written
/// is not kept, and the user is told once of either. An entry is trusted only if it holds its own
/// key and the checksum of its content. Files are written under another name and renamed, so
/// several builds may share a folder.
package final class ContentCache: Sendable {
  package let folder: String
  private let program: String
  private let notice: @Sendable (String) -> Void
  /// The parts that stand for entries, where processes share their results; these are never removed.
  private let parts: PartFolder?
  private let state = Mutex(State())

  private struct State {
    /// False after the first failure to write; nothing is written from then on.
    var isWritable = true
    var hasWritten = false
    var failure: Diagnostic?
  }

  /// - Parameters:
  ///   - program: what results depend on besides their key: the program and its numeric libraries.
  ///   - notice: receives messages for the user, one line each.
  package init(
    folder: String, program: String, notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.program = program
    self.notice = notice
    parts = nil
  }

  /// A cache whose entries are parts in a folder that processes share.
  package init(
    parts: PartFolder, program: String, notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    folder = parts.folder
    self.program = program
    self.notice = notice
    self.parts = parts
  }

  /// The key that an entry's part is found under.
  package func name(of key: ContentKey) -> String { name(key) }

  /// Throws what has kept an entry from being written.
  package func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// The value that an earlier build has kept; nil if there is none or it is damaged.
  package func value<Value: Codable>(_ type: Value.Type, for key: ContentKey) -> Value? {
    if let parts { return value(type, in: parts, key) }
    let path = path(key)
    guard let used = CacheListing.lastUse(of: path) else { return nil }
    do {
      let value = try CacheEntry.decode(type, from: FileBytes(reading: path), name: name(key))
      // `prune` removes the least recently used; that this time is a day out does not matter.
      if used < Self.yesterday { utimes(path, nil) }
      return value
    } catch {
      notice("note: \(path) (\(key.kind)) is damaged; it is computed again.")
      return nil
    }
  }

  /// The value of a part.
  private func value<Value: Codable>(
    _ type: Value.Type, in parts: PartFolder, _ key: ContentKey
  ) -> Value? {
    switch parts.read(name(key)) {
    case .missing: return nil
    case .part(let part):
      if let bytes: [UInt8] = part.numbers("value"),
        let value = try? CacheEntry.value(type, of: bytes)
      {
        return value
      }
    case .damaged: break
    }
    notice("note: \(parts.path(name(key))) (\(key.kind)) is damaged; it is computed again.")
    return nil
  }

  /// Keeps a value for later builds.
  package func keep(_ value: some Codable, for key: ContentKey) {
    guard state.withLock({ $0.isWritable }) else { return }
    do {
      if let parts {
        var part = Part(kind: key.kind.replacing(" ", with: "_"))
        part.add("value", try CacheEntry.content(of: value))
        return try parts.write(part, as: name(key))
      }
      let bytes = try CacheEntry.encode(value, kind: key.kind, name: name(key))
      try FileWriting.createFolders(folder, mode: 0o700)
      try FileWriting.replace(path(key), with: bytes, aside: folder + "/" + Self.aside)
      state.withLock { $0.hasWritten = true }
    } catch {
      let reason = (error as? Diagnostic)?.found ?? "\(error)"
      let isFirst = state.withLock { state in
        state.failure = state.failure ?? error as? Diagnostic
        defer { state.isWritable = false }
        return state.isWritable
      }
      if isFirst { notice("note: \(folder): \(reason); nothing is kept for later builds.") }
    }
  }

  /// The part that stands for an entry of many numbers; nil if there is none or it is damaged, and on one
  /// machine, whose builds share no parts.
  package func part(for key: ContentKey) -> Part? {
    guard let parts, case .part(let part) = parts.read(name(key)) else { return nil }
    return part
  }

  /// Keeps a part for other processes; on one machine it is not kept.
  ///
  /// - Throws: `Diagnostic` if the folder cannot be written.
  package func keep(_ part: Part, for key: ContentKey) throws {
    try parts?.write(part, as: name(key))
  }

  /// Limits the folder to `limit` bytes after a build that has written: removes the entries that
  /// were unused for longest, and old files that a killed build left.
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

  /// A value as parts hold it.
  package static func content(of value: some Codable) throws -> [UInt8] {
    Array(try CacheEntry.content(of: value))
  }

  package static func value<Value: Codable>(_ type: Value.Type, of content: [UInt8]) throws -> Value
  {
    try CacheEntry.value(type, of: content)
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
  /// The cache's folder by the XDG base directory specification: `$XDG_CACHE_HOME/reportgen`, else
  /// `~/.cache/reportgen`; nil if the environment has neither.
  package static func folder(_ environment: [String: String]) -> String? {
    // The specification demands that relative paths are ignored.
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/reportgen" }
    if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.cache/reportgen" }
    return nil
  }
}

extension ContentCache? {
  /// The value that an earlier build has kept; otherwise the result of `compute`, which is then
  /// kept. Without a cache, the value is always computed.
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
