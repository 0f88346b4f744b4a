import Charts

/// A part of a report, as data: words, tables and charts, never SVG or HTML.
package struct Section: Sendable, Equatable {
  /// The anchor, the same for good: `ablation`.
  package let id: String
  package let title: String
  package let blocks: [Block]

  package init(id: String, title: String, blocks: [Block]) {
    self.id = id
    self.title = title
    self.blocks = blocks
  }

  package enum Block: Sendable, Equatable {
    /// Markdown of the program's own; text from outside goes through `Markdown.text`.
    case prose(String)
    case table(DataTable)
    case figure(Figure)
  }
}

/// A chart, what it shows, and its data.
package struct Figure: Sendable, Equatable {
  /// Names `charts/ID.svg` and `data/ID.csv`; letters, digits and dashes.
  package let id: String
  /// The finding with its numbers, in plain text: it is the caption and the chart's description.
  package let caption: String
  package let chart: Chart
  /// All points of the chart, for the CSV and the table under it.
  package let data: DataTable

  package init(id: String, caption: String, chart: Chart, data: DataTable) {
    self.id = id
    self.caption = caption
    self.chart = chart
    self.data = data
  }
}

/// Named columns of numbers and words.
package struct DataTable: Sendable, Equatable {
  package enum Cell: Sendable, Equatable {
    /// Text from anywhere; escaped where it is written.
    case text(String)
    case integer(Int)
    /// A number and how many decimals a table shows; a CSV has nine significant digits.
    case number(Double, decimals: Int)
    case missing
  }

  package let header: [String]
  package let rows: [[Cell]]

  package init(header: [String], rows: [[Cell]]) {
    precondition(
      rows.allSatisfy { $0.count == header.count }, "a row that is not \(header.count) wide")
    self.header = header
    self.rows = rows
  }
}
