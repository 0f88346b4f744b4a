import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The properties that reveal whether a file was changed while it was in use.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Darwin)
      let changed = status.st_mtimespec
    #else
      let changed = status.st_mtim
    #endif
    seconds = changed.tv_sec
    nanoseconds = changed.tv_nsec
  }
}

/// Opens regular files for reading, and words the error if one cannot be read.
enum RegularFile {
  /// Opens the file at `path`; the caller closes the descriptor.
  ///
  /// - Throws: `Diagnostic` of kind `.data` when nothing or no regular file is there, `.resources`
  ///   when it cannot be opened.
  static func open(_ path: String, name: String) throws -> (descriptor: Int32, status: stat) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path: path, name: name, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw failure(path: path, name: name, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Diagnostic(
        .data, file: name, expected: "a regular file", found: kind(of: status.st_mode),
        advice: "Name an ordinary file.")
    }
    return (descriptor, status)
  }

  private static func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, flags)
    #else
      Darwin.open(path, flags)
    #endif
  }

  static func changed(_ name: String) -> Diagnostic {
    Diagnostic(
      .data, file: name, expected: "a file that stays as it is while it is read",
      found: "it changed meanwhile", advice: "Wait until it is written, then build again.")
  }

  static func failure(path: String, name: String, code: Int32) -> Diagnostic {
    if code == ENOENT || code == ENOTDIR {
      return Diagnostic(
        .data, file: name, expected: "a file", found: "none at this path",
        advice: "Check the path; relative paths start at the file that names them.")
    }
    if code == ENXIO {
      return Diagnostic(
        .data, file: name, expected: "a regular file", found: "a socket or a device",
        advice: "Name an ordinary file.")
    }
    return Diagnostic(
      .resources, file: name, expected: "a readable file",
      found: String(cString: strerror(code)), advice: "Check the permissions and the disk.")
  }

  private static func kind(of mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFSOCK: "a socket"
    default: "something else"
    }
  }
}
