import ArgumentParser
import Diagnostics
import Pipeline
import Storage
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
  /// The names of the built-in atlases.
  static let builtInAtlases = BuiltInAtlas.allCases.map(\.rawValue).joined(separator: ", ")

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
  /// - Throws: `Diagnostic` of kind `.study`, also for an atlas, and if two of them would publish the
  ///   same report.
  func files() throws -> [StudyFile] {
    try named().map { named in
      switch named {
      case .study(let file): file
      case .atlas(let file): throw Self.notAStudy(file.origin.file)
      }
    }
  }

  /// The studies and atlases, read; the demo when none is named.
  ///
  /// - Throws: `Diagnostic` of kind `.study`, also if two of them would publish the same folder.
  func named() throws -> [NamedFile] {
    try Self.named(
      studies.isEmpty ? [BuiltInStudy.demo.rawValue] : studies, corporaFolder: corporaFolder,
      model: model)
  }

  /// - Parameters:
  ///   - corporaFolder: where relative corpus paths start instead
  ///   - model: the model instead of theirs
  static func named(
    _ names: [String], corporaFolder: String?, model: String?
  ) throws -> [NamedFile] {
    let files = try names.map { name in
      if var atlas = try Self.atlas(name) {
        if let model {
          atlas.model = model
          atlas.origin.modelFolder = "."
        }
        return NamedFile.atlas(atlas)
      }
      var file = try Self.study(name, hasCorpora: corporaFolder != nil)
      if let model {
        file.model = model
        file.origin.modelFolder = "."
      }
      return .study(file)
    }
    try NamedFile.checkFolders(files)
    return files
  }

  /// The atlas of that name, a file before a built-in one; nil if the name stands for something else.
  static func atlas(_ name: String) throws -> AtlasFile? {
    guard FileManager.default.fileExists(atPath: name) else { return try BuiltInAtlas.named(name) }
    let file = try FileBytes(reading: name)
    return AtlasFile.isAtlas(file) ? try AtlasFile(reading: file, at: name) : nil
  }

  private static func notAStudy(_ file: String) -> Diagnostic {
    Diagnostic(
      .study, file: file, field: "kind", expected: "the study of one neuron", found: "an atlas",
      advice: "`reportgen build` and `reportgen plan` take atlases; this command takes studies.")
  }

  /// A file of that name comes before a built-in study.
  ///
  /// - Parameter hasCorpora: whether the user names a folder of documents.
  static func file(_ name: String, hasCorpora: Bool = false) throws -> StudyFile {
    if try atlas(name) != nil { throw notAStudy(name) }
    return try study(name, hasCorpora: hasCorpora)
  }

  /// The study of a name that stands for no atlas.
  private static func study(_ name: String, hasCorpora: Bool) throws -> StudyFile {
    if !FileManager.default.fileExists(atPath: name) {
      let other = hasCorpora ? BuiltInStudy(rawValue: name)?.onOwnDocuments?.rawValue : nil
      if let builtIn = try BuiltInStudy.named(other ?? name) { return builtIn }
      let known = BuiltInStudy.allCases.map(\.rawValue) + BuiltInAtlas.allCases.map(\.rawValue)
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
