/// Named columns of numbers and words.
package struct DataTable: Sendable, Equatable {
  package enum Cell: Sendable, Equatable {
    /// Text from anywhere; escaped where it is written.
    case text(String)
    case integer(Int)
    /// A number and how many decimals a table shows; a CSV has nine significant digits.
    case number(Double, decimals: Int)
    case missing
    /// A name as a program knows it; as `text` in a CSV.
    case code(String)
    /// A word that a reader must not miss; as `text` in a CSV.
    case strong(String)
    /// Words, and the name by which a program knows the same; the name alone in a CSV.
    case named(String, code: String)
  }

  /// What the table holds, for a reader who cannot see what it stands under.
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

  /// The first rows, as many as a page shows.
  package func prefix(_ count: Int) -> DataTable {
    DataTable(
      title: title, header: header, rows: Array(rows.prefix(count)), isStacked: isStacked)
  }
}
