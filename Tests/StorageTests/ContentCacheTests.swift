import Foundation
import Storage
import Synchronization
import Testing

/// Entries are trusted when they are whole and their own, and a cache never fails.
struct ContentCacheTests {
  private static let key = ContentKey("numbers", ["a", "b"])
  private static let numbers: [Double?] = [0.1, nil, .infinity, -0.0]

  private final class Notices: Sendable {
    private let all = Mutex<[String]>([])
    var count: Int { all.withLock(\.count) }
    func add(_ notice: String) { all.withLock { $0.append(notice) } }
  }

  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "cache-\(UUID().uuidString)")
  private let notices = Notices()

  private func cache(_ program: String = "1") -> ContentCache {
    ContentCache(folder: folder.path, program: program) { [notices] in notices.add($0) }
  }

  private func inFolder(_ body: () throws -> Void) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try body()
  }

  private var files: [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return found ?? []
  }

  @Test func whatIsKeptIsFoundByTheSameProgramUnderTheSameKeyOnly() throws {
    try inFolder {
      #expect(cache().value([Double?].self, for: Self.key) == nil)
      cache().keep(Self.numbers, for: Self.key)
      #expect(cache().value([Double?].self, for: Self.key) == Self.numbers)
      #expect(cache("2").value([Double?].self, for: Self.key) == nil)
      for parts in [["b", "a"], ["ab"], ["a", "b", ""]] {
        #expect(cache().value([Double?].self, for: ContentKey("numbers", parts)) == nil)
      }
      #expect(cache().value([Double?].self, for: ContentKey("other", ["a", "b"])) == nil)
      #expect(notices.count == 0)
      #expect(files.count == 1)
    }
  }

  @Test func packedNumbersComeBackBitByBit() throws {
    struct Columns: Codable, Equatable {
      @PackedArray var floats: [Float]
      @PackedArray var integers: [Int]
      static func == (a: Self, b: Self) -> Bool {
        a.floats.map(\.bitPattern) == b.floats.map(\.bitPattern) && a.integers == b.integers
      }
    }
    try inFolder {
      let columns = Columns(floats: [.nan, 0.1, -0.0, .infinity], integers: [.min, 0, .max])
      cache().keep(columns, for: Self.key)
      #expect(cache().value(Columns.self, for: Self.key) == columns)
    }
  }

  @Test(arguments: [0, 5, 40, 90, 140, 150, 180])
  func anEntryWithOneByteChangedIsNotTrusted(_ offset: Int) throws {
    try inFolder {
      cache().keep(Self.numbers, for: Self.key)
      let file = try #require(files.first)
      var bytes = try Data(contentsOf: file)
      // Not in the kind, which is only shown.
      let place = offset < bytes.count ? offset : bytes.count - 1
      bytes[place] ^= 1
      try bytes.write(to: file)
      #expect(cache().value([Double?].self, for: Self.key) == nil)
      #expect(notices.count == 1)
      cache().keep(Self.numbers, for: Self.key)
      #expect(cache().value([Double?].self, for: Self.key) == Self.numbers)
    }
  }

  @Test(arguments: [0, 1, 30, 100, 150])
  func anEntryThatIsCutShortIsNotTrusted(_ length: Int) throws {
    try inFolder {
      cache().keep(Self.numbers, for: Self.key)
      let file = try #require(files.first)
      try Data(contentsOf: file).prefix(length).write(to: file)
      #expect(cache().value([Double?].self, for: Self.key) == nil)
      #expect(notices.count == 1)
    }
  }

  @Test func anotherResultsFileUnderThisNameIsNotTrusted() throws {
    try inFolder {
      cache().keep(Self.numbers, for: Self.key)
      let file = try #require(files.first)
      try FileManager.default.moveItem(at: file, to: folder.appending(path: "aside"))
      cache().keep([1.0], for: ContentKey("numbers", ["another"]))
      let other = try #require(files.first { $0.lastPathComponent != "aside" })
      try FileManager.default.moveItem(at: other, to: file)
      #expect(cache().value([Double?].self, for: Self.key) == nil)
    }
  }

  @Test func aResultOfAnotherShapeIsNotTrusted() throws {
    try inFolder {
      cache().keep(["text"], for: Self.key)
      #expect(cache().value([Double?].self, for: Self.key) == nil)
    }
  }

  @Test func aFolderThatCannotBeIsTellsOnceAndFailsNothing() throws {
    try inFolder {
      try Data().write(to: folder)
      let cache = cache()
      for _ in 0..<3 { cache.keep(Self.numbers, for: Self.key) }
      #expect(cache.value([Double?].self, for: Self.key) == nil)
      #expect(notices.count == 1)
    }
  }

  @Test func pruningLeavesWhatWasUsedLast() throws {
    try inFolder {
      let cache = cache()
      let keys = (0..<3).map { ContentKey("numbers", ["\($0)"]) }
      for key in keys { cache.keep(Self.numbers, for: key) }
      let old = Date(timeIntervalSinceNow: -10 * 86_400)
      for file in files {
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file.path)
      }
      let unfinished = folder.appending(path: ".unfinished-x")
      try Data().write(to: unfinished)
      try FileManager.default.setAttributes(
        [.modificationDate: old], ofItemAtPath: unfinished.path)
      // Reading is use.
      #expect(cache.value([Double?].self, for: keys[1]) != nil)
      let one = try #require(CacheListing(folder: folder.path).entries.first?.bytes)
      cache.prune(limit: one)
      let found = keys.map { cache.value([Double?].self, for: $0) != nil }
      #expect(found == [false, true, false])
      #expect(files.count == 1)
    }
  }

  @Test func clearingRemovesEntriesAndNothingElse() throws {
    try inFolder {
      cache().keep(Self.numbers, for: Self.key)
      try Data().write(to: folder.appending(path: "mine.txt"))
      let listing = CacheListing(folder: folder.path)
      #expect(listing.entries.map(\.kind) == ["numbers"])
      try listing.clear()
      #expect(files.map(\.lastPathComponent) == ["mine.txt"])
    }
  }

  @Test(arguments: [
    (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/reportgen"),
    (["XDG_CACHE_HOME": "x", "HOME": "/h"], "/h/.cache/reportgen"),
    (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache/reportgen"), ([:], nil),
  ]) func theFolderIsThatOfTheXDGBaseDirectories(
    _ environment: [String: String], _ folder: String?
  ) {
    #expect(ContentCache.folder(environment) == folder)
  }
}
