import Charts

/// A section of a report, as data: words, tables and charts, never SVG or HTML.
package struct Section: Sendable, Equatable {
  /// The anchor, the same for good: `ablation`.
  package let id: String
  package let title: String
  /// The part of the report that it stands in.
  package let part: ReportPart
  /// The finding in a line of plain text, which stands beside the title of a folded section.
  package let finding: String
  /// Whether it is shown with its title and finding alone until a reader opens it.
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
    /// Markdown of the program's own; text from outside goes through `Markdown.text`.
    case prose(String)
    /// The author's Markdown, which refers to figures and numbers of the report.
    case notes(String)
    case table(DataTable)
    case figure(Figure)
    case code(String, language: String)
    /// Blocks under a title of plain text, shown when a reader opens it.
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

/// A chart, what it shows, and its data.
package struct Figure: Sendable, Equatable {
  /// Names `charts/ID.svg` and `data/ID.csv`; letters, digits and dashes.
  package let id: String
  /// The finding, in plain text: the figure's title.
  package let caption: String
  /// What is measured, on how much, and what brackets and bands are; plain text.
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
