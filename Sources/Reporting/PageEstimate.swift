import Analyses
import StudyFile

/// An estimate of the size of a study's page, made before the model runs.
package struct PageEstimate: Equatable {
  package let figures: Int
  package let bytes: Int

  /// The bytes of a figure, by the beginning of its id, measured on the demo's page: both drawings
  /// of the chart, the caption and the first rows of the data.
  private static let kinds: [(prefix: String, bytes: Int)] = [
    ("prompt-", 20_000), ("logit-attribution-", 17_500), ("activation-", 9_000),
    ("positions-", 33_000), ("position-response-", 40_000), ("examples-", 41_000),
    ("set-examples-", 20_000),
  ]
  private static let other = 16_000
  /// The bytes that belong to no figure: words, table of contents and tables.
  private static let frame = 72_000

  /// - Parameter notes: the text of the author's notes.
  package init(_ study: StudyFile, notes: String? = nil) {
    let ids = FigureCatalogue(study, layers: nil).figures
    figures = ids.count
    bytes = ids.reduce(Self.frame + (notes?.utf8.count ?? 0)) { sum, id in
      sum + (Self.kinds.first { id.hasPrefix($0.prefix) }?.bytes ?? Self.other)
    }
  }

  /// Whether the page will leave some of its content to files.
  package var passesBudget: Bool { bytes > Budget.page.bytes }

  /// The estimate in words: `about 51 figures, 1.2 MB of at most 1.5 MB`.
  package var words: String {
    func megabytes(_ bytes: Int) -> String {
      let tenths = (bytes + 50_000) / 100_000
      return "\(tenths / 10).\(tenths % 10) MB"
    }
    let size = "about \(figures.of("figure")), \(megabytes(bytes))"
    let most = megabytes(Budget.page.bytes)
    return passesBudget
      ? "\(size); above \(most) the page shows its last charts as files, and leaves tables to CSV"
      : "\(size) of at most \(most)"
  }
}
