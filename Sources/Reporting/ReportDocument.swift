import Analyses
import Charts
import ReportModel

/// The content of a report in order; `HTMLWriter` and `MarkdownWriter` only put it into their
/// notation.
struct ReportDocument: Sendable {
  /// The number of rows of a figure's data that are shown; its CSV file has all.
  static let dataRows = 20
  /// The number of rows that are shown of a table without a figure.
  static let tableRows = 60

  struct Part: Sendable {
    let part: ReportPart
    let sections: [Section]
  }

  let opening: Opening
  let parts: [Part]
  /// The number of each figure, keyed by the path of its chart.
  private let numbers: [String: Int]
  let figures: [Figure]

  init(_ report: Report) {
    opening = Opening(report)
    let shown = ([opening.card].compactMap(\.self) + report.sections.flatMap(\.figures))
    let sections =
      report.sections
      + [
        PublishedTable.section(report.comparisons), StudiedText(report.study).section,
        Self.checks(report), Self.notes(report), Reproduction(report).section,
        ReportFiles.section(shown), Citation.section(report),
      ].compactMap(\.self)
    parts = ReportPart.allCases.compactMap { part in
      let own = sections.filter { $0.part == part }
      // Unfolded sections come first.
      let ordered = own.filter { !$0.isFolded } + own.filter(\.isFolded)
      return own.isEmpty ? nil : Part(part: part, sections: ordered)
    }
    var seen: Set<String> = []
    figures =
      ([opening.card].compactMap(\.self) + parts.flatMap(\.sections).flatMap(\.figures))
      .filter { seen.insert($0.chartPath).inserted }
    numbers = Dictionary(
      uniqueKeysWithValues: figures.enumerated().map { ($0.element.chartPath, $0.offset + 1) })
  }

  func number(of figure: Figure) -> Int { numbers[figure.chartPath] ?? 0 }

  // MARK: The study's own content

  private static func checks(_ report: Report) -> Section? {
    let checks = report.checks
    if checks.isEmpty { return nil }
    return Section(
      id: "checks", title: "Checks", finding: CheckResult.summary(checks), isFolded: true,
      blocks: [.table(CheckResult.table(checks))])
  }

  private static func notes(_ report: Report) -> Section? {
    guard let notes = report.study.notes, !notes.allSatisfy(\.isWhitespace) else { return nil }
    return Section(id: "discussion", title: "Discussion", blocks: [.notes(notes)])
  }
}

extension CheckResult {
  /// The result in words: `All 8 expectations of the study hold.`
  package static func summary(_ checks: [CheckResult]) -> String {
    let failed = checks.count { !$0.holds }
    if failed == 0, checks.count == 1 { return "The one expectation of the study holds." }
    return failed == 0
      ? "All \(checks.count.of("expectation")) of the study hold."
      : "\(failed) of \(checks.count.of("expectation")) of the study failed."
  }

  /// A table of the checks with the failed ones first.
  package static func table(_ checks: [CheckResult]) -> DataTable {
    DataTable(
      title: "Expectations of the study", header: ["Result", "Figure", "Expected", "Found"],
      rows: (checks.filter { !$0.holds } + checks.filter(\.holds)).map { check in
        [
          check.holds ? .text("pass") : .strong("fail"), .code(check.figure),
          .text(check.expected), .text(check.found),
        ]
      })
  }
}

/// Files beside the page that belong to no figure.
enum ReportFiles {
  static let all: [(path: String, description: String)] = [
    ("report.md", "this report as Markdown, for a forge"),
    (PullRequestSummary.name, "the same in short, as a comment of a pull request"),
    (History.name, "what the key figures were each time that they changed"),
    (FindingsFile.name, "every number of this report, and the study"),
    ("provenance.json", "checksums, versions, machine and times of the build"),
  ]

  static func section(_ figures: [Figure]) -> Section {
    let list = all.map { "- [\($0.path)](\($0.path)): \($0.description)" }
    var seen: Set<String> = []
    let data = figures.filter { seen.insert($0.dataPath).inserted }.map {
      "[\($0.id)](\($0.dataPath))"
    }
    let csv =
      data.isEmpty
      ? []
      : [Section.Block.prose("Data of every figure (CSV): " + data.joined(separator: ", ") + ".")]
    return Section(
      id: "files", title: "Files", finding: "Every number, chart and table of this report.",
      isFolded: true, blocks: [.prose(list.joined(separator: "\n"))] + csv)
  }
}
