import Charts
import ReportModel
import SiteRenderer

/// Writes a report's document as HTML. Sections, figures and tables are written directly; cmark
/// parses only prose and the author's notes.
struct HTMLWriter {
  /// The number of each figure, keyed by the path of its chart.
  private let numbers: [String: Int]
  private let charts: FigureCharts
  private let references: NotesReferences?
  /// Whether the page has no files beside it.
  private let isAlone: Bool
  /// Whether charts that are left to files have one for a phone, too.
  private let hasNarrowFiles: Bool
  private let left: LeftToFiles
  /// The folder of the files beside the page, relative to it: nothing, or `../`.
  private let folder: String
  /// The number of rows that are shown of a table without a figure.
  private let tableRows: Int
  private var glossary = Glossary()
  /// How many closed elements what is written stands in.
  private var depth = 0
  private var html = ""
  /// All ids of the page, so that headings of the notes get others.
  private var ids: Set<String>
  private var contents: [ReportPage.Heading] = []

  struct Written {
    /// The claim card of the opening; empty if there is none.
    var card = ""
    /// The opening's sentences as HTML with their terms explained, by their plain text.
    var explained: [String: String] = [:]
    let body: String
    let contents: [ReportPage.Heading]
  }

  private init(
    figures: [Figure], charts: FigureCharts, references: NotesReferences?, isAlone: Bool,
    hasNarrowFiles: Bool = false, left: LeftToFiles = LeftToFiles(), folder: String = "",
    tableRows: Int = ReportDocument.tableRows, ids: [String]
  ) {
    numbers = Dictionary(
      figures.enumerated().map { ($0.element.chartPath, $0.offset + 1) }
    ) { first, _ in first }
    self.charts = charts
    self.references = references
    self.isAlone = isAlone
    self.hasNarrowFiles = hasNarrowFiles
    self.left = left
    self.folder = folder
    self.tableRows = tableRows
    self.ids = Set(ids).union(["page-main", "tests"]).union(figures.map(\.anchor))
  }

  /// Writes the claim card and all parts.
  ///
  /// - Parameter left: what the page leaves to files.
  static func write(
    _ document: ReportDocument, charts: FigureCharts, references: NotesReferences, isAlone: Bool,
    left: LeftToFiles
  ) -> Written {
    var writer = HTMLWriter(
      figures: document.figures, charts: charts, references: references, isAlone: isAlone,
      left: left, ids: document.parts.flatMap { [$0.part.id] + $0.sections.map(\.id) })
    let explained = writer.explained(document.opening)
    if let card = document.opening.card { writer.figure(card) }
    let card = writer.html
    writer.html = ""
    for (index, part) in document.parts.enumerated() { writer.part(part, number: index + 1) }
    return Written(
      card: card, explained: explained, body: writer.html, contents: writer.contents)
  }

  /// The sentences of the opening, which the page's template places; the tests are folded.
  private mutating func explained(_ opening: Opening) -> [String: String] {
    var html: [String: String] = [:]
    for words in opening.tests.map(\.words) {
      html[words] = glossary.explained(text(words), isFolded: true)
    }
    for words in [opening.lead, opening.detail, opening.weakness ?? ""] {
      html[words] = glossary.explained(text(words))
    }
    return html
  }

  /// Writes sections without a report, for the page that compares two reports.
  static func write(_ sections: [Section]) -> Written {
    var writer = HTMLWriter(
      figures: [], charts: FigureCharts([]), references: nil, isAlone: true,
      ids: sections.map(\.id))
    for section in sections { writer.section(section, level: 2) }
    return Written(body: writer.html, contents: writer.contents)
  }

  /// Writes sections of a page of an atlas, whose figures have their data and charts in `folder`; the
  /// page shows every row of a table and links to the data of a figure.
  ///
  /// - Parameter leavesCharts: whether the page loads the charts from files.
  static func write(
    _ sections: [Section], charts: FigureCharts, folder: String, leavesCharts: Bool
  ) -> Written {
    let figures = sections.flatMap(\.figures)
    var writer = HTMLWriter(
      figures: figures, charts: charts, references: nil, isAlone: false, hasNarrowFiles: true,
      left: LeftToFiles(
        tables: Set(figures.map(\.dataPath)),
        charts: leavesCharts ? Set(figures.map(\.chartPath)) : []),
      folder: folder, tableRows: .max, ids: sections.map(\.id))
    for section in sections { writer.section(section, level: 2) }
    return Written(body: writer.html, contents: writer.contents)
  }

  // MARK: Parts and sections

  private mutating func part(_ part: ReportDocument.Part, number: Int) {
    heading(2, "\(number) " + part.part.title, id: part.part.id)
    html += "<p class=\"question\">\(text(part.part.question))</p>\n"
    for section in part.sections { self.section(section, level: 3) }
  }

  private mutating func section(_ section: Section, level: Int) {
    let id = ReportDocument.anchor(section)
    guard section.isFolded else {
      heading(level, section.title, id: id)
      blocks(of: section)
      return
    }
    contents.append(.init(id: id, text: section.title, level: level))
    html += "<details class=\"section\"><summary><h\(level) id=\"\(escaped(id))\">"
    html += text(section.title)
    if !section.finding.isEmpty { html += " <span>\(text(section.finding))</span>" }
    html += "</h\(level)></summary>\n"
    depth += 1
    blocks(of: section)
    depth -= 1
    html += "</details>\n"
  }

  private mutating func blocks(of section: Section) {
    let (blocks, rest) = left.shown(of: section)
    for block in blocks { self.block(block) }
    if let rest { html += "<p>\(text(rest))</p>\n" }
  }

  private mutating func heading(_ level: Int, _ title: String, id: String) {
    contents.append(.init(id: id, text: title, level: level))
    let (id, title) = (escaped(id), text(title))
    html += "<h\(level) id=\"\(id)\">\(title) <a class=\"anchor\" href=\"#\(id)\" "
    html += "aria-label=\"Link to section: \(title)\">#</a></h\(level)>\n"
  }

  private mutating func block(_ block: Section.Block) {
    switch block {
    case .prose(let markdown):
      html += glossary.explained(
        MarkdownRenderer.render(markdown, reservedIDs: ids, isAlone: isAlone).html,
        isFolded: depth > 0)
    case .notes(let notes):
      // `Report.checkNotes` has already reported references that do not exist, before publishing.
      let markdown = AuthorNotes.markdown(notes) { try? references?.markdown($0, line: $1) }
      let rendered = MarkdownRenderer.render(
        markdown, reservedIDs: ids, isAlone: isAlone, firstLevel: 4)
      ids.formUnion(rendered.headings.map(\.id))
      html += rendered.html
    case .table(let table): self.table(table, rows: tableRows)
    case .figure(let figure): self.figure(figure)
    case .code(let code, _):
      html += "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>\(escaped(code))"
      html += "</code></pre>\n"
    case .fold(let title, let blocks):
      html += "<details><summary>\(text(title))</summary>\n"
      depth += 1
      for block in blocks { self.block(block) }
      depth -= 1
      html += "</details>\n"
    }
  }

  // MARK: Figures

  private mutating func figure(_ figure: Figure) {
    let number = numbers[figure.chartPath] ?? 0
    html += "<figure class=\"figure\" id=\"\(escaped(figure.anchor))\">\n<figcaption>"
    let isFolded = depth > 0
    html += "<strong>\(glossary.explained(text(figure.caption), isFolded: isFolded))</strong>"
    html += " <span class=\"note\">Figure \(number)."
    if !figure.note.isEmpty {
      html += " " + glossary.explained(text(figure.note), isFolded: isFolded)
    }
    html += "</span></figcaption>\n"
    if left.charts.contains(figure.chartPath) {
      html += leftChart(figure)
    } else if let chart = charts.inline(figure) {
      html += "<div class=\"wide\">\n\(chart.wide)</div>\n"
      html += "<div class=\"narrow\">\n\(chart.narrow)</div>\n"
    }
    data(of: figure, number: number)
    html += "</figure>\n"
  }

  /// A chart that is left to its file: the page loads the file, or names it if it is alone.
  private func leftChart(_ figure: Figure) -> String {
    let path = escaped(folder + figure.chartPath)
    guard !isAlone else {
      return "<p>The chart stands in <code>\(path)</code> of the report's folder.</p>\n"
    }
    let image =
      "<img src=\"\(path)\" alt=\"\(text(figure.chart.outline))\" loading=\"lazy\">"
    guard hasNarrowFiles else { return "<p>\(image)</p>\n" }
    // The style sheet shows inlined charts for a phone up to the same width.
    return "<p><picture><source media=\"screen and (max-width: 46rem)\" "
      + "srcset=\"\(escaped(folder + figure.narrowChartPath))\">\(image)</picture></p>\n"
  }

  /// Writes the first rows of a figure's data, folded, and a link to all of them.
  private mutating func data(of figure: Figure, number: Int) {
    let link =
      "<a href=\"\(escaped(folder + figure.dataPath))\">All data of figure \(number) (CSV)</a>"
    guard !left.tables.contains(figure.dataPath) else {
      html +=
        isAlone
        ? "<p>Its data stand in <code>\(escaped(figure.dataPath))</code>.</p>\n"
        : "<p>\(link)</p>\n"
      return
    }
    html += "<details class=\"data\"><summary>Data of figure \(number)</summary>\n"
    let shown = DataTable(
      title: "Data of figure \(number)", header: figure.data.header,
      rows: Array(figure.data.rows.prefix(ReportDocument.dataRows)))
    table(shown, rows: ReportDocument.dataRows)
    let rest = figure.data.rows.count > ReportDocument.dataRows
    if !isAlone || rest {
      html += "<p>"
      if rest {
        html += "The first \(ReportDocument.dataRows) of \(figure.data.rows.count.grouped) rows. "
      }
      if !isAlone { html += link }
      html += "</p>\n"
    }
    html += "</details>\n"
  }

  // MARK: Tables

  private mutating func table(_ table: DataTable, rows limit: Int) {
    let isNumeric = table.isNumeric
    let label = table.title.isEmpty ? "Table" : table.title
    html += "<div class=\"scroll\" role=\"group\" aria-label=\"\(text(label))\" tabindex=\"0\">\n"
    html += table.isStacked ? "<table class=\"stacked\">\n" : "<table>\n"
    if !table.title.isEmpty { html += "<caption>\(text(table.title))</caption>\n" }
    html += "<thead>\n<tr>"
    for (column, name) in table.header.enumerated() {
      html += "<th scope=\"col\"\(isNumeric[column] ? " class=\"right\"" : "")>\(text(name))</th>"
    }
    html += "</tr>\n</thead>\n<tbody>\n"
    for row in table.rows.prefix(limit) {
      html += "<tr>"
      for (column, cell) in row.enumerated() {
        let kind = column == 0 ? "th scope=\"row\"" : "td"
        let label =
          table.isStacked && column > 0 ? " data-label=\"\(text(table.header[column]))\"" : ""
        html += "<\(kind)\(isNumeric[column] ? " class=\"right\"" : "")\(label)>"
        html += self.cell(cell) + (column == 0 ? "</th>" : "</td>")
      }
      html += "</tr>\n"
    }
    html += "</tbody>\n</table>\n</div>\n"
    if table.rows.count > limit {
      html += "<p>The first \(limit) of \(table.rows.count.grouped) rows; "
      html += "\(escaped(FindingsFile.name)) has all.</p>\n"
    }
  }

  private func cell(_ cell: DataTable.Cell) -> String {
    switch cell {
    // Spaces at the ends belong to a token; a table cell would lose them.
    case .text(let words) where words.first == " " || words.last == " ":
      "<code>\(escaped(ReadableText.token(words)))</code>"
    case .text(let words): text(words)
    case .code(let words): "<code>\(escaped(words))</code>"
    case .strong(let words): "<strong>\(text(words))</strong>"
    case .aside(let words): "<span class=\"aside\">\(text(words))</span>"
    // An address breaks at its dots.
    case .named(let words, let code):
      "\(text(words)) <code>\(escaped(code).replacing(".", with: ".<wbr>"))</code>"
    case .link(let words, let path):
      "<a href=\"\(SafeAddress.encoded(path: path))\">\(text(words))</a>"
    case .integer, .id, .number, .missing: cell.words
    }
  }

  // MARK: Text

  private func text(_ words: String) -> String {
    HTMLText.escaped(HTMLText.bound(ReadableText.visible(words)))
  }

  private func escaped(_ words: String) -> String { HTMLText.escaped(words) }
}

extension ReportDocument {
  /// The section's anchor. A hostile id cannot break out of the attribute.
  static func anchor(_ section: Section) -> String {
    section.id.contains("_")
      ? String(
        section.id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
      : section.id
  }
}

extension DataTable {
  /// Whether each column holds only numbers.
  var isNumeric: [Bool] {
    header.indices.map { column in
      rows.allSatisfy { row in
        switch row[column] {
        case .text, .code, .strong, .aside, .named, .link: false
        case .integer, .id, .number, .missing: true
        }
      }
    }
  }
}

extension DataTable.Cell {
  /// The cell as plain text.
  var words: String {
    switch self {
    case .text(let text), .code(let text), .strong(let text), .aside(let text),
      .named(let text, _), .link(let text, _):
      text
    case .integer(let integer): integer.grouped
    case .id(let id): String(id)
    case .number(let number, let decimals): NumberText.fixed(number, decimals: decimals)
    case .missing: "–"
    }
  }
}
