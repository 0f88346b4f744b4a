import Analyses
import Charts
import JSON
import ReportModel
import SiteRenderer
import Storage

/// `history.json`: what a report's key figures were each time that they changed.
package struct History: Sendable, Codable, Equatable {
  package static let name = "history.json"
  /// Older entries are dropped.
  package static let limit = 50

  package struct Entry: Sendable, Codable, Equatable {
    /// The report's date, where it has one.
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

  /// Whether a page shows anything of it.
  var hasChanges: Bool { entries.count > 1 }

  /// Reads a file.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(reading file: FileBytes) throws {
    self = try JSON.decode(History.self, from: file)
  }

  /// With an entry for `report`, where its key figures are not those of the last one.
  package func adding(_ report: Report) -> History {
    guard let verdict = report.verdict else { return self }
    let entry = Entry(
      date: report.date, verdict: verdict.label.words,
      figures: verdict.keyFigures.map {
        // As the file will hold them: an unchanged figure must be found so.
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

  /// How the first number of the figure `label` went, as a small inline chart; nil with less than
  /// two entries that have it, or where it never changed.
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
