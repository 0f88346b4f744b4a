import Charts

/// A section of a report as data: words, tables and charts, but no SVG or HTML.
package struct Section: Sendable, Equatable {
  /// The anchor of the section, which never changes: `ablation`.
  package let id: String
  package let title: String
  /// The part of the report that contains the section.
  package let part: ReportPart
  /// The finding in one line of plain text; shown beside the title of a folded section.
  package let finding: String
  /// Whether a page shows only the title and the finding until the reader opens the section.
  package let isFolded: Bool
  package let blocks: [Block]

  package init(
    id: String, title: String, part: ReportPart = .record, finding: String = "",
    isFolded: Bool = false, blocks: [Block]
  ) {
    self.id = id
    self.title = title
    self.part = part
    self.finding = finding
    self.isFolded = isFolded
    self.blocks = blocks
  }

  package indirect enum Block: Sendable, Equatable {
    /// Markdown written by this program; text from outside in it has passed through
    /// `Markdown.text`.
    case prose(String)
    /// The author's Markdown, which may refer to figures and numbers of the report.
    case notes(String)
    case table(DataTable)
    case figure(Figure)
    case code(String, language: String)
    /// Blocks under a title of plain text, hidden until the reader opens them.
    case fold(String, [Block])
  }

  /// The figures in the order of the page, those in folds included.
  package var figures: [Figure] { blocks.flatMap(\.figures) }
}

extension Section.Block {
  package var figures: [Figure] {
    switch self {
    case .figure(let figure): [figure]
    case .fold(_, let blocks): blocks.flatMap(\.figures)
    case .prose, .notes, .table, .code: []
    }
  }
}

/// A chart with its caption, its note and its data.
package struct Figure: Sendable, Equatable {
  /// The identifier in `charts/ID.svg` and `data/ID.csv`; it has letters, digits and dashes.
  package let id: String
  /// The figure's title: the finding, in plain text.
  package let caption: String
  /// What is measured, on how much data, and what brackets and bands mean; plain text.
  package let note: String
  package let chart: Chart
  /// All points of the chart, for the CSV and the table under it.
  package let data: DataTable

  package init(id: String, caption: String, note: String = "", chart: Chart, data: DataTable) {
    self.id = id
    self.caption = caption
    self.note = note
    self.chart = chart
    self.data = data
  }
}
