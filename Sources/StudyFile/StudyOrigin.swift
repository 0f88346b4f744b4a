import Diagnostics
import Foundation

/// Where a study was read: for messages, for relative paths and for the provenance.
package struct StudyOrigin: Sendable {
  /// The study file as the user named it.
  package var file = ""
  /// The folder that relative paths start at; nil for a built-in study.
  package var folder: String?
  /// The folder that a relative path of the model starts at, where that is another: a model named on
  /// the command line starts at the working folder.
  package var modelFolder: String?
  package var sha256 = ""
  /// What `~` means in a path; nil where the environment does not tell.
  package var home = ProcessInfo.processInfo.environment["HOME"]
  /// The line of every value by its path: `corpora[1].path`.
  package var lines: [String: Int] = [:]

  /// Where a relative path of the model starts.
  package var modelStart: String { modelFolder ?? folder ?? "." }
}

extension StudyOrigin: Equatable {
  /// Always: two studies that say the same are the same study wherever they stand.
  package static func == (a: Self, b: Self) -> Bool { true }
}

extension StudyFile {
  /// The line of a field such as `layer` or `prompts[0].answers[1]`; for a field that is absent,
  /// the line of what should hold it.
  package func line(of field: String) -> Int? {
    var path = Substring(field)
    while true {
      if let line = origin.lines[String(path)] { return line }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
      path = path[..<end]
    }
  }

  /// What is wrong with a field, when only the model or the corpora can tell:
  /// `error: study.yml: line 7, layer: expected …, found …`.
  package func diagnostic(
    _ field: String, expected: String, found: String, advice: String
  ) -> Diagnostic {
    let place = line(of: field).map { "line \($0), \(field)" } ?? field
    return Diagnostic(
      .study, file: origin.file, field: place, expected: expected, found: found, advice: advice)
  }
}
