import ArgumentParser
import AtlasPages
import Diagnostics
import Pipeline
import Reporting
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

  func run() throws {
    let names = atlases.isEmpty ? [BuiltInAtlas.demo.rawValue] : atlases
    let files = try names.map { name in
      if let file = try StudyArguments.atlas(name) { return file }
      throw Diagnostic(
        .study, file: name, expected: "a file with kind: atlas, or a built-in atlas",
        found: "another or none",
        advice: NearestName.advice(name, among: BuiltInAtlas.allCases.map(\.rawValue))
          + " `reportgen init --atlas NAME` writes one.")
    }
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    let cache: ContentCache? =
      leavesCache ? nil : .user(environment) { progress.announce($0) }
    var paths = CommandPaths()
    for file in files { paths.reads(file, corporaFolder: corporaFolder) }
    siteArguments.declare(in: &paths)
    if let cache { paths.keeps(cache.folder, as: "the cache") }
    try paths.check()
    let publisher = try siteArguments.publisher(environment, cache: cache)
    for file in files { try publisher.prepare(atlas: file.slug) }
    let build = AtlasBuild(
      corporaFolder: corporaFolder, limits: limits.limits, environment: environment, cache: cache,
      progress: progress)
    for file in files {
      try StandardOutput.writeLine(build.publish(file, by: publisher, into: siteArguments))
    }
  }
}

/// Runs atlases and publishes them, for the commands that do.
struct AtlasBuild {
  let corporaFolder: String?
  let limits: RunLimits
  let environment: [String: String]
  let cache: ContentCache?
  let progress: ProgressLine

  /// - Returns: the path of the atlas's first page.
  /// - Throws: `Diagnostic`.
  func publish(
    _ file: AtlasFile, by publisher: SitePublisher, into site: SiteArguments
  ) throws -> String {
    progress.announce("\(file.title)")
    let run = try AtlasRun(
      file, corporaFolder: corporaFolder, limits: limits, environment: environment, cache: cache,
      progress: progress)
    for note in run.atlas.notes { progress.announce("Note: \(note)") }
    try run.publish(by: publisher).faults.forEach(Messages.error)
    return site.atlasPath(file.slug)
  }
}
