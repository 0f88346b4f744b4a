import Diagnostics

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

/// A folder that is updated atomically. Readers, and a build that follows a killed one, see the old
/// content or the new, never a mixture.
package struct PublishFolder: Sendable {
  package let path: String
  /// Locks an open file for this process alone, without waiting; returns 0 or the error's number.
  private let lock: @Sendable (_ descriptor: Int32) -> Int32

  /// The beginning of the names of unfinished work, which the next holder of the lock removes.
  fileprivate static let leftover = ".reportgen-"
  private static let lockName = ".reportgen.lock"
  /// The ending of the lock's name where the file itself is the lock.
  private static let madeEnding = "-made"

  package init(
    path: String,
    lock: @escaping @Sendable (Int32) -> Int32 = {
      flock($0, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
    }
  ) {
    self.path = path
    self.lock = lock
  }

  /// Whether `name` is one of this type's own files: the lock or unfinished work.
  package static func isOwn(_ name: String) -> Bool {
    name == lockName || name == lockName + madeEnding || name.hasPrefix(leftover)
  }

  /// The sorted names in the folder at `relative`; empty if there is no such folder.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` when it cannot be read or is no folder.
  package func names(in relative: String = "") throws -> [String] {
    let folder = full(relative)
    guard Self.exists(folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw Diagnostic(
        .resources, file: folder, expected: "a folder that can be read",
        found: Self.isFolder(folder) ? "one that cannot" : "something else",
        advice: "Check the permissions, or name another folder.")
    }
  }

  /// Whether anything exists at the folder's path.
  package var isThere: Bool { Self.exists(path) }

  /// Whether `relative` is a folder, and not a link to one.
  package func isFolder(_ relative: String) -> Bool { Self.isFolder(full(relative)) }

  /// Checks that the folder is writable before an hour's work is done; leaves nothing behind.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  package func checkWritable() throws {
    var folder = path.isEmpty ? "." : path
    while !Self.exists(folder), let parent = FileWriting.parent(of: folder) { folder = parent }
    // Permissions say nothing about a read-only disk or the superuser's rights, so a folder is
    // created.
    let probe = folder + "/\(Self.leftover)probe-\(getpid())"
    if mkdir(probe, 0o755) != 0, errno != EEXIST { throw FileWriting.failure(folder, errno) }
    rmdir(probe)
  }

  /// Runs `body` while no other process publishes into this folder, which is created if missing.
  ///
  /// The operating system releases the lock when its holder dies.
  /// - Throws: `Diagnostic` of kind `.busy` if another process still holds the lock after
  ///   `seconds`.
  package func locked<R>(
    waiting seconds: Double = 3, _ body: (LockedFolder) throws -> R
  ) throws -> R {
    try FileWriting.createFolders(path)
    let file = full(Self.lockName)
    let descriptor = try acquire(file, deadline: ContinuousClock.now + .seconds(seconds))
    defer {
      // The file is removed before the lock is released: a process that waits for it notices and
      // makes a new one.
      unlink(file + Self.madeEnding)
      unlink(file)
      close(descriptor)
    }
    return try body(LockedFolder(self))
  }

  /// Opens the lock's file and locks it, or, where the file system has no locks (Lustre, NFS 3),
  /// makes the file, which is then the lock.
  private func acquire(_ file: String, deadline: ContinuousClock.Instant) throws -> Int32 {
    while true {
      let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else { throw FileWriting.failure(file, errno) }
      let code = lock(descriptor)
      if Self.meansNoLocks(code) {
        close(descriptor)
        return try create(file + Self.madeEnding, deadline: deadline)
      }
      var held = stat()
      var named = stat()
      if code == 0, fstat(descriptor, &held) == 0, stat(file, &named) == 0,
        held.st_ino == named.st_ino, held.st_dev == named.st_dev
      {
        return descriptor
      }
      close(descriptor)
      guard [0, EWOULDBLOCK, EINTR].contains(code) else { throw FileWriting.failure(file, code) }
      guard ContinuousClock.now < deadline else { throw busy(nil) }
      usleep(20_000)
    }
  }

  /// Makes a file that only one process can make. A killed build leaves it behind, so the error says
  /// how to go on.
  private func create(_ file: String, deadline: ContinuousClock.Instant) throws -> Int32 {
    while true {
      let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
      if descriptor >= 0 { return descriptor }
      guard errno == EEXIST else { throw FileWriting.failure(file, errno) }
      guard ContinuousClock.now < deadline else { throw busy(file) }
      usleep(20_000)
    }
  }

  private func busy(_ made: String?) -> Diagnostic {
    Diagnostic(
      .busy, file: path, expected: "to publish here", found: "another build that is doing so",
      advice: made.map {
        "Wait until it is done, then build again; if none is running, remove \($0)."
      } ?? "Wait until it is done, then build again.")
  }

  /// Whether an error of `flock` says that the file system has no locks.
  private static func meansNoLocks(_ code: Int32) -> Bool {
    [ENOSYS, ENOLCK, EOPNOTSUPP, EINVAL].contains(code)
  }

  fileprivate func full(_ relative: String) -> String {
    relative.isEmpty ? path : path.hasSuffix("/") ? path + relative : path + "/" + relative
  }

  /// Whether anything exists at `path`, even a dangling link.
  fileprivate static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

/// A folder whose lock is held. There is no other way to write into it.
package struct LockedFolder {
  private let folder: PublishFolder

  fileprivate init(_ folder: PublishFolder) {
    self.folder = folder
  }

  /// Removes what a killed build left in `relative`.
  ///
  /// A folder that was moved aside and never replaced is put back.
  package func clearLeftovers(in relative: String = "") throws {
    for name in try folder.names(in: relative) where name.hasPrefix(PublishFolder.leftover) {
      let path = folder.full(Self.join(relative, name))
      let target = folder.full(Self.join(relative, String(name.dropFirst(Stage.old.count))))
      if name.hasPrefix(Stage.old), !PublishFolder.exists(target) {
        try FileWriting.move(path, to: target)
      } else {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }

  /// Replaces the folder `name` in `parent` by one that holds `files`, in one step.
  ///
  /// All files are on the disk before the swap, and the swap is on the disk before this returns.
  /// - Throws: `Diagnostic` of kind `.resources`; the old folder is then unchanged.
  package func replaceFolder(_ name: String, in parent: String, with files: [TextFile]) throws {
    let container = folder.full(parent)
    try FileWriting.createFolders(container)
    let new = container + "/" + Stage.new + name
    let old = container + "/" + Stage.old + name
    let target = container + "/" + name
    // The swap gives the old folder the name of the new one, so this removes the old one.
    defer { try? FileManager.default.removeItem(atPath: new) }
    try FileWriting.createFolders(new)
    var folders: Set<String> = [new]
    for file in files {
      let path = new + "/" + file.path
      if let parent = FileWriting.parent(of: path), folders.insert(parent).inserted {
        try FileWriting.createFolders(parent)
      }
      try FileWriting.create(path, file.text)
    }
    for folder in folders { try FileWriting.synchronize(folder: folder) }
    if !PublishFolder.exists(target) {
      try FileWriting.move(new, to: target)
    } else if try !FileWriting.exchange(new, target) {
      try FileWriting.move(target, to: old)
      do {
        try FileWriting.move(new, to: target)
      } catch {
        try FileWriting.move(old, to: target)
        throw error
      }
      try? FileManager.default.removeItem(atPath: old)
    }
    try FileWriting.synchronize(folder: container)
  }

  /// Writes or replaces one file in one step. A file that holds `text` already is not touched.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`; the old file is then unchanged.
  package func replaceFile(_ relative: String, with text: String) throws {
    let target = folder.full(relative)
    if let bytes = try? FileBytes(reading: target),
      bytes.withBytes({ text.utf8.elementsEqual($0) })
    {
      return
    }
    guard let parent = FileWriting.parent(of: target) else { return }
    try FileWriting.createFolders(parent)
    let name = target.split(separator: "/").last.map(String.init) ?? ""
    let new = parent + "/" + Stage.new + name
    do {
      try FileWriting.create(new, text)
      try FileWriting.move(new, to: target)
    } catch {
      unlink(new)
      throw error
    }
    try FileWriting.synchronize(folder: parent)
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder + "/" + name
  }

  private enum Stage {
    static let new = ".reportgen-new-"
    static let old = ".reportgen-old-"
  }
}
