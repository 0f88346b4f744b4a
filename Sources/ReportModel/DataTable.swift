/// A table with named columns of numbers and words.
package struct DataTable: Sendable, Equatable {
  package enum Cell: Sendable, Equatable {
    /// Text that may come from outside; it is escaped when it is written.
    case text(String)
    /// A count or a place; a page shows its thousands apart.
    case integer(Int)
    /// A number that names something, as a token's id.
    case id(Int)
    /// A number and the decimals that a page shows; a CSV gives nine significant digits.
    case number(Double, decimals: Int)
    case missing
    /// An identifier, set as code on a page; plain text in a CSV.
    case code(String)
    /// An important word, set in bold on a page; plain text in a CSV.
    case strong(String)
    /// Words that a phone leaves out, since the cells beside them say what matters.
    case aside(String)
    /// Words for a page, with the identifier that a CSV shows instead.
    case named(String, code: String)
    /// Words that lead to another page, at a path relative to the table's page; plain text in a CSV.
    case link(String, path: String)
  }

  /// The content of the table in words, for readers who cannot see the page around it.
  package let title: String
  package let header: [String]
  package let rows: [[Cell]]
  /// Whether a phone shows each row as two lines instead of columns.
  package let isStacked: Bool

  package init(title: String = "", header: [String], rows: [[Cell]], isStacked: Bool = false) {
    precondition(
      rows.allSatisfy { $0.count == header.count }, "a row that is not \(header.count) wide")
    self.title = title
    self.header = header
    self.rows = rows
    self.isStacked = isStacked
  }

  /// A table of the first `count` rows, for a page.
  package func prefix(_ count: Int) -> DataTable {
    DataTable(
      title: title, header: header, rows: Array(rows.prefix(count)), isStacked: isStacked)
  }
}
