import Diagnostics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The place a study was read from, for messages, relative paths and the provenance.
package struct StudyOrigin: Sendable {
  /// The path of the study file as the user gave it.
  package var file = ""
  /// The folder at which relative paths start; nil for a built-in study.
  package var folder: String?
  /// The folder that a relative path of the model starts at, where that is another: a model named on
  /// the command line starts at the working folder.
  package var modelFolder: String?
  package var sha256 = ""
  /// The home folder that `~` stands for; nil if the environment does not tell.
  package var home = ProcessInfo.processInfo.environment["HOME"]
  /// The line of each value, keyed by its path such as `corpora[1].path`.
  package var lines: [String: Int] = [:]

  /// Where a relative path of the model starts.
  package var modelStart: String { modelFolder ?? folder ?? "." }
}

extension StudyOrigin: Equatable {
  /// Always true: studies with the same content are equal, wherever they were read.
  package static func == (a: Self, b: Self) -> Bool { true }
}

/// What was read from a file of the user and names other files: a study or an atlas.
package protocol OriginatedFile: Sendable {
  var origin: StudyOrigin { get }
  var corpora: [CorpusEntry] { get }
  /// The path of the author's notes.
  var notes: String? { get }
}

extension StudyFile: OriginatedFile {}
extension AtlasFile: OriginatedFile {
  package var notes: String? { nil }
}

extension OriginatedFile {
  /// The line of a field such as `layer` or `prompts[0].answers[1]`; for a missing field, the line
  /// of the value that should contain it.
  package func line(of field: String) -> Int? {
    var path = Substring(field)
    while true {
      if let line = origin.lines[String(path)] { return line }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
      path = path[..<end]
    }
  }

  /// An error in a field that only the model or the corpora can reveal: `error: study.yml: line 7,
  /// layer: expected …, found …`.
  package func diagnostic(
    _ field: String, expected: String, found: String, advice: String
  ) -> Diagnostic {
    let place = line(of: field).map { "line \($0), \(field)" } ?? field
    return Diagnostic(
      .study, file: origin.file, field: place, expected: expected, found: found, advice: advice)
  }
}
