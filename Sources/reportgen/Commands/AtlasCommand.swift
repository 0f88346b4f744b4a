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

/// `reportgen atlas`: builds atlases, as `build` does, and the demo's when none is named.
struct AtlasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atlas",
    abstract: "Maps every neuron of a model against every label and publishes the atlas.",
    discussion: """
      The same as `reportgen build` of a file with `kind: atlas`. `reportgen init --atlas NAME` writes \
      one; `reportgen manual atlas` explains grades, files and search.
      """)

  @Argument(
    help: ArgumentHelp(
      "Atlas files, or built-in atlases: \(StudyArguments.builtInAtlases).", valueName: "atlas"),
    completion: .file(extensions: ["yml", "yaml"]))
  var atlases: [String] = []

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp("The folder that relative corpus paths start at.", valueName: "folder"),
    completion: .directory)
  var corporaFolder: String?

  @OptionGroup var limits: LimitArguments
  @OptionGroup var siteArguments: SiteArguments
  @OptionGroup var output: QuietArgument

  @Flag(
    name: .customLong("no-cache"),
    help: "Compute everything anew, and keep nothing for later builds.")
  var leavesCache = false

  @OptionGroup var shared: WorkArgument

  func run() throws {
    let names = atlases.isEmpty ? [BuiltInAtlas.demo.rawValue] : atlases
    let files = try names.map { name -> NamedFile in
      if let file = try StudyArguments.atlas(name) { return .atlas(file) }
      throw Diagnostic(
        .study, file: name, expected: "a file with kind: atlas, or a built-in atlas",
        found: "another or none",
        advice: NearestName.advice(name, among: BuiltInAtlas.allCases.map(\.rawValue))
          + " `reportgen init --atlas NAME` writes one.")
    }
    try NamedFile.checkFolders(files)
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    if let work = shared.work {
      return try WorkRendering(work, files, corporaFolder: corporaFolder, model: nil)
        .publishing(siteArguments, environment, progress).run()
    }
    try PublishingWork(
      files: files, corporaFolder: corporaFolder, limits: limits.limits,
      site: siteArguments, environment: environment,
      cache: leavesCache ? nil : .user(environment) { progress.announce($0) }, progress: progress
    ).run()
  }
}
