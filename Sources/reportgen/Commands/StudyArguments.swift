import ArgumentParser
import Diagnostics
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The arguments that name studies.
struct StudyArguments: ParsableArguments {
  /// The names of the built-in studies.
  static let builtIn = BuiltInStudy.allCases.map(\.rawValue).joined(separator: ", ")

  @Argument(
    help: ArgumentHelp(
      "Study files, or built-in studies: \(StudyArguments.builtIn).",
      valueName: "study"), completion: .file(extensions: ["yml", "yaml"]))
  var studies: [String] = []

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp(
      """
      The folder that relative corpus paths start at, instead of the study's own. With it, smollm2 \
      is smollm2-europarl.
      """,
      valueName: "folder"), completion: .directory)
  var corporaFolder: String?

  @Option(
    help: ArgumentHelp(
      "A model's folder or GGUF file, or its name on the hub, instead of the study's.",
      valueName: "model"), completion: .file())
  var model: String?

  /// The studies, read; the demo when none is named.
  ///
  /// - Throws: `Diagnostic` of kind `.study`, also if two of them would publish the same report.
  func files() throws -> [StudyFile] {
    let files = try (studies.isEmpty ? [BuiltInStudy.demo.rawValue] : studies).map { name in
      var file = try Self.file(name, hasCorpora: corporaFolder != nil)
      if let model {
        file.model = model
        file.origin.modelFolder = "."
      }
      return file
    }
    var origins: [String: String] = [:]
    for file in files {
      if let other = origins.updateValue(file.origin.file, forKey: file.slug) {
        throw Diagnostic(
          .study, file: file.origin.file, field: "slug",
          expected: "a report of its own, other than \(other)", found: "the same: \(file.slug)",
          advice: other == file.origin.file
            ? "Name every study once." : "Give one of them another slug: or title:.")
      }
    }
    return files
  }

  /// A file of that name comes before a built-in study.
  ///
  /// - Parameter hasCorpora: whether the user names a folder of documents.
  static func file(_ name: String, hasCorpora: Bool = false) throws -> StudyFile {
    if !FileManager.default.fileExists(atPath: name) {
      let other = hasCorpora ? BuiltInStudy(rawValue: name)?.onOwnDocuments?.rawValue : nil
      if let builtIn = try BuiltInStudy.named(other ?? name) { return builtIn }
      let known = BuiltInStudy.allCases.map(\.rawValue)
      throw Diagnostic(
        .study, file: name, expected: "a study file or a built-in study",
        found: "neither of this name",
        advice: NearestName.advice(name, among: known) + " `reportgen init NAME` writes a study.")
    }
    return try StudyFile(reading: name)
  }
}

/// The options for a site's folder and its templates.
struct SiteArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder of the published site.", valueName: "folder"),
    completion: .directory)
  var site = "Site"

  @Option(
    help: ArgumentHelp(
      "Templates, style sheet or script to use instead of the program's, file by file.",
      valueName: "folder"), completion: .directory)
  var templates: String?
}
