import Diagnostics
import Foundation
import SiteRenderer
import Storage
import StudyFile
import Synchronization

/// Publishes reports into a site: each a folder that is swapped in whole, then the index and the
/// files that all pages share.
package struct SitePublisher: Sendable {
  let folder: PublishFolder
  package let pages: PageBuilder
  /// What is known of reports that are as they were.
  let cache: ContentCache?

  /// What `publish` has done.
  package struct Published: Sendable {
    /// What is wrong with other reports of the site; they stay listed by their names.
    package let faults: [Diagnostic]
    /// SHA-256 of the report's `provenance.json`, which vouches for its other files.
    package let provenance: String?
  }

  /// - Parameter path: the site's folder, which may not exist yet.
  package init(path: String, pages: PageBuilder, cache: ContentCache? = nil) {
    folder = PublishFolder(path: path)
    self.pages = pages
    self.cache = cache
  }

  /// Refuses, before anything is computed, a folder that could not be published into.
  ///
  /// - Throws: `Diagnostic` of kind `.study` where it holds what no build has put there,
  ///   `.resources` where it cannot be written.
  package func prepare(slug: String) throws {
    try checkOwnership(slug: slug)
    try folder.checkWritable()
  }

  /// The published site that a place lies in, or nil.
  package static func site(around place: Place) -> String? {
    place.folders.first { path in
      let folder = PublishFolder(path: path)
      guard folder.isFolder(reports), let names = try? folder.names(), names.contains("index.html"),
        let slugs = try? SitePublisher.slugs(in: folder)
      else { return false }
      return slugs.contains { slug in
        (try? folder.names(in: "\(reports)/\(slug)").contains(FindingsFile.name)) == true
      }
    }
  }

  /// Refuses a folder without the file that every report has; of a site, its reports are named.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package static func checkIsReport(_ path: String, holding file: String) throws {
    let folder = PublishFolder(path: path)
    let names = try folder.names()
    guard !names.contains(file) else { return }
    guard folder.isThere else {
      throw Diagnostic(
        .data, file: path, expected: "a report's folder", found: "nothing at this path",
        advice: "Name the folder of a published report: SITE/reports/NAME.")
    }
    let slugs = names.contains(reports) ? try Self.slugs(in: folder) : []
    throw Diagnostic(
      .data, file: path, expected: "a report's folder, with \(file)",
      found: slugs.isEmpty ? "none in it" : "a site of \(slugs.count.of("report"))",
      advice: slugs.isEmpty
        ? "Name the folder of a published report: SITE/reports/NAME."
        : "Name one of its reports: "
          + slugs.prefix(5).map { "\(FileWriting.joined(path, reports))/\($0)" }
          .joined(separator: ", ") + ".")
  }

  /// The reports of the site, sorted.
  package func slugs() throws -> [String] { try Self.slugs(in: folder) }

  private static func slugs(in folder: PublishFolder) throws -> [String] {
    try folder.names(in: reports).filter(Slug.isValid)
  }

  /// The findings of a published report.
  ///
  /// - Throws: `Diagnostic`.
  package func findings(of slug: String) throws -> FindingsFile {
    try FindingsFile(reading: FileBytes(reading: path(slug, FindingsFile.name)))
  }

  /// Publishes a report and rebuilds the index from the folders that are there.
  ///
  /// - Parameter provenance: the text of `provenance.json`; nil keeps the published one, as a
  ///   report that is only rendered anew was computed when it was.
  /// - Throws: `Diagnostic`: as `prepare`, of kind `.resources` for a file that passes its budget,
  ///   and of kind `.busy` while another build publishes. The report is published wholly or is what
  ///   it was.
  package func publish(_ report: Report, provenance: String?) throws -> Published {
    // Whatever is wrong with the report is told before anything waits or is written.
    let prepared = try Prepared(report, pages: pages)
    return try folder.locked { locked in
      try checkOwnership(slug: report.slug)
      try clearLeftovers(locked)
      let (before, fault) = history(of: report.slug)
      let files = try files(of: prepared, history: before, provenance: provenance)
      try locked.replaceFolder(report.slug, in: Self.reports, with: files)
      return Published(
        faults: try (fault.map { [$0] } ?? []) + rebuildIndex(locked),
        provenance: files.last { $0.path == Provenance.name }.map { Checksum.sha256(of: $0.text) })
    }
  }

  /// A report drawn and checked, before its history is known.
  struct Prepared {
    let report: Report
    let charts: FigureCharts
    let files: [TextFile]
    /// The page of a report that has no earlier publication.
    let page: String

    /// - Throws: `Diagnostic` for a file that passes its budget, and as `PageBuilder.page`.
    init(_ report: Report, pages: PageBuilder) throws {
      self.report = report
      charts = FigureCharts(report.figures)
      files = report.files(charts)
      try Budget.check(files, of: report)
      page = try pages.page(report, charts: charts, history: History())
    }
  }

  /// All files of a report's folder, the provenance last, since it vouches for the others.
  ///
  /// - Parameter provenance: nil keeps the published one.
  func files(
    of prepared: Prepared, history before: History, provenance: String?
  ) throws -> [TextFile] {
    let report = prepared.report
    let history = before.adding(report)
    let page =
      history.hasChanges
      ? try pages.page(report, charts: prepared.charts, history: history) : prepared.page
    let files =
      prepared.files + [
        TextFile(path: History.name, text: try history.text),
        TextFile(path: "index.html", text: page),
      ]
    let sealed = try (provenance ?? publishedProvenance(of: report.slug)).map {
      Provenance.sealing($0, files)
    }
    return files + [TextFile(path: GitAttributes.name, text: GitAttributes.text)]
      + (sealed.map { [TextFile(path: Provenance.name, text: $0)] } ?? [])
  }

  /// Leaves a report that stands as it was published, and rebuilds only what stands around it.
  ///
  /// - Parameter provenance: SHA-256 of the `provenance.json` it was published with.
  /// - Returns: nil, and nothing is done, where the report is another, damaged or gone.
  /// - Throws: as `publish`.
  package func keep(slug: String, provenance: String) throws -> Published? {
    try folder.locked { locked in
      try checkOwnership(slug: slug)
      guard let integrity = try? ReportIntegrity(of: "\(folder.path)/\(Self.reports)/\(slug)"),
        integrity.checksum == provenance, integrity.faults.isEmpty
      else { return nil }
      try clearLeftovers(locked)
      return Published(faults: try rebuildIndex(locked), provenance: provenance)
    }
  }

  func clearLeftovers(_ locked: LockedFolder) throws {
    try locked.clearLeftovers()
    for part in [Self.reports, Self.assets] where folder.isFolder(part) {
      try locked.clearLeftovers(in: part)
    }
  }

  /// Writes the index and the assets anew.
  func rebuildIndex(_ locked: LockedFolder) throws -> [Diagnostic] {
    var faults: [Diagnostic] = []
    let slugs = try slugs()
    let found = Mutex<[Int: Result<IndexEntry, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: slugs.count) { index in
      let read = Result { try entry(of: slugs[index]) }
      found.withLock { $0[index] = read }
    }
    let results = found.withLock { $0 }
    let entries = slugs.enumerated().map { index, slug in
      switch results[index] {
      case .success(var entry):
        // Where a folder was renamed, its address is the folder's.
        entry.slug = slug
        return entry
      case .failure(let fault):
        if let diagnostic = fault as? Diagnostic { faults.append(diagnostic) }
        return IndexEntry(unreadable: slug)
      case nil: return IndexEntry(unreadable: slug)
      }
    }
    for file in pages.assets { try locked.replaceFile(file.path, with: file.text) }
    // A repository may have its own here; the reports have theirs.
    let isTaken =
      try folder.names().contains(GitAttributes.name)
      && !GitAttributes.isOwn(FileWriting.joined(folder.path, GitAttributes.name))
    if !isTaken { try locked.replaceFile(GitAttributes.name, with: GitAttributes.text) }
    try locked.replaceFile("index.html", with: pages.index(entries))
    return faults
  }

  /// What the index says of a published report.
  private func entry(of slug: String) throws -> IndexEntry {
    let file = try FileBytes(reading: path(slug, FindingsFile.name))
    return try cache.value(
      for: ContentKey("an entry of the index", pages.content + [file.sha256])
    ) {
      let found = try FindingsFile(reading: file)
      return IndexEntry(
        Report(found, fallbackDate: pages.fallbackDate), findings: found.findings)
    }
  }

  /// The published history, empty where there is none; one that cannot be read begins anew.
  func history(of slug: String) -> (history: History, fault: Diagnostic?) {
    do {
      let isThere = try folder.names(in: "\(Self.reports)/\(slug)").contains(History.name)
      guard isThere else { return (History(), nil) }
      return (try History(reading: FileBytes(reading: path(slug, History.name))), nil)
    } catch {
      return (History(), error as? Diagnostic)
    }
  }

  func publishedProvenance(of slug: String) throws -> String? {
    guard try folder.names(in: "\(Self.reports)/\(slug)").contains(Provenance.name) else {
      return nil
    }
    return try FileBytes(reading: path(slug, Provenance.name)).withBytes {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func path(_ slug: String, _ file: String) -> String {
    "\(folder.path)/\(Self.reports)/\(slug)/\(file)"
  }

  static let reports = "reports"
  private static let assets = "assets"
}

// MARK: Foreign files

extension SitePublisher {
  /// What a site holds, beside what a repository, a host or a desktop keeps in a folder.
  private static let siteNames: Set<String> = ["index.html", assets, reports, ".nojekyll"]
  private static let keptNames: Set<String> = [
    ".git", GitAttributes.name, ".gitignore", "CNAME", ".DS_Store",
  ]
  private static let reportNames: Set<String> = [
    "index.html", "report.md", PullRequestSummary.name, History.name,
    FindingsFile.name, Provenance.name,
  ]

  /// Refuses a folder with files that no build has put there: a build replaces what it finds.
  func checkOwnership(slug: String) throws {
    let names = try folder.names().filter { !PublishFolder.isOwn($0) }
    for name in names where !Self.siteNames.contains(name) && !Self.keptNames.contains(name) {
      throw foreign(name)
    }
    for name in [Self.reports, Self.assets] where names.contains(name) && !folder.isFolder(name) {
      throw foreign(name)
    }
    if !names.contains(Self.reports) {
      for name in names where Self.siteNames.contains(name) { throw foreign(name) }
      return
    }
    for name in try folder.names(in: Self.reports)
    where !PublishFolder.isOwn(name) && !Self.keptNames.contains(name) {
      let report = "\(Self.reports)/\(name)"
      guard Slug.isValid(name), folder.isFolder(report),
        try folder.names(in: report).contains(FindingsFile.name)
      else { throw foreign(report) }
    }
    if try folder.names(in: Self.reports).contains(slug) {
      try checkReport("\(Self.reports)/\(slug)")
    }
  }

  private func checkReport(_ report: String) throws {
    for name in try folder.names(in: report) where !Self.keptNames.contains(name) {
      switch name {
      case _ where Self.reportNames.contains(name): continue
      case "charts", "data":
        let part = "\(report)/\(name)"
        guard folder.isFolder(part) else { throw foreign(part) }
        let ending = name == "charts" ? ".svg" : ".csv"
        for file in try folder.names(in: part) where !file.hasSuffix(ending) {
          throw foreign("\(part)/\(file)")
        }
      default: throw foreign("\(report)/\(name)")
      }
    }
  }

  private func foreign(_ name: String) -> Diagnostic {
    Diagnostic(
      .study, file: folder.path, expected: "a site of reportgen's, or an empty folder",
      found: "\(name), which no build has put there",
      advice: "Name another folder with --site DIR, or move it away.")
  }
}
