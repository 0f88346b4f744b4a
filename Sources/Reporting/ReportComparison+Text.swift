import Charts
import Corpora
import JSON
import ReportModel

extension ReportComparison {
  /// The largest number of rows in a table of numbers; `--format json` has all.
  private static let mostNumbers = 40

  /// The comparison as a Markdown document.
  package var markdown: String {
    let body = sections.flatMap { section -> [String] in
      ["## \(Markdown.text(section.title))"]
        + section.blocks.flatMap { block -> [String] in
          switch block {
          case .prose(let text): [text]
          case .table(let table): [MarkdownWriter.table(table)]
          default: []
          }
        }
    }
    return (["# \(Markdown.text(title))", Markdown.text(summary)] + body).joined(separator: "\n\n")
      + "\n"
  }

  /// Settings first, then the key figures, the expectations, and the numbers that changed.
  var sections: [Section] {
    [
      section("settings", "What was changed", settings.isEmpty ? nil : settingsTable),
      section("key-figures", "Key figures", keyFigures.isEmpty ? nil : keyFigureTable),
      section("expectations", "Expectations", expectations.isEmpty ? nil : expectationTable),
    ].compactMap(\.self) + further + [movedSection].compactMap(\.self)
  }

  private func section(_ id: String, _ title: String, _ table: DataTable?) -> Section? {
    table.map { Section(id: id, title: title, blocks: [.table($0)]) }
  }

  private var movedSection: Section? {
    guard !changes.isEmpty else { return nil }
    let shown = Array(moved.prefix(Self.mostNumbers))
    let rest = changes.count - shown.count
    let words =
      "Numbers are ordered by how far they moved beside their interval or their size; names of "
      + "neurons, layers and tokens, and ranks, are compared, never subtracted."
      + (rest > 0 ? " \(rest.grouped) more differ; `--format json` has all." : "")
    return Section(
      id: "numbers", title: "Numbers that moved",
      blocks: [.prose(words), .table(Self.table(shown))])
  }

  package var settingsTable: DataTable {
    DataTable(
      title: "What was changed", header: ["Setting", "Base", "Head"],
      rows: settings.map { [.text($0.name), .text($0.base ?? "–"), .text($0.head ?? "–")] })
  }

  package var keyFigureTable: DataTable {
    DataTable(
      title: "Key figures", header: ["", "Base", "Head", "Change", "Meaning"],
      rows: keyFigures.map { figure in
        [
          .text(figure.label), .text(figure.base ?? "–"), .text(figure.head ?? "–"),
          .text(figure.change ?? "–"), .text(figure.meaning),
        ]
      })
  }

  private var expectationTable: DataTable {
    DataTable(
      title: "Expectations", header: ["Result", "Figure", "Expected", "Base", "Head"],
      rows: (expectations.filter { !$0.holds } + expectations.filter(\.holds)).map { expected in
        [
          expected.holds ? .text("pass") : .strong("fail"), .code(expected.figure),
          .text(expected.expected), .text(expected.base), .text(expected.head),
        ]
      })
  }

  static func table(_ changes: [Change]) -> DataTable {
    func digits(_ value: Double?) -> String {
      value.flatMap { SignificantDigits.text($0, 6) }?.replacing("-", with: "−") ?? "–"
    }
    return DataTable(
      title: "Numbers that moved", header: ["Figure", "Base", "Head", "Change"],
      rows: changes.map { change in
        [
          .code(change.figure), .text(digits(change.base)), .text(digits(change.head)),
          .text(
            change.difference.map(signed) ?? (change.isIdentity ? "another one" : "–")),
        ]
      })
  }

  /// The complete comparison, for `compare --format json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package var json: String {
    get throws {
      try JSON(
        encoding: Document(
          base: baseName, summary: summary, holds: holds, settings: settings,
          keyFigures: keyFigures,
          expectations: expectations, changes: changes), file: "the comparison"
      ).text
    }
  }

  private struct Document: Encodable {
    let format = 1
    let base: String
    let summary: String
    let holds: Bool
    let settings: [Fact]
    let keyFigures: [KeyFigureChange]
    let expectations: [Expected]
    let changes: [Change]

    enum CodingKeys: String, CodingKey {
      case format, base, summary, holds, settings, expectations, changes
      case keyFigures = "key_figures"
    }
  }
}
