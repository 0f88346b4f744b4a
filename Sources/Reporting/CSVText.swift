import JSON
import ReportModel

extension DataTable {
  /// The table as RFC 4180 writes it: every row, numbers with nine significant digits, text as it
  /// is, but for what a spreadsheet would run.
  ///
  /// Lines end in LF and not in the CRLF of RFC 4180: git rewrites CRLF under `text=auto`, every
  /// reader takes both. There is no byte-order mark: Python's `csv`, R and command-line tools would
  /// take it for a part of the first column's name, while spreadsheets ask for the encoding (UTF-8).
  package var csv: String {
    CSV.line(header.map { .text($0) }) + rows.map(CSV.line).joined()
  }
}

/// Lines of a CSV file.
enum CSV {
  static func line(_ cells: [DataTable.Cell]) -> String {
    cells.map(field).joined(separator: ",") + "\n"
  }

  private static func field(_ cell: DataTable.Cell) -> String {
    switch cell {
    case .text(let text), .code(let text), .strong(let text), .named(_, let text): field(text)
    case .integer(let integer): String(integer)
    case .number(let number, _): SignificantDigits.text(number) ?? ""
    case .missing: ""
    }
  }

  /// What a spreadsheet takes for the beginning of a formula, also behind spaces.
  private static let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n"]

  /// Quotes what would end the field, and what a reader might trim; an apostrophe goes before what a
  /// spreadsheet would run as a formula (OWASP, CSV injection).
  private static func field(_ text: String) -> String {
    let first = text.unicodeScalars.first { $0 != " " }
    let text = first.map(formula.contains) == true ? "'" + text : text
    let isPlain =
      text.utf8.allSatisfy { !",\"\r\n".utf8.contains($0) }
      && text.first?.isWhitespace != true && text.last?.isWhitespace != true
    if isPlain { return text }
    // By scalars: a quotation mark that carries a combining mark is still one.
    let doubled = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
  }
}
