import Foundation
import Storage

/// A folder on disk that goes away with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "rg-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to file: String) throws {
    try write(Array(text.utf8), to: file)
  }

  func write(_ bytes: [UInt8], to file: String) throws {
    let url = URL(filePath: path + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func text(_ file: String) -> String {
    let data = FileManager.default.contents(atPath: path + "/" + file) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  func bytes(_ file: String) throws -> [UInt8] {
    try FileBytes(reading: path + "/" + file).withBytes(Array.init)
  }

  func replace(_ old: String, with new: String, in file: String) throws {
    let text = text(file)
    guard text.contains(old) else { throw CocoaError(.formatting) }
    try write(text.replacing(old, with: new, maxReplacements: 1), to: file)
  }

  func remove(_ file: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + file)
  }

  func link(_ file: String, to target: String) throws {
    let url = URL(filePath: path + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
  }

  /// Everything below `part`, sorted.
  func names(in part: String = "") -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + part).sorted()) ?? []
  }

  var names: [String] { names() }

  /// The bytes of every file below `part`, by path; the provenance is left out, since it holds
  /// times.
  func contents(of part: String) throws -> [String: String] {
    var contents: [String: String] = [:]
    for name in names(in: part) where !name.hasSuffix("provenance.json") {
      let file = path + "/" + part + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      contents[name] = try FileBytes(reading: file).sha256
    }
    return contents
  }
}
