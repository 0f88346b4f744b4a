import Charts
import Diagnostics
import Storage

/// The largest size of a file of a report in bytes, so that it opens at once and a forge displays
/// it.
struct Budget {
  let bytes: Int

  static let chart = Budget(bytes: Chart.budget)
  static let page = Budget(bytes: 1_500_000)
  static let summary = Budget(bytes: 12_000)
  /// The limit of the unfolded part of a summary.
  static let openSummary = Budget(bytes: 4_000)
  static let singleFile = Budget(bytes: 3_000_000)

  /// Checks the charts and the summary of `report`, which are among `files`.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` that names the figure or the file.
  static func check(_ files: [TextFile], of report: Report) throws {
    let figures = Dictionary(report.figures.map { ($0.chartPath, $0.id) }) { first, _ in first }
    for file in files {
      if let figure = figures[file.path] {
        try chart.check(
          file.text, file: file.path, of: report, field: "figure \(figure)",
          advice: "Show fewer points, rows or tokens in it.")
      } else if file.path == PullRequestSummary.name {
        try summary.check(file.text, file: file.path, of: report)
      }
    }
  }

  /// - Throws: `Diagnostic` of kind `.resources` that names `file` and the largest figure in it.
  func check(
    _ text: String, file: String, of report: Report, charts: FigureCharts = FigureCharts([])
  ) throws {
    guard text.utf8.count > bytes else { return }
    let sizes = report.figures.map { figure in
      (figure, charts.inline(figure).map { $0.wide.utf8.count + $0.narrow.utf8.count } ?? 0)
    }
    let largest = sizes.max { $0.1 < $1.1 }.map { figure, size in
      "The largest of its \(sizes.count.of("figure")) is \(figure.id) with \(size.grouped) bytes. "
    }
    try check(
      text, file: file, of: report,
      advice: (largest ?? "") + "Give the study fewer corpora, prompts or words.")
  }

  private func check(
    _ text: String, file: String, of report: Report, field: String = "", advice: String
  ) throws {
    guard text.utf8.count > bytes else { return }
    throw Diagnostic(
      .resources, file: "\(report.slug)/\(file)", field: field,
      expected: "at most \(bytes.grouped) bytes", found: text.utf8.count.grouped,
      advice: advice + " Nothing was published.")
  }
}
