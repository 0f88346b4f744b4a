import Files
import Study

extension DataTable {
  /// The table as RFC 4180 writes it: every row, numbers with nine significant digits, text as it
  /// is.
  package var csv: String {
    let rows = [header.map(Self.field)] + rows.map { $0.map(Self.field) }
    return rows.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): field(text)
    case .integer(let integer): String(integer)
    case .number(let number, _): SignificantDigits.text(number) ?? ""
    case .missing: ""
    }
  }

  /// Quotes what would end the field, and what a reader might trim.
  private static func field(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { !",\"\r\n".utf8.contains($0) }
      && text.first?.isWhitespace != true && text.last?.isWhitespace != true
    if isPlain { return text }
    // By scalars: a quotation mark that carries a combining mark is still one.
    let doubled = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
  }
}
