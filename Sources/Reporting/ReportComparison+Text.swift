import Charts
import Corpora
import JSON
import ReportModel

extension ReportComparison {
  /// Tables of one kind of change.
  struct Part {
    let title: String
    let markdown: String
  }

  /// A document of its own.
  package var markdown: String {
    "# \(Markdown.text(title))\n\n\(Markdown.text(summary))\n\n\(body)"
  }

  /// The same below a title and a summary that a page gives.
  var body: String {
    var parts: [String] = []
    if !keyFigures.isEmpty { parts += ["## Key figures", keyFigureTable] }
    if !expectations.isEmpty { parts += ["## Expectations", expectationTable] }
    for section in sections { parts += ["## \(Markdown.text(section.title))", section.markdown] }
    return parts.isEmpty ? "" : parts.joined(separator: "\n\n") + "\n"
  }

  var keyFigureTable: String {
    ReportMarkdown.table(
      header: ["Key figure", "Base", "Head", "Difference", "95 % interval of the head"],
      isNumeric: [false, true, true, true, true],
      rows: keyFigures.map { figure in
        [
          Markdown.text(figure.label), Self.text(figure.base), Self.text(figure.head),
          Self.text(figure.difference), Self.text(figure.interval),
        ]
      })
  }

  /// What differs beyond the key figures and the expectations: what was studied, then the numbers,
  /// analysis by analysis.
  var sections: [Part] {
    var parts: [Part] = []
    if !studied.isEmpty {
      let table = ReportMarkdown.table(
        header: ["Studied", "Base", "Head"],
        rows: studied.map { [Markdown.text($0.name), Self.text($0.base), Self.text($0.head)] })
      parts.append(Part(title: "What was studied", markdown: table))
    }
    var analyses: [String] = []
    let groups = Dictionary(grouping: changes) { change in
      String(change.figure.prefix { $0 != "." })
    }
    for change in changes {
      let name = String(change.figure.prefix { $0 != "." })
      if analyses.last != name, !analyses.contains(name) { analyses.append(name) }
    }
    for name in analyses {
      let changes = groups[name] ?? []
      parts.append(
        Part(title: "\(changes.count.of("number")) of \(name)", markdown: Self.table(changes)))
    }
    return parts
  }

  /// `compare --format json`: everything, unshortened.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package var json: String {
    get throws {
      try JSON(
        encoding: Document(
          base: baseName, summary: summary, holds: holds, keyFigures: keyFigures,
          expectations: expectations,
          studied: studied, changes: changes), file: "the comparison"
      ).text
    }
  }

  private struct Document: Encodable {
    let base: String
    let summary: String
    let holds: Bool
    let keyFigures: [KeyFigure]
    let expectations: [Expected]
    let studied: [Fact]
    let changes: [Change]

    enum CodingKeys: String, CodingKey {
      case base, summary, holds, expectations, studied, changes
      case keyFigures = "key_figures"
    }
  }

  private var expectationTable: String {
    ReportMarkdown.table(
      header: ["Figure", "Expected", "Base", "Head", "Result"],
      rows: expectations.map { expected in
        [
          Markdown.code(expected.figure), Markdown.text(expected.expected),
          Markdown.text(expected.base), Markdown.text(expected.head),
          expected.holds ? "pass" : "**fail**",
        ]
      })
  }

  private static func table(_ changes: [Change]) -> String {
    func digits(_ value: Double?) -> String {
      value.flatMap { SignificantDigits.text($0, 7) } ?? "–"
    }
    let table = ReportMarkdown.table(
      header: ["Figure", "Base", "Head", "Difference"], isNumeric: [false, true, true, true],
      rows: changes.prefix(ReportMarkdown.rowLimit).map { change in
        [
          Markdown.code(change.figure), digits(change.base), digits(change.head),
          change.difference.map(signed) ?? "–",
        ]
      })
    if changes.count <= ReportMarkdown.rowLimit { return table }
    return table + "\n\n"
      + "The first \(ReportMarkdown.rowLimit) of \(changes.count.grouped); `--format json` has all."
  }

  private static func text(_ words: String?) -> String { words.map { Markdown.text($0) } ?? "–" }
}
