import Diagnostics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of one file, read whole, memory-mapped, or embedded in the program.
///
/// This is a class because a memory map has one owner. It is immutable, so threads may share it.
package final class FileBytes: @unchecked Sendable {
  /// The file as the user named it, for messages.
  package let name: String
  private let storage: UnsafeRawBufferPointer
  private let release: @Sendable () -> Void
  private let isMapped: Bool
  private let path: String?
  private let identity: FileIdentity?
  private let checksum = Mutex<String?>(nil)

  package var count: Int { storage.count }

  /// Bytes that live as long as the program, such as those of an embedded file.
  package init(embedded bytes: UnsafeRawBufferPointer, name: String) {
    self.name = name
    storage = bytes
    release = {}
    isMapped = false
    path = nil
    identity = nil
  }

  /// A copy of bytes already in memory (tests, generated input).
  package init(_ bytes: [UInt8], name: String) {
    self.name = name
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    storage = UnsafeRawBufferPointer(copy)
    nonisolated(unsafe) let owned = copy
    release = { owned.deallocate() }
    isMapped = false
    path = nil
    identity = nil
  }

  /// Reads a regular file whole.
  ///
  /// - Throws: `Diagnostic` of kind `.data` when `path` is missing, is not a regular file, or
  ///   changes while it is read; `.resources` when reading fails.
  package convenience init(reading path: String, name: String? = nil) throws {
    try self.init(path: path, name: name ?? path, mapped: false)
  }

  /// Maps a regular file into memory; pages are read when they are touched.
  ///
  /// - Throws: the errors of `init(reading:name:)`. Call `checkUnchanged()` after using the bytes.
  package convenience init(mapping path: String, name: String? = nil) throws {
    try self.init(path: path, name: name ?? path, mapped: true)
  }

  private init(path: String, name: String, mapped: Bool) throws {
    let (descriptor, status) = try RegularFile.open(path, name: name)
    defer { close(descriptor) }
    let size = Int(status.st_size)
    let before = FileIdentity(status)
    self.name = name
    self.path = path
    isMapped = mapped && size > 0
    identity = before
    if size == 0 {
      storage = UnsafeRawBufferPointer(start: nil, count: 0)
      release = {}
    } else if mapped {
      guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
      else {
        throw Diagnostic(
          .resources, file: name, expected: "a file that can be memory-mapped",
          found: String(cString: strerror(errno)), advice: "Free some memory and try again.")
      }
      storage = UnsafeRawBufferPointer(start: base, count: size)
      nonisolated(unsafe) let owned = base
      release = { munmap(owned, size) }
    } else {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
      var done = 0
      while done < size {
        let got = read(descriptor, buffer.baseAddress! + done, size - done)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        done += got
      }
      let code = errno
      var after = stat()
      guard done == size, fstat(descriptor, &after) == 0, FileIdentity(after) == before else {
        buffer.deallocate()
        if done < size && code != 0 && code != EINTR && code != EAGAIN {
          throw RegularFile.failure(path: path, name: name, code: code)
        }
        throw RegularFile.changed(name)
      }
      storage = UnsafeRawBufferPointer(buffer)
      nonisolated(unsafe) let owned = buffer
      release = { owned.deallocate() }
    }
  }

  deinit { release() }

  /// Calls `body` with the bytes, which are valid until it returns.
  package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(storage) }
  }

  /// Frees the memory of a mapped file's pages; they are read again when they are needed.
  package func releasePages() {
    freePages(storage)
  }

  private func freePages(_ bytes: UnsafeRawBufferPointer) {
    guard isMapped, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, Int32(MADV_DONTNEED))
  }

  /// The SHA-256 of the bytes in lower-case hexadecimal; computed once.
  ///
  /// A mapped file is read piece by piece, and each piece's memory is freed before the next is read.
  package var sha256: String {
    checksum.withLock { known in
      let checksum = known ?? withBytes { Checksum.sha256(of: $0, freed: freePages) }
      known = checksum
      return checksum
    }
  }

  /// Refuses a file that has changed since it was opened, so that no result mixes two versions.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package func checkUnchanged() throws {
    guard let path, let identity else { return }
    var status = stat()
    guard stat(path, &status) == 0, FileIdentity(status) == identity else {
      throw RegularFile.changed(name)
    }
  }
}
