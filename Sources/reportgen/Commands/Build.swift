import ArgumentParser
import Diagnostics
import Pipeline
import Reporting
import SiteRenderer
import Storage
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen build`: runs studies and atlases and publishes them.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs studies and atlases and publishes them; without any, the demo.",
    discussion: """
      A report is published whole or not at all: a build that fails leaves the one that was there. \
      What has been computed is kept in the cache (see `reportgen cache`), so that the next build \
      computes only what changed, and leaves a report of which nothing changed as it stands; the \
      report is the same with and without it. Nothing is downloaded; a hub model is read from the \
      Hugging Face cache.
      """)

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var limits: LimitArguments
  @OptionGroup var siteArguments: SiteArguments
  @OptionGroup var singleFile: SingleFileArgument
  @OptionGroup var output: QuietArgument

  @Flag(
    name: .customLong("no-cache"),
    help: "Compute everything anew, and keep nothing for later builds.")
  var leavesCache = false

  @Option(
    name: .customLong("export-activations"),
    help: ArgumentHelp(
      "Also write every token's activation, loss and change of loss as CSV.",
      valueName: "out.csv"), completion: .file())
  var activations: String?

  @Option(
    name: .customLong("from-atlas"),
    help: ArgumentHelp(
      """
      A site, or the folder of an atlas, of which neurons such as L3N436 get their reports; their \
      addresses stand where studies do.
      """, valueName: "folder"), completion: .directory)
  var atlas: String?

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    let cache: ContentCache? =
      leavesCache ? nil : .user(environment) { progress.announce($0) }
    let files =
      try atlas.map { try AtlasNeurons(arguments, atlas: $0).files() } ?? arguments.named()
    try checkPaths(files, cache: cache)
    let publisher = try siteArguments.publisher(environment, cache: cache)
    for file in files {
      switch file {
      case .study(let file): try publisher.prepare(slug: file.slug)
      case .atlas(let file): try publisher.prepare(atlas: file.slug)
      }
    }
    var unwritten: (any Error)?
    for file in files {
      let page: String
      switch file {
      case .study(let file):
        page = try build(file, publisher, environment, cache, progress)
      case .atlas(let file):
        page = try AtlasBuild(
          corporaFolder: arguments.corporaFolder, limits: limits.limits,
          environment: environment, cache: cache, progress: progress
        ).publish(file, by: publisher, into: siteArguments)
      }
      // A page whose path cannot be printed does not keep the others from being published.
      do {
        try StandardOutput.writeLine(page)
      } catch {
        unwritten = error
      }
    }
    if let unwritten { throw unwritten }
  }

  /// Runs a study and publishes its report.
  ///
  /// - Returns: the path of its page.
  /// - Throws: `Diagnostic`.
  private func build(
    _ file: StudyFile, _ publisher: SitePublisher, _ environment: [String: String],
    _ cache: ContentCache?, _ progress: ProgressLine
  ) throws -> String {
    progress.announce("\(file.title)")
    let run = try StudyRun(
      file, corporaFolder: arguments.corporaFolder, limits: limits.limits,
      activations: activations, environment: environment, cache: cache, progress: progress)
    for note in run.study.modelNotes { progress.announce("Note: \(note)") }
    let published = try run.publish(by: publisher, singleFile: singleFile.file)
    published.faults.forEach(Messages.error)
    return siteArguments.pagePath(file.slug)
  }

  /// Refuses paths that cannot be written or that conflict with each other, before anything is
  /// computed.
  private func checkPaths(_ files: [NamedFile], cache: ContentCache?) throws {
    var paths = CommandPaths()
    var studies = 0
    for file in files {
      switch file {
      case .study(let file):
        studies += 1
        // The study of an atlas's neuron is no file: the atlas may lie in the site.
        let inputs = file.inputs(corporaFolder: arguments.corporaFolder)
        for input in inputs where atlas == nil || input.path != file.origin.file {
          paths.reads(input.path, as: input.name)
        }
      case .atlas(let file): paths.reads(file, corporaFolder: arguments.corporaFolder)
      }
    }
    siteArguments.declare(in: &paths)
    if let cache { paths.keeps(cache.folder, as: "the cache") }
    if let file = singleFile.file {
      try paths.writes(file, for: SingleFileArgument.option, reports: studies)
    }
    if let activations {
      let file = ActivationExport.file(activations)
      try paths.writes(file, for: "--export-activations", reports: studies)
    }
    try paths.check()
  }
}

extension SiteArguments {
  /// A publisher for the site that uses the templates of `--templates`.
  func publisher(
    _ environment: [String: String], cache: ContentCache? = nil
  ) throws -> SitePublisher {
    let pages = PageBuilder(
      templates: try TemplateLibrary(overrides: templates),
      fallbackDate: try ReportDate.sourceDateEpoch(environment["SOURCE_DATE_EPOCH"]))
    return SitePublisher(path: site, pages: pages, cache: cache)
  }

  /// Declares the folders that are written (the site) and read (the templates).
  func declare(in paths: inout CommandPaths) {
    paths.keeps(site, as: "--site")
    if let templates { paths.keeps(templates, as: "--templates") }
  }

  /// The path of the page that a user opens to read the report.
  func pagePath(_ slug: String) -> String {
    "\(site.hasSuffix("/") ? String(site.dropLast()) : site)/reports/\(slug)/index.html"
  }

  /// The path of the first page of an atlas.
  func atlasPath(_ slug: String) -> String {
    "\(site.hasSuffix("/") ? String(site.dropLast()) : site)/atlases/\(slug)/index.html"
  }
}
