import Diagnostics
import Foundation

/// A file that an option asks for, beside the site.
enum OutputPath {
  /// Refuses, before anything is computed, what could not be written.
  ///
  /// - Throws: `Diagnostic`.
  static func check(_ path: String, option: String, reports: Int) throws {
    guard reports == 1 else {
      throw Diagnostic(
        .study, file: option, expected: "one report", found: "\(reports)",
        advice: "Name one report, and run the command once for each.")
    }
    let folder = (path as NSString).deletingLastPathComponent
    var isFolder: ObjCBool = false
    let files = FileManager.default
    let hasFolder =
      files.fileExists(atPath: folder.isEmpty ? "." : folder, isDirectory: &isFolder)
      && isFolder.boolValue
    let isTaken = files.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    guard hasFolder, !isTaken else {
      throw Diagnostic(
        .resources, file: path, expected: "a file in a folder that is there",
        found: isTaken ? "a folder of this name" : "no such folder",
        advice: "Make the folder, or give another name.")
    }
  }
}
