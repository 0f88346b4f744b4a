import ArgumentParser
import Diagnostics
import Foundation
import StudyFile

/// How studies are named on the command line.
struct StudyArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Study files, or built-in studies: demo, demo-french, pythia-70m-v0, smollm2.",
      valueName: "study"))
  var studies: [String] = []

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp(
      "The folder that relative corpus paths start at, instead of the study's own.",
      valueName: "folder"))
  var corporaFolder: String?

  @Option(
    help: ArgumentHelp(
      "A model's folder or GGUF file, or its name on the hub, instead of the study's.",
      valueName: "model"))
  var model: String?

  /// The studies, read; the demo when none is named.
  ///
  /// - Throws: `Diagnostic` of kind `.study`; also where two of them would be one report.
  func files() throws -> [StudyFile] {
    let files = try (studies.isEmpty ? [BuiltInStudy.demo.rawValue] : studies).map { name in
      var file = try Self.file(name)
      if let model { file.model = Self.fromHere(model) }
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

  /// A path that starts at the working folder, and not at the study's; other names stay as they are.
  private static func fromHere(_ model: String) -> String {
    guard !model.hasPrefix("/"), FileManager.default.fileExists(atPath: model) else { return model }
    return FileManager.default.currentDirectoryPath + "/" + model
  }

  /// A file of that name comes before a built-in study.
  static func file(_ name: String) throws -> StudyFile {
    if !FileManager.default.fileExists(atPath: name) {
      if let builtIn = try BuiltInStudy.named(name) { return builtIn }
      let known = BuiltInStudy.allCases.map(\.rawValue)
      throw Diagnostic(
        .study, file: name, expected: "a study file or a built-in study",
        found: "neither of this name",
        advice: NearestName.advice(name, among: known) + " `reportgen init NAME` writes a study.")
    }
    return try StudyFile(reading: name)
  }
}

/// Where a site is and how its pages look.
struct SiteArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of the published site.", valueName: "folder"))
  var site = "Site"

  @Option(
    help: ArgumentHelp(
      "Templates, style sheet or script to use instead of the program's, file by file.",
      valueName: "folder"))
  var templates: String?
}
