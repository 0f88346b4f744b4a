import Diagnostics
import Dispatch
import SiteRenderer
import Storage
import StudyFile
import Synchronization

/// Publishes reports and atlases into a site. Each one's folder is swapped in as a whole; then the
/// index and the shared files are written.
package struct SitePublisher: Sendable {
  let folder: PublishFolder
  package let pages: PageBuilder
  /// A cache of what is known about unchanged reports.
  let cache: ContentCache?

  /// The result of `publish`.
  package struct Published: Sendable {
    /// The faults of other reports of the site; the index lists those by name only.
    package let faults: [Diagnostic]
    /// The SHA-256 of the report's `provenance.json`, which holds the checksums of its other files.
    package let provenance: String?
  }

  /// - Parameter path: the site's folder, which need not exist yet.
  package init(path: String, pages: PageBuilder, cache: ContentCache? = nil) {
    folder = PublishFolder(path: path)
    self.pages = pages
    self.cache = cache
  }

  /// Refuses, before anything is computed, a folder into which the report cannot be published.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if it holds files that no build has written,
  ///   `.resources` if it cannot be written.
  package func prepare(slug: String) throws {
    try checkOwnership(slug: slug)
    try folder.checkWritable()
  }

  /// The published site that contains a place; nil if there is none.
  package static func site(around place: Place) -> String? {
    place.folders.first { path in
      let folder = PublishFolder(path: path)
      guard let names = try? folder.names(), names.contains("index.html") else { return false }
      return [reports, atlases].contains { part in
        ((try? SitePublisher.slugs(in: folder, part)) ?? []).contains { slug in
          (try? folder.names(in: "\(part)/\(slug)").contains(FindingsFile.name)) == true
        }
      }
    }
  }

  /// Refuses a folder without the file that every report and atlas has; for a site, the message names
  /// its reports and atlases.
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
    let slugs = names.contains(reports) ? try Self.slugs(in: folder, reports) : []
    let maps = names.contains(atlases) ? try Self.slugs(in: folder, atlases) : []
    let own = slugs.map { "\(reports)/\($0)" } + maps.map { "\(atlases)/\($0)" }
    let counts =
      (slugs.isEmpty ? [] : [slugs.count.of("report")])
      + (maps.isEmpty ? [] : ["\(maps.count) atlas\(maps.count == 1 ? "" : "es")"])
    throw Diagnostic(
      .data, file: path, expected: "a report's folder, with \(file)",
      found: own.isEmpty ? "none in it" : "a site of \(counts.joined(separator: " and "))",
      advice: own.isEmpty
        ? "Name the folder of a published report: SITE/reports/NAME."
        : "Name one of its reports: "
          + own.prefix(5).map { FileWriting.joined(path, $0) }.joined(separator: ", ") + ".")
  }

  /// The slugs of the site's reports, sorted.
  package func slugs() throws -> [String] { try Self.slugs(in: folder, Self.reports) }

  static func slugs(in folder: PublishFolder, _ part: String) throws -> [String] {
    try folder.names(in: part).filter { slug in
      try Slug.isValid(slug) && !folder.names(in: "\(part)/\(slug)").isEmpty
    }
  }

  /// Reads the findings of a published report.
  ///
  /// - Throws: `Diagnostic`.
  package func findings(of slug: String) throws -> FindingsFile {
    try FindingsFile(reading: FileBytes(reading: path(slug, FindingsFile.name)))
  }

  /// Publishes a report and rebuilds the index from the reports' folders.
  ///
  /// - Parameter provenance: the text of `provenance.json`; nil keeps the published one, because a
  ///   report that is only rendered again was not computed again.
  /// - Throws: `Diagnostic`: the errors of `prepare`, one of kind `.resources` for a file that
  ///   exceeds its budget, and one of kind `.busy` while another build publishes. The report is
  ///   published completely or stays as it was.
  package func publish(_ report: Report, provenance: String?) throws -> Published {
    // Errors of the report are reported before waiting for the lock and before writing.
    let prepared = try Prepared(report, pages: pages)
    return try folder.locked { locked in
      try checkOwnership(slug: report.slug)
      try clearLeftovers(locked)
      let (before, fault) = history(of: report.slug)
      let files = try files(of: prepared, history: before, provenance: provenance)
      try locked.replaceFolder(report.slug, in: Self.reports, with: files)
      return Published(
        faults: try (fault.map { [$0] } ?? []) + rebuildIndex(locked),
        provenance: Self.provenanceChecksum(of: files))
    }
  }

  /// A report that has been drawn and checked, before its history is known.
  struct Prepared {
    let report: Report
    let charts: FigureCharts
    let files: [TextFile]
    /// The page of the report without a history.
    let page: String

    /// - Throws: `Diagnostic` for a file that exceeds its budget, and the errors of
    ///   `PageBuilder.page`.
    init(_ report: Report, pages: PageBuilder) throws {
      self.report = report
      charts = FigureCharts(report.figures)
      files = report.files(charts)
      try Budget.check(files, of: report)
      page = try pages.page(report, charts: charts, history: History())
    }
  }

  /// All files of a report's folder. The provenance is the last, because it has the checksums of
  /// the others.
  ///
  /// - Parameter provenance: the text of `provenance.json`; nil keeps the published one.
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
    return try sealed(files, of: "\(Self.reports)/\(report.slug)", provenance: provenance)
  }

  /// Keeps the published report if it is intact, and rebuilds only the index and the shared assets.
  ///
  /// - Parameter provenance: the SHA-256 of the `provenance.json` with which it was published.
  /// - Returns: nil, without doing anything, if the report is another one, damaged or missing.
  /// - Throws: the errors of `publish`.
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
    for part in [Self.reports, Self.atlases, Self.assets] where folder.isFolder(part) {
      try locked.clearLeftovers(in: part)
    }
  }

  /// Writes the index and the shared assets again.
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
        // If a folder was renamed, the address of its report is the folder's name.
        entry.slug = slug
        return entry
      case .failure(let fault):
        if let diagnostic = fault as? Diagnostic { faults.append(diagnostic) }
        return IndexEntry(unreadable: slug)
      case nil: return IndexEntry(unreadable: slug)
      }
    }
    for file in pages.assets { try locked.replaceFile(file.path, with: file.text) }
    // A repository may have its own file here; each report's folder has one in any case.
    let isTaken =
      try folder.names().contains(GitAttributes.name)
      && !GitAttributes.isOwn(FileWriting.joined(folder.path, GitAttributes.name))
    if !isTaken { try locked.replaceFile(GitAttributes.name, with: GitAttributes.text) }
    let maps = try atlasEntries()
    try locked.replaceFile("index.html", with: pages.index(entries, atlases: maps.entries))
    return faults + maps.faults
  }

  /// The index's entry for a published report.
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

  /// The published history; empty if there is none or it cannot be read.
  func history(of slug: String) -> (history: History, fault: Diagnostic?) {
    do {
      let isThere = try folder.names(in: "\(Self.reports)/\(slug)").contains(History.name)
      guard isThere else { return (History(), nil) }
      return (try History(reading: FileBytes(reading: path(slug, History.name))), nil)
    } catch {
      return (History(), error as? Diagnostic)
    }
  }

  static func provenanceChecksum(of files: [TextFile]) -> String? {
    files.last { $0.path == Provenance.name }.map { Checksum.sha256(of: $0.text) }
  }

  /// The files of a report's or an atlas's folder with what seals them: the attributes that keep their
  /// bytes, and the provenance last, because it has the checksums of the others.
  ///
  /// - Parameters:
  ///   - work: the folder in the site
  ///   - provenance: the text of `provenance.json`; nil keeps the published one
  func sealed(
    _ files: [TextFile], of work: String, provenance: String?
  ) throws -> [TextFile] {
    let sealed = try (provenance ?? publishedProvenance(of: work)).map {
      Provenance.sealing($0, files)
    }
    return files + [TextFile(path: GitAttributes.name, text: GitAttributes.text)]
      + (sealed.map { [TextFile(path: Provenance.name, text: $0)] } ?? [])
  }

  private func publishedProvenance(of work: String) throws -> String? {
    guard try folder.names(in: work).contains(Provenance.name) else { return nil }
    return try FileBytes(reading: "\(folder.path)/\(work)/\(Provenance.name)").withBytes {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func path(_ slug: String, _ file: String) -> String {
    "\(folder.path)/\(Self.reports)/\(slug)/\(file)"
  }

  static let reports = "reports"
  static let atlases = "atlases"
  private static let assets = "assets"
}

// MARK: Foreign files

extension SitePublisher {
  /// The names in a site; below, names that a repository, a host or a desktop may add.
  private static let siteNames: Set<String> = [
    "index.html", assets, reports, atlases, ".nojekyll",
  ]
  private static let keptNames: Set<String> = [
    ".git", GitAttributes.name, ".gitignore", "CNAME", ".DS_Store",
  ]
  private static let reportNames: Set<String> = [
    "index.html", "report.md", PullRequestSummary.name, History.name,
    FindingsFile.name, Provenance.name,
  ]

  /// Refuses a folder with files that no build has written, because a build replaces what it finds.
  func checkOwnership(slug: String) throws {
    try checkSiteOwnership()
    if try folder.names(in: Self.reports).contains(slug) {
      try checkReport("\(Self.reports)/\(slug)")
    }
  }

  /// Whether a repository, a host or a desktop may have added a name.
  static func isKept(_ name: String) -> Bool { keptNames.contains(name) }

  /// Refuses foreign files beside the reports and atlases.
  func checkSiteOwnership() throws {
    let names = try folder.names().filter { !PublishFolder.isOwn($0) }
    for name in names where !Self.siteNames.contains(name) && !Self.keptNames.contains(name) {
      throw foreign(name)
    }
    for name in [Self.reports, Self.atlases, Self.assets]
    where names.contains(name) && !folder.isFolder(name) {
      throw foreign(name)
    }
    if !names.contains(Self.reports), !names.contains(Self.atlases) {
      for name in names where Self.siteNames.contains(name) { throw foreign(name) }
      return
    }
    for part in [Self.reports, Self.atlases] {
      for name in try folder.names(in: part)
      where !PublishFolder.isOwn(name) && !Self.keptNames.contains(name) {
        let path = "\(part)/\(name)"
        guard Slug.isValid(name), folder.isFolder(path) else { throw foreign(path) }
        // Workflow engines make the folder of an output before they call the program.
        let files = try folder.names(in: path)
        guard files.isEmpty || files.contains(FindingsFile.name) else { throw foreign(path) }
      }
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

  func foreign(_ name: String) -> Diagnostic {
    Diagnostic(
      .study, file: folder.path, expected: "a site of reportgen's, or an empty folder",
      found: "\(name), which no build has put there",
      advice: "Name another folder with --site DIR, or move it away.")
  }
}
