import Diagnostics
import StudyFile

/// A small study whose lines a test replaces or adds to.
package enum SampleStudy {
  /// Lines 1 to 9.
  package static let lines = [
    "title: A neuron",
    "model: some/model",
    "corpora:",
    "  - {name: Dutch, path: nl.txt}",
    "  - {name: German, path: de.txt}",
    "  - {name: English, path: en.json}",
    "  - {name: Stories, path: stories.jsonl, role: evaluation}",
    "target: Dutch",
    "layer: 3",
  ]

  /// The sample with `extra` as line 10 and on.
  package static func yaml(_ extra: String = "") -> String {
    (lines + [extra]).joined(separator: "\n") + "\n"
  }

  /// The sample with line `number` put differently.
  package static func yaml(line number: Int, _ text: String) -> String {
    var lines = lines
    lines[number - 1] = text
    return lines.joined(separator: "\n") + "\n"
  }

  package static func study(_ extra: String = "", folder: String? = nil) throws -> StudyFile {
    try StudyFile(yaml: yaml(extra), folder: folder)
  }

  /// The diagnostic that reading `yaml` throws, or nil.
  package static func refusal(_ yaml: String) -> Diagnostic? {
    do {
      _ = try StudyFile(yaml: yaml)
      return nil
    } catch {
      return error as? Diagnostic
    }
  }
}
