import Analyses
import Charts
import JSON
import ReportModel
import SiteRenderer
import Storage

/// `history.json`: the values of a report's key figures, with an entry for each change.
package struct History: Sendable, Codable, Equatable {
  package static let name = "history.json"
  /// The largest number of entries; older ones are dropped.
  package static let limit = 50

  package struct Entry: Sendable, Codable, Equatable {
    /// The date of the report, if it has one.
    package var date: String?
    package var verdict: String
    package var figures: [Figure]
  }

  package struct Figure: Sendable, Codable, Equatable {
    package var label: String
    package var value: String
    package var numbers: [Double]
  }

  package var entries: [Entry] = []

  package init() {}

  /// Whether the history has a change to show.
  var hasChanges: Bool { entries.count > 1 }

  /// Reads a `history.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(reading file: FileBytes) throws {
    self = try JSON.decode(History.self, from: file)
  }

  /// Adds an entry for `report` if its key figures differ from those of the last entry.
  package func adding(_ report: Report) -> History {
    guard let verdict = report.verdict else { return self }
    let entry = Entry(
      date: report.date, verdict: verdict.label.words,
      figures: verdict.keyFigures.map {
        // The values are rounded as in the file; otherwise an unchanged figure would seem changed.
        Figure(
          label: $0.label, value: $0.value,
          numbers: $0.numbers.map { SignificantDigits.text($0).flatMap(Double.init) ?? 0 })
      })
    if let last = entries.last, last.verdict == entry.verdict, last.figures == entry.figures {
      return self
    }
    var history = self
    history.entries = Array((entries + [entry]).suffix(Self.limit))
    return history
  }

  /// The text of the file.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a number that is not finite.
  package var text: String {
    get throws { try JSON(encoding: self, file: Self.name).text }
  }

  /// A small inline chart of the first number of the figure `label` over time; nil if fewer than
  /// two entries have it, or if it never changed.
  func sparkline(of label: String, slug: String) -> String? {
    let found = entries.compactMap { entry in entry.figures.first { $0.label == label } }
    let values = found.compactMap(\.numbers.first)
    guard values.count > 1, Set(values).count > 1, let first = found.first, let last = found.last
    else { return nil }
    return Chart.spark(Sparkline(title: "\(label), so far", values: values.map { $0 })).svg(
      slug: slug,
      description:
        "\(label) in \(values.count) publications, from \(first.value) to \(last.value).",
      form: .inline)
  }
}
