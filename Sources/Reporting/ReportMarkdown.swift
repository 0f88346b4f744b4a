import Analyses
import Charts
import ReportModel

/// A report as GitHub-flavoured Markdown, by the conventions of `SiteRenderer.MarkdownRenderer`:
/// a heading's permanent anchor stands in a comment above it; a figure is its image, a caption that
/// begins in bold, `<details>` with its data, and a link to its CSV file.
package struct ReportMarkdown {
  private let report: Report

  /// Rows of a table that are shown; the CSV has all.
  static let rowLimit = 200

  package init(_ report: Report) {
    self.report = report
  }

  /// `report.md`: reads well in a forge, alone.
  package var standalone: String {
    let figures = report.verdict?.keyFigures ?? []
    let opening = [
      "# " + Markdown.text(report.title),
      report.date.map { Markdown.text($0) },
      (report.verdict.map { "**\($0.label.words).** " } ?? "") + Markdown.text(report.finding),
      figures.isEmpty ? nil : Self.keyFigureTable(figures),
    ]
    let closing = [
      Self.heading("Files", anchor: "report-files"),
      ReportFiles.all(report).map { "- [\($0.path)](\($0.path)): \($0.description)" }
        .joined(separator: "\n"),
      Self.heading("How to cite", anchor: "citation"),
      Self.codeBlock(Citation.bibTeX(report), language: "bibtex"),
    ]
    return (opening.compactMap(\.self) + parts(.chart) + closing).joined(separator: "\n\n") + "\n"
  }

  /// What the page shows below its own title, finding, key figures and facts.
  package var body: String { parts(.anchor).joined(separator: "\n\n") + "\n" }

  private func parts(_ target: NotesReferences.Target) -> [String] {
    PublishedTable.markdown(report.comparisons)
      + StudiedText(report.study).markdown
      + sections
      + checks
      + notes(target)
      + Reproduction(report).markdown
  }

  // MARK: Sections

  private var sections: [String] {
    var number = 0
    return report.sections.flatMap { section in
      [Self.heading(Markdown.text(section.title), anchor: section.id)]
        + section.blocks.flatMap { block -> [String] in
          switch block {
          case .prose(let text): return [text]
          case .table(let table): return Self.shortened(table)
          case .figure(let figure):
            number += 1
            return Self.figure(figure, number: number)
          }
        }
    }
  }

  private static func figure(_ figure: Figure, number: Int) -> [String] {
    [
      "![\(Markdown.alternative(figure.caption))](\(figure.chartPath))",
      "**Figure \(number).** \(Markdown.text(figure.caption))",
      "<details><summary>Data of figure \(number)</summary>",
    ] + shortened(figure.data) + [
      "</details>",
      "[All data of figure \(number) (CSV)](\(figure.dataPath))",
    ]
  }

  // MARK: The study's own words

  private var checks: [String] {
    let checks = report.checks
    if checks.isEmpty { return [] }
    return [
      Self.heading("Checks", anchor: "checks"), Self.checkSummary(checks), Self.checkTable(checks),
    ]
  }

  static func checkSummary(_ checks: [CheckResult]) -> String {
    let failed = checks.count { !$0.holds }
    return failed == 0
      ? "All \(checks.count.of("expectation")) of the study hold."
      : "\(failed) of \(checks.count.of("expectation")) of the study failed."
  }

  static func checkTable(_ checks: [CheckResult]) -> String {
    table(
      header: ["Figure", "Expected", "Found", "Result"],
      rows: checks.map { check in
        [
          Markdown.code(check.figure), Markdown.text(check.expected), Markdown.text(check.found),
          check.holds ? "pass" : "**fail**",
        ]
      })
  }

  private func notes(_ target: NotesReferences.Target) -> [String] {
    guard let notes = report.study.notes, !notes.allSatisfy(\.isWhitespace) else { return [] }
    let references = NotesReferences(report: report, target: target)
    // What is not there is told before publishing, by `Report.checkNotes`.
    let text = AuthorNotes.markdown(notes) { try? references.markdown($0, line: $1) }
    return [Self.heading("Discussion", anchor: "discussion"), text]
  }

  // MARK: Markdown

  /// `title` is Markdown.
  static func heading(_ title: String, anchor: String) -> String {
    "<!-- anchor: \(anchor) -->\n\n## \(title)"
  }

  static func keyFigureTable(_ figures: [Verdict.KeyFigure]) -> String {
    table(
      DataTable(
        header: ["Key figure", "Value", "Measured by"],
        rows: figures.map { [.text($0.label), .text($0.value), .text($0.note)] }))
  }

  /// At most `rowLimit` rows, then how many there are.
  static func shortened(_ table: DataTable) -> [String] {
    let rest = table.rows.count - rowLimit
    guard rest > 0 else { return [self.table(table)] }
    let head = DataTable(header: table.header, rows: Array(table.rows.prefix(rowLimit)))
    return [
      self.table(head),
      "The first \(rowLimit) of \(table.rows.count.grouped) rows; the CSV file has all.",
    ]
  }

  static func table(_ table: DataTable) -> String {
    let isNumeric = table.header.indices.map { column in
      table.rows.allSatisfy { row in if case .text = row[column] { false } else { true } }
    }
    return self.table(
      header: table.header.map { Markdown.text($0) }, isNumeric: isNumeric,
      rows: table.rows.map { $0.map(cell) })
  }

  /// A table of Markdown.
  static func table(header: [String], isNumeric: [Bool] = [], rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    let alignment = header.indices.map { column in
      column < isNumeric.count && isNumeric[column] ? "--:" : "---"
    }
    return ([header, alignment] + rows).map(line).joined(separator: "\n")
  }

  private static func cell(_ cell: DataTable.Cell) -> String {
    switch cell {
    // A token's outer spaces are part of it, and a table would lose them.
    case .text(let text) where text.first == " " || text.last == " ":
      Markdown.code(ReadableText.token(text))
    case .text(let text): Markdown.text(text)
    case .integer(let integer): (integer < 0 ? "−" : "") + String(integer.magnitude)
    case .number(let number, let decimals): NumberText.fixed(number, decimals: decimals)
    case .missing: "–"
    }
  }

  /// `text` as it is, in a fence that it does not hold.
  static func codeBlock(_ text: String, language: String = "") -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let longest = lines.map { $0.prefix { $0 == "`" }.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}

extension Verdict.Label {
  /// `Strong evidence`
  package var words: String {
    switch self {
    case .strong: "Strong evidence"
    case .strongInSample: "Strong evidence, in sample"
    case .weak: "Weak evidence"
    case .none: "No evidence"
    }
  }
}

extension Int {
  /// With thousands apart: `66,194`.
  var grouped: String { NumberText.fixed(Double(self), decimals: 0) }

  /// `1 document`, `20 documents`.
  func of(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}
