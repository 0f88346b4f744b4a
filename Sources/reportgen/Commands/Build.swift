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

/// `reportgen build`: runs a study and publishes its report.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs studies and publishes their reports; without any, the demo.",
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

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    let cache: ContentCache? =
      leavesCache ? nil : .user(environment) { progress.announce($0) }
    let files = try arguments.files()
    try checkPaths(files, cache: cache)
    let publisher = try siteArguments.publisher(environment, cache: cache)
    for file in files { try publisher.prepare(slug: file.slug) }
    var unwritten: (any Error)?
    for file in files {
      progress.announce("\(file.title)")
      let run = try StudyRun(
        file, corporaFolder: arguments.corporaFolder, limits: limits.limits,
        activations: activations,
        environment: environment, cache: cache, progress: progress)
      for note in run.study.modelNotes { progress.announce("Note: \(note)") }
      let published = try run.publish(by: publisher, singleFile: singleFile.file)
      published.faults.forEach(Messages.error)
      // A study that fails does not keep the others from being published.
      do {
        try StandardOutput.writeLine(siteArguments.pagePath(file.slug))
      } catch {
        unwritten = error
      }
    }
    if let unwritten { throw unwritten }
  }

  /// Refuses paths that cannot be written or that conflict with each other, before anything is
  /// computed.
  private func checkPaths(_ files: [StudyFile], cache: ContentCache?) throws {
    var paths = CommandPaths()
    for file in files { paths.reads(file, corporaFolder: arguments.corporaFolder) }
    siteArguments.declare(in: &paths)
    if let cache { paths.keeps(cache.folder, as: "the cache") }
    if let file = singleFile.file {
      try paths.writes(file, for: SingleFileArgument.option, reports: files.count)
    }
    if let activations {
      let file = ActivationExport.file(activations)
      try paths.writes(file, for: "--export-activations", reports: files.count)
    }
    try paths.check()
  }
}

/// `reportgen render`: makes reports and site again from the findings, without the model.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Renders published reports and atlases anew from their findings.json, without the model.")

  @Argument(
    help: ArgumentHelp("Reports and atlases of the site, by name; all of them when none is named."))
  var reports: [String] = []

  @OptionGroup var siteArguments: SiteArguments
  @OptionGroup var singleFile: SingleFileArgument
  @OptionGroup var output: QuietArgument

  @Flag(
    name: .customLong("no-cache"),
    help: "Render every report anew, and remember nothing.")
  var leavesCache = false

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let progress = ProgressLine(isQuiet: output.quiet)
    let cache: ContentCache? =
      leavesCache ? nil : .user(environment) { progress.announce($0) }
    var paths = CommandPaths()
    siteArguments.declare(in: &paths)
    if let cache { paths.keeps(cache.folder, as: "the cache") }
    if let file = singleFile.file { paths.writes(file, for: SingleFileArgument.option) }
    try paths.check()
    let publisher = try siteArguments.publisher(environment, cache: cache)
    let (slugs, atlases) = try names(publisher)
    if singleFile.path != nil {
      try CommandPaths.checkIsOne(slugs.count, for: SingleFileArgument.option)
    }
    let faults = try publisher.render(atlases: atlases)
    let rendered =
      slugs.isEmpty
      ? SitePublisher.Rendered(written: [], faults: faults) : try publisher.render(slugs)
    rendered.faults.forEach(Messages.error)
    if singleFile.path != nil, let slug = slugs.first {
      let report = Report(
        try publisher.findings(of: slug), fallbackDate: publisher.pages.fallbackDate)
      try singleFile.write(try singleFile.page(report, publisher))
    }
    for slug in slugs { try StandardOutput.writeLine(siteArguments.pagePath(slug)) }
    for slug in atlases { try StandardOutput.writeLine(siteArguments.atlasPath(slug)) }
    let kept = slugs.count - rendered.written.count
    if kept > 0 { progress.announce("\(kept) of \(slugs.count) were up to date.") }
  }

  /// The names of the reports and atlases to render, without duplicates. A name that both have means
  /// both.
  private func names(_ publisher: SitePublisher) throws -> (reports: [String], atlases: [String]) {
    let (slugs, atlases) = (try publisher.slugs(), try publisher.atlasSlugs())
    let published = slugs + atlases
    guard !published.isEmpty else {
      throw Diagnostic(
        .study, file: siteArguments.site, expected: "a site with published reports",
        found: "none in this folder",
        advice: "Name the site's folder with --site DIR, or build a report first.")
    }
    var names: [String] = []
    for name in reports.map(FileWriting.name(of:)) where !names.contains(name) {
      guard published.contains(name) else {
        throw Diagnostic(
          .study, file: siteArguments.site, field: "reports", expected: "a published report",
          found: "\"\(name)\"", advice: NearestName.advice(name, among: published))
      }
      names.append(name)
    }
    guard !names.isEmpty else { return (slugs, atlases) }
    return (names.filter(slugs.contains), names.filter(atlases.contains))
  }
}

/// `reportgen check`: checks a report against the expectations of its study.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a report or an atlas against its file's expectations; exit code 1 when one fails.")

  @Argument(
    help: "The report's or atlas's folder, or its findings.json.", completion: .file())
  var report: String

  @OptionGroup var output: JSONArgument

  func run() throws {
    let checks = try PublishedWork(at: report).checks
    if output.isJSON {
      try CheckDocument(checks).write()
    } else {
      try tell(checks)
    }
    if !checks.allSatisfy(\.holds) { throw ExitCode(Diagnostic.Kind.expectation.rawValue) }
  }

  private func tell(_ checks: [CheckResult]) throws {
    for check in checks { try StandardOutput.writeLine(check.line) }
    if checks.isEmpty {
      try StandardOutput.writeLine("The study expects nothing; add `expect:` to it.")
    }
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
