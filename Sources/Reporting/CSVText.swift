import JSON
import ReportModel

extension DataTable {
  /// The table as CSV (RFC 4180) with all rows. Numbers have nine significant digits. Text is
  /// unchanged, except for what a spreadsheet would run.
  ///
  /// Lines end in LF instead of RFC 4180's CRLF, because git rewrites CRLF under `text=auto`, and
  /// every reader accepts both. There is no byte order mark: Python's `csv`, R and command-line
  /// tools would take it for a part of the first column's name, while spreadsheets ask for the
  /// encoding (UTF-8).
  package var csv: String {
    CSV.line(header.map { .text($0) }) + rows.map(CSV.line).joined()
  }
}

/// Writes the lines of a CSV file.
enum CSV {
  static func line(_ cells: [DataTable.Cell]) -> String {
    cells.map(field).joined(separator: ",") + "\n"
  }

  private static func field(_ cell: DataTable.Cell) -> String {
    switch cell {
    case .text(let text), .code(let text), .strong(let text), .aside(let text),
      .named(_, let text), .link(let text, _):
      field(text)
    case .integer(let integer), .id(let integer): String(integer)
    case .number(let number, _): SignificantDigits.text(number) ?? ""
    case .missing: ""
    }
  }

  /// Characters that begin a formula in a spreadsheet, even after spaces.
  private static let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n"]

  /// Quotes a text that would end the field or that a reader might trim. An apostrophe precedes
  /// what a spreadsheet would run as a formula (OWASP, CSV injection).
  private static func field(_ text: String) -> String {
    let first = text.unicodeScalars.first { $0 != " " }
    let text = first.map(formula.contains) == true ? "'" + text : text
    let isPlain =
      text.utf8.allSatisfy { !",\"\r\n".utf8.contains($0) }
      && text.first?.isWhitespace != true && text.last?.isWhitespace != true
    if isPlain { return text }
    // Scalars are compared, because Swift sees a quotation mark with a combining mark as another
    // character.
    let doubled = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
  }
}
