import Diagnostics
import Foundation
import Storage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Publishing in single steps, in a folder of the test's own.
final class PublishFolderTests {
  let root: String
  let folder: PublishFolder

  init() throws {
    root = NSTemporaryDirectory() + "reportgen-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    folder = PublishFolder(path: root + "/site")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func publish(_ files: [(String, String)], name: String = "demo") throws {
    try folder.locked { locked in
      try locked.clearLeftovers(in: "reports")
      try locked.replaceFolder(
        name, in: "reports", with: files.map { TextFile(path: $0.0, text: $0.1) })
    }
  }

  private func text(_ path: String) -> String? {
    try? String(contentsOfFile: root + "/site/" + path, encoding: .utf8)
  }

  @Test func aFolderIsMadeAndThenReplacedWhole() throws {
    try publish([("a.md", "one"), ("charts/x.svg", "<svg/>"), ("data/é.csv", "")])
    #expect(text("reports/demo/charts/x.svg") == "<svg/>")
    #expect(text("reports/demo/data/é.csv") == "")
    try publish([("a.md", "two")])
    #expect(text("reports/demo/a.md") == "two")
    #expect(try folder.names(in: "reports/demo") == ["a.md"])
    #expect(try folder.names(in: "reports") == ["demo"])
    #expect(try folder.names() == ["reports"])
  }

  @Test(arguments: ["x/" + String(repeating: "n", count: 300), "a.md", "a.md/b"])
  func aWriteThatFailsLeavesTheOldFolderAndNothingElse(bad: String) throws {
    try publish([("a.md", "old")])
    let error = #expect(throws: Diagnostic.self) {
      try self.publish([("a.md", "new"), (bad, "")])
    }
    #expect(error?.kind == .resources)
    #expect(error?.file.contains("/site/reports/") == true)
    #expect(text("reports/demo/a.md") == "old")
    #expect(try folder.names(in: "reports") == ["demo"])
    #expect(try folder.names() == ["reports"])
  }

  @Test func leftoversOfKilledBuildsAreClearedAndWhatWasMovedAsideComesBack() throws {
    let reports = root + "/site/reports/"
    for name in [".reportgen-new-demo/charts", ".reportgen-old-other", ".reportgen-old-demo"] {
      try FileManager.default.createDirectory(
        atPath: reports + name, withIntermediateDirectories: true)
    }
    try "kept".write(
      toFile: reports + ".reportgen-old-other/a.md", atomically: false, encoding: .utf8)
    try "stale".write(toFile: root + "/site/.reportgen.lock", atomically: false, encoding: .utf8)
    try publish([("a.md", "new")])
    #expect(try folder.names(in: "reports") == ["demo", "other"])
    #expect(text("reports/other/a.md") == "kept")
    #expect(text("reports/demo/a.md") == "new")
    #expect(try folder.names() == ["reports"])
  }

  @Test func theLockIsWaitedForAndThenRefused() throws {
    try publish([("a.md", "old")])
    let lock = open(root + "/site/.reportgen.lock", O_RDWR | O_CREAT, 0o644)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let error = #expect(throws: Diagnostic.self) {
      try self.folder.locked(waiting: 0.1) { _ in }
    }
    #expect(error?.kind == .busy)
    close(lock)
    try publish([("a.md", "new")])
    #expect(text("reports/demo/a.md") == "new")
  }

  /// Lustre and NFS 3 may have no locks: a file that only one process can make stands for one.
  @Test(arguments: [ENOSYS, ENOLCK]) func withoutLocksAFileIsTheLock(code: Int32) throws {
    let folder = PublishFolder(path: root + "/site", lock: { _ in code })
    try folder.locked { try $0.replaceFile("index.html", with: "a") }
    #expect(try folder.names() == ["index.html"])
    try folder.locked { _ in
      let error = #expect(throws: Diagnostic.self) { try folder.locked(waiting: 0.1) { _ in } }
      #expect(error?.kind == .busy)
      #expect(error?.message.contains(".reportgen.lock-made") == true)
    }
    #expect(try folder.names() == ["index.html"])
  }

  @Test(arguments: [true, false]) func publishersAtOnceTakeTurns(hasLocks: Bool) async throws {
    let folder = hasLocks ? folder : PublishFolder(path: root + "/site", lock: { _ in ENOLCK })
    let inside = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          try folder.locked(waiting: 30) { locked in
            #expect(inside.add(1) == 1)
            try locked.replaceFile("index.html", with: "\(index)")
            _ = inside.add(-1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try folder.names() == ["index.html"])
  }

  @Test func aFileIsReplacedOrLeftAlone() throws {
    try folder.locked { try $0.replaceFile("assets/style.css", with: "a") }
    let path = root + "/site/assets/style.css"
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    try folder.locked { try $0.replaceFile("assets/style.css", with: "a") }
    let same = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    #expect(before == same)
    try folder.locked { try $0.replaceFile("assets/style.css", with: "b") }
    #expect(text("assets/style.css") == "b")
    #expect(try folder.names(in: "assets") == ["style.css"])
  }

  @Test func whatCannotBeWrittenIsToldBeforehandAndNothingIsLeft() throws {
    try folder.checkWritable()
    #expect(!FileManager.default.fileExists(atPath: root + "/site"))
    try "x".write(toFile: root + "/file", atomically: false, encoding: .utf8)
    let error = #expect(throws: Diagnostic.self) {
      try PublishFolder(path: self.root + "/file/site").checkWritable()
    }
    #expect(error?.kind == .resources)
    #expect(error?.file == root + "/file")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write into a read-only folder"))
  func aReadOnlyFolderIsToldBeforehand() throws {
    chmod(root, 0o555)
    defer { chmod(root, 0o755) }
    let error = #expect(throws: Diagnostic.self) { try self.folder.checkWritable() }
    #expect(error?.kind == .resources)
    #expect(error?.file == root)
  }

  /// Shared by the tasks of one test.
  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0

    func add(_ step: Int) -> Int {
      lock.withLock {
        value += step
        return value
      }
    }
  }
}
