import ArgumentParser
import AtlasPages
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
