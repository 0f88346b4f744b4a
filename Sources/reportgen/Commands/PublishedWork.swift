import Atlas
import AtlasPages
import Diagnostics
import JSON
import Reporting
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A published report or atlas, as commands name it: by its folder or its `findings.json`.
enum PublishedWork {
  case report(Report)
  case atlas(AtlasReport)

  /// - Throws: `Diagnostic`.
  init(at path: String) throws {
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    if isFolder { try SitePublisher.checkIsReport(path, holding: FindingsFile.name) }
    let file = try FileBytes(reading: isFolder ? path + "/" + FindingsFile.name : path)
    // A folder without it, or with one of another version, is compared all the same.
    let made = isFolder ? try? Provenance(reading: path + "/" + Provenance.name) : nil
    if AtlasFindingsFile.isAtlas(try JSON(parsing: file)) {
      var atlas = try AtlasReport(reading: file)
      atlas.made = made
      self = .atlas(atlas)
    } else {
      var report = Report(try FindingsFile(reading: file))
      report.made = made
      self = .report(report)
    }
  }

  /// The results of the expectations that its file demands.
  var checks: [CheckResult] {
    switch self {
    case .report(let report): report.checks
    case .atlas(let atlas): atlas.checks
    }
  }

  private var kind: String {
    switch self {
    case .report: "a report"
    case .atlas: "an atlas"
    }
  }

  /// The comparison with an earlier work of the same kind.
  ///
  /// - Throws: `Diagnostic` of kind `.study` for a report beside an atlas.
  func comparison(base: PublishedWork, basePath: String) throws -> ReportComparison {
    switch (base, self) {
    case (.report(let base), .report(let head)):
      return ReportComparison(base: base, head: head, basePath: basePath)
    case (.atlas(let base), .atlas(let head)):
      return AtlasComparison(base: base, head: head, basePath: basePath).comparison
    default: throw mismatch(base, basePath)
    }
  }

  /// The work as a comment on a pull request.
  ///
  /// - Throws: the errors of `comparison`.
  func summary(
    base: PublishedWork?, basePath: String, linkBase: LinkBase?, committed: String?
  ) throws -> String {
    switch (base, self) {
    case (nil, .report(let head)):
      return PullRequestSummary(head, linkBase: linkBase, committed: committed).markdown
    case (.report(let base), .report(let head)):
      return PullRequestSummary(head, base: base, linkBase: linkBase, committed: committed).markdown
    case (nil, .atlas(let head)):
      return AtlasSummary(head, linkBase: linkBase, committed: committed).markdown
    case (.atlas(let base), .atlas(let head)):
      return AtlasSummary(head, base: base, linkBase: linkBase, committed: committed).markdown
    case (let base?, _): throw mismatch(base, basePath)
    }
  }

  private func mismatch(_ base: PublishedWork, _ path: String) -> Diagnostic {
    Diagnostic(
      .study, file: path, expected: "\(kind), as the other is", found: base.kind,
      advice: "Compare two reports, or two atlases.")
  }
}
