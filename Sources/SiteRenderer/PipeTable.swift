/// A pipe table of GitHub-flavoured Markdown: a header row, an alignment row, further rows.
struct PipeTable {
  enum Alignment: String {
    case left, center, right
  }

  var header: [String]
  /// The alignment of every column; nil if the source does not set it.
  var alignments: [Alignment?]
  /// The cells of every row; a row has no more cells than there are columns, but may have fewer.
  var rows: [[String]]

  /// Reads the lines of a paragraph; nil if they are not a table.
  ///
  /// A page fills a row with empty cells if it is shorter than the header; a longer row is cut. If
  /// this would make the table many times larger than its source, it is refused, so that pages stay
  /// linear.
  init?(lines: [String]) {
    guard lines.count >= 2, let alignments = Self.alignments(lines[1]) else { return nil }
    header = Self.cells(lines[0])
    guard header.count == alignments.count else { return nil }
    self.alignments = alignments
    let columns = header.count
    rows = lines.dropFirst(2).map { Array(Self.cells($0).prefix(columns)) }
    let size = lines.reduce(0) { $0 + $1.utf8.count }
    guard rows.count.multipliedReportingOverflow(by: columns).partialValue <= 16 * size else {
      return nil
    }
  }

  /// The alignments if `line` is the row of dashes and colons below a header, else nil.
  static func alignments(_ line: String) -> [Alignment?]? {
    guard line.utf8.contains(UInt8(ascii: "|")),
      line.utf8.allSatisfy({ "|:- \t".utf8.contains($0) })
    else { return nil }
    var alignments: [Alignment?] = []
    for cell in cells(line) {
      let dashes = cell.utf8.drop { $0 == UInt8(ascii: ":") }
      let (left, right) = (cell.hasPrefix(":"), cell.hasSuffix(":"))
      let count = cell.utf8.count - (left ? 1 : 0) - (right ? 1 : 0)
      guard count >= 1, dashes.prefix(while: { $0 == UInt8(ascii: "-") }).count == count
      else { return nil }
      alignments.append(left && right ? .center : right ? .right : left ? .left : nil)
    }
    return alignments
  }

  /// Splits a row at its pipes; `\|` is a pipe inside a cell, even in code.
  static func cells(_ line: String) -> [String] {
    var cells: [[UInt8]] = [[]]
    let pipe = UInt8(ascii: "|")
    let backslash = UInt8(ascii: "\\")
    for byte in trimmed(Array(line.utf8)[...]) {
      if byte != pipe {
        cells[cells.count - 1].append(byte)
      } else if cells[cells.count - 1].last == backslash {
        cells[cells.count - 1][cells[cells.count - 1].count - 1] = pipe
      } else {
        cells.append([])
      }
    }
    // The pipes at both ends of a row are its frame and not separators.
    if cells.count > 1, cells[0].isEmpty { cells.removeFirst() }
    if cells.count > 1, cells[cells.count - 1].isEmpty { cells.removeLast() }
    return cells.map { String(decoding: trimmed($0[...]), as: UTF8.self) }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return bytes[first...last]
  }
}
