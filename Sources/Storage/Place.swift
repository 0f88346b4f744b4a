#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a path leads: one place has many spellings, links and hard links, and this value is the
/// same for all of them, whether or not anything is there yet.
package struct Place: Sendable {
  /// Absolute, with every link followed as far as there is anything.
  package let path: String
  /// The device and inode of what is there; nil where nothing is.
  private let identity: Identity?

  private struct Identity: Sendable, Equatable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }

    init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      self.init(status)
    }
  }

  package init(_ path: String) {
    self.path = Self.resolved(path, links: 0)
    identity = Identity(of: self.path)
  }

  /// The file that an open descriptor leads to, such as a standard stream's; nil where that is no
  /// regular file, or the descriptor is closed.
  package init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    path = ""
    identity = Identity(status)
  }

  /// Whether both lead to the same file or folder, or to the same name of one to be.
  package func isSame(as other: Place) -> Bool {
    if let identity, let another = other.identity { return identity == another }
    return identity == nil && other.identity == nil && path == other.path
  }

  /// Whether this lies somewhere below `folder`, which need not be there yet.
  package func isInside(_ folder: Place) -> Bool {
    // By what the folder is and not by its letters: it may be mounted under two names.
    folders.contains { parent in
      folder.identity.map { $0 == Identity(of: parent) } ?? (parent == folder.path)
    }
  }

  /// The folders above it, the nearest first.
  package var folders: [String] {
    Array(
      sequence(state: path) { path in
        guard let parent = FileWriting.parent(of: path) else { return nil }
        path = parent
        return parent
      })
  }

  /// - Parameter links: how many links to nothing were followed on the way here.
  private static func resolved(_ path: String, links: Int) -> String {
    if let real = realpath(path.isEmpty ? "." : path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    // What is there may be followed, what is not is a matter of letters.
    guard let parent = FileWriting.parent(of: path) else { return path }
    let folder = resolved(parent, links: links)
    let name = FileWriting.name(of: path)
    if name == ".." { return FileWriting.parent(of: folder) ?? "/" }
    if name == "." { return folder }
    let full = folder == "/" ? "/" + name : folder + "/" + name
    guard links < 40, let target = destination(of: full) else { return full }
    return resolved(target.hasPrefix("/") ? target : folder + "/" + target, links: links + 1)
  }

  /// Where a link says that it leads; nil for what is none.
  private static func destination(of path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let count = readlink(path, start, buffer.count)
      guard count > 0 else { return nil }
      let bytes = UnsafeRawBufferPointer(start: start, count: count)
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
