import ArgumentParser
import Diagnostics
import LinearAlgebra
import Pipeline
import Storage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen cache`: lists and removes the results that builds have kept.
struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists or clears what builds have computed and kept.",
    discussion: """
      Entries lie in $XDG_CACHE_HOME/reportgen, else in ~/.cache/reportgen. Each is named for \
      everything that it follows from: this program, the model, the texts, the settings. Those that \
      were not used for longest go when all take more than 2 GB.
      """,
    subcommands: [List.self, Clear.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the entries.")

    func run() throws {
      guard let folder = ContentCache.folder(ProcessInfo.processInfo.environment) else {
        try StandardOutput.writeLine(
          "There is no cache: neither XDG_CACHE_HOME nor HOME names a folder.")
        return
      }
      let listing = CacheListing(folder: folder)
      for entry in listing.entries {
        let size = Quantity.bytes(entry.bytes)
        let columns = [
          entry.used.formatted(.iso8601), size.column(8),
          Diagnostic.printable(entry.kind),
        ]
        try StandardOutput.writeLine(columns.joined(separator: "  "))
      }
      try StandardOutput.writeLine("\(folder): \(listing.size)")
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes all entries.")

    func run() throws {
      guard let folder = ContentCache.folder(ProcessInfo.processInfo.environment) else { return }
      let listing = CacheListing(folder: folder)
      try listing.clear()
      try StandardOutput.writeLine("Removed \(listing.size).")
    }
  }
}

extension CacheListing {
  /// The number of entries and their size: `2 entries, 1.4 MB`.
  fileprivate var size: String {
    "\(Quantity.of(entries.count, "entry", "entries")), \(Quantity.bytes(bytes))"
  }
}

extension ContentCache? {
  /// The user's cache; nil if the environment names no folder or the program's file cannot be read.
  static func user(
    _ environment: [String: String], notice: @escaping @Sendable (String) -> Void
  ) -> ContentCache? {
    guard let folder = ContentCache.folder(environment) else {
      notice("note: neither XDG_CACHE_HOME nor HOME names a folder; nothing is cached.")
      return nil
    }
    // The program is identified by its bytes: its version number does not change with every change
    // of code.
    guard let path = ProgramFile.path, let program = try? FileBytes(mapping: path) else {
      notice("note: the program cannot be read; nothing is cached.")
      return nil
    }
    let parts = [program.sha256, MatrixProduct.library, Kernels.best.name]
    return ContentCache(folder: folder, program: parts.joined(separator: "\n"), notice: notice)
  }
}
