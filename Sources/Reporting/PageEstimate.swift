import Analyses
import StudyFile

/// About how large a study's page will be, known before the model runs.
package struct PageEstimate: Equatable {
  package let figures: Int
  package let bytes: Int

  /// Bytes of a figure of these ids, and of any other, as the demo's page has them; both drawings
  /// of its chart, its caption and the first rows of its data.
  private static let kinds: [(prefix: String, bytes: Int)] = [
    ("prompt-", 20_000), ("logit-attribution-", 17_500), ("activation-", 9_000),
    ("positions-", 33_000), ("position-response-", 40_000), ("examples-", 41_000),
  ]
  private static let other = 16_000
  /// Words, the list of contents and tables that belong to no figure.
  private static let frame = 72_000

  /// - Parameter notes: the text of the author's notes.
  package init(_ study: StudyFile, notes: String? = nil) {
    let ids = FigureCatalogue(study, layers: nil).figures
    figures = ids.count
    bytes = ids.reduce(Self.frame + (notes?.utf8.count ?? 0)) { sum, id in
      sum + (Self.kinds.first { id.hasPrefix($0.prefix) }?.bytes ?? Self.other)
    }
  }

  /// Whether the page will leave a part to the files beside it.
  package var passesBudget: Bool { bytes > Budget.page.bytes }

  /// `about 51 figures, 1.2 MB of at most 1.5 MB`
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
