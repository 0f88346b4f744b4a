import ArgumentParser
import Diagnostics
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
      A site, or the folder of an atlas, of which neurons such as L3N436, or sets such as \
      L3N436+L4N52, get their reports; their addresses stand where studies do.
      """, valueName: "folder"), completion: .directory)
  var atlas: String?

  @OptionGroup var shared: WorkArgument

  func validate() throws {
    if shared.work != nil, atlas != nil || activations != nil || leavesCache {
      throw ValidationError(
        "--work renders what other processes have found; it goes without --from-atlas, "
          + "--export-activations and --no-cache.")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    if let work = shared.work {
      var rendering = try WorkRendering(
        work, try arguments.named(), corporaFolder: arguments.corporaFolder,
        model: arguments.model
      ).publishing(siteArguments, environment, progress)
      rendering.singleFile = singleFile.file
      return try rendering.run()
    }
    var work = PublishingWork(
      files: try atlas.map { try AtlasNeurons(arguments, atlas: $0).files() } ?? arguments.named(),
      corporaFolder: arguments.corporaFolder, limits: limits.limits, site: siteArguments,
      environment: environment,
      cache: leavesCache ? nil : .user(environment) { progress.announce($0) }, progress: progress)
    work.singleFile = singleFile.file
    work.activations = activations
    work.comesFromAtlas = atlas != nil
    try work.run()
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
    FileWriting.joined(site, "reports/\(slug)/index.html")
  }

  /// The path of the first page of an atlas.
  func atlasPath(_ slug: String) -> String {
    FileWriting.joined(site, "atlases/\(slug)/index.html")
  }
}
