#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The place that a path leads to. Different spellings, links and hard links to the same place are
/// equal, whether or not a file exists there.
package struct Place: Sendable {
  /// The absolute path with all links resolved, as far as it exists.
  package let path: String
  /// The device and inode of the file or folder; nil if it does not exist.
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

  /// The file that an open descriptor refers to, such as that of a standard stream; nil if it is
  /// not a regular file or the descriptor is closed.
  package init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    path = ""
    identity = Identity(status)
  }

  /// Whether both are the same file or folder, or the same path to one that does not exist yet.
  package func isSame(as other: Place) -> Bool {
    if let identity, let another = other.identity { return identity == another }
    return identity == nil && other.identity == nil && path == other.path
  }

  /// Whether this lies anywhere below `folder`, which need not exist.
  package func isInside(_ folder: Place) -> Bool {
    // Folders are compared by identity, because one may be mounted under two names.
    folders.contains { parent in
      folder.identity.map { $0 == Identity(of: parent) } ?? (parent == folder.path)
    }
  }

  /// The paths of the folders above it, the nearest first.
  package var folders: [String] {
    Array(
      sequence(state: path) { path in
        guard let parent = FileWriting.parent(of: path) else { return nil }
        path = parent
        return parent
      })
  }

  /// - Parameter links: the number of links to missing files that were followed so far.
  private static func resolved(_ path: String, links: Int) -> String {
    if let real = realpath(path.isEmpty ? "." : path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    // The existing part of a path can be resolved by the system; the rest is resolved as text.
    guard let parent = FileWriting.parent(of: path) else { return path }
    let folder = resolved(parent, links: links)
    let name = FileWriting.name(of: path)
    if name == ".." { return FileWriting.parent(of: folder) ?? "/" }
    if name == "." { return folder }
    let full = folder == "/" ? "/" + name : folder + "/" + name
    guard links < 40, let target = destination(of: full) else { return full }
    return resolved(target.hasPrefix("/") ? target : folder + "/" + target, links: links + 1)
  }

  /// The target of a link; nil if `path` is not a link.
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
