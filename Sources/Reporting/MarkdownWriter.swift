import Analyses
import Charts
import ReportModel
import SiteRenderer

/// Writes a report's document as GitHub-flavoured Markdown. A heading has its permanent anchor in a
/// comment above it. A figure is an image, a caption that begins in bold, `<details>` with its
/// data, and a link to its CSV file.
package struct MarkdownWriter {
  private let document: ReportDocument
  private let references: NotesReferences

  package init(_ report: Report) {
    document = report.document
    references = NotesReferences(report: report, target: .chart)
  }

  /// The text of `report.md`, which can be read by itself in a forge.
  package var text: String {
    (opening + document.parts.enumerated().flatMap { part($0.element, number: $0.offset + 1) })
      .joined(separator: "\n\n") + "\n"
  }

  private var opening: [String] {
    let opening = document.opening
    let verdict = opening.verdict.map { verdict in
      "**\(verdict.label.words)**" + (opening.passed.isEmpty ? "" : " · " + opening.passed)
    }
    return [
      "# " + Markdown.text(opening.title), Markdown.text(opening.subtitle),
      opening.date.map { Markdown.text($0) }, verdict,
    ].compactMap(\.self)
      + opening.notices.map { "**\(Markdown.text($0))**" }
      + [
        "**\(Markdown.text(opening.lead))**"
          + (opening.detail.isEmpty ? "" : " " + Markdown.text(opening.detail))
      ]
      + (opening.weakness.map { ["**Main weakness.** " + Markdown.text($0)] } ?? [])
      + (opening.card.map(figure) ?? [])
      + (opening.tests.isEmpty
        ? []
        : [
          opening.tests.map {
            "- \($0.sign) **\(Markdown.text($0.name))**: \(Markdown.text($0.words))"
          }.joined(separator: "\n")
        ])
  }

  // MARK: Parts and sections

  private func part(_ part: ReportDocument.Part, number: Int) -> [String] {
    [
      Self.heading(2, "\(number) " + Markdown.text(part.part.title), anchor: part.part.id),
      Markdown.text(part.part.question),
    ] + part.sections.flatMap(section)
  }

  private func section(_ section: Section) -> [String] {
    let heading = Self.heading(
      3, Markdown.text(section.title), anchor: ReportDocument.anchor(section))
    let blocks = section.blocks.flatMap(block)
    guard section.isFolded else { return [heading] + blocks }
    let finding = section.finding.isEmpty ? "" : ": " + section.finding
    return Self.folded(section.title + finding, [heading] + blocks)
  }

  private func block(_ block: Section.Block) -> [String] {
    switch block {
    case .prose(let text): [text]
    // `Report.checkNotes` has already reported references that do not exist, before publishing.
    case .notes(let notes):
      [AuthorNotes.markdown(notes) { try? references.markdown($0, line: $1) }]
    case .table(let table): Self.shortened(table, rows: ReportDocument.tableRows)
    case .figure(let figure): self.figure(figure)
    case .code(let code, let language): [Self.codeBlock(code, language: language)]
    case .fold(let title, let blocks): Self.folded(title, blocks.flatMap(self.block))
    }
  }

  private func figure(_ figure: Figure) -> [String] {
    let number = document.number(of: figure)
    let note = figure.note.isEmpty ? "" : " " + Markdown.text(figure.note)
    let rest = figure.data.rows.count - ReportDocument.dataRows
    let first =
      rest > 0
      ? "The first \(ReportDocument.dataRows) of \(figure.data.rows.count.grouped) rows. " : ""
    return [
      "![\(Markdown.alternative(figure.caption))](\(figure.chartPath))",
      "**\(Markdown.text(figure.caption))** Figure \(number).\(note)",
    ]
      + Self.folded(
        "Data of figure \(number)",
        [
          Self.table(figure.data.prefix(ReportDocument.dataRows)),
          "\(first)[All data of figure \(number) (CSV)](\(figure.dataPath))",
        ])
  }

  // MARK: Markdown

  /// A heading with its anchor; `title` is Markdown.
  static func heading(_ level: Int, _ title: String, anchor: String) -> String {
    "<!-- anchor: \(anchor) -->\n\n\(String(repeating: "#", count: level)) \(title)"
  }

  /// Blocks that a forge hides until the reader opens them.
  package static func folded(_ title: String, _ blocks: [String]) -> [String] {
    ["<details><summary>\(Markdown.html(title).replacing("](", with: "]&#40;"))</summary>"] + blocks
      + ["</details>"]
  }

  /// The table with at most `limit` rows, followed by the number of all rows.
  static func shortened(_ table: DataTable, rows limit: Int) -> [String] {
    guard table.rows.count > limit else { return [self.table(table)] }
    return [
      self.table(table.prefix(limit)),
      "The first \(limit) of \(table.rows.count.grouped) rows; \(FindingsFile.name) has all.",
    ]
  }

  package static func table(_ table: DataTable) -> String {
    self.table(
      header: table.header.map { Markdown.text($0) }, isNumeric: table.isNumeric,
      rows: table.rows.map { $0.map(cell) })
  }

  /// A table in Markdown.
  static func table(header: [String], isNumeric: [Bool] = [], rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    let alignment = header.indices.map { column in
      column < isNumeric.count && isNumeric[column] ? "--:" : "---"
    }
    return ([header, alignment] + rows).map(line).joined(separator: "\n")
  }

  private static func cell(_ cell: DataTable.Cell) -> String {
    switch cell {
    // Spaces at the ends belong to a token; a table cell would lose them.
    case .text(let text) where text.first == " " || text.last == " ":
      Markdown.code(ReadableText.token(text))
    case .text(let text), .aside(let text): Markdown.text(text)
    case .code(let text): Markdown.code(text)
    case .strong(let text): "**\(Markdown.text(text))**"
    case .named(let text, let code): "\(Markdown.text(text)) \(Markdown.code(code))"
    case .link(let text, let path): "[\(Markdown.text(text))](\(SafeAddress.encoded(path: path)))"
    case .integer, .id, .number, .missing: cell.words
    }
  }

  /// `text` unchanged in a code block; its fence is longer than any in the text.
  static func codeBlock(_ text: String, language: String = "") -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let longest = lines.map { $0.prefix { $0 == "`" }.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}

extension Verdict.Label {
  /// The label in words, such as `Strong evidence`.
  package var words: String {
    switch self {
    case .strong: "Strong evidence"
    case .strongInSample: "Strong evidence, in sample"
    case .weak: "Weak evidence"
    case .none: "No evidence"
    }
  }
}
