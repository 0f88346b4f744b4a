import Charts
import ReportModel
import SiteRenderer

/// The sections of a page that is no report, written as HTML.
package struct WrittenSections: Sendable {
  package let body: String
  package let contents: [ReportPage.Heading]
  /// The files of the figures: the charts and their data.
  package let charts: [(path: String, text: String)]

  /// - Parameters:
  ///   - folder: where the figures' files are, relative to the page: nothing, or `../`
  ///   - leavesCharts: whether the page loads the charts from their files
  package init(_ sections: [Section], folder: String, leavesCharts: Bool = false) {
    let figures = sections.flatMap(\.figures)
    let drawn = FigureCharts(figures)
    let written = HTMLWriter.write(
      sections, charts: drawn, folder: folder, leavesCharts: leavesCharts)
    body = written.body
    contents = written.contents
    charts =
      figures.map { ($0.chartPath, drawn.file($0)) }
      + (leavesCharts
        ? figures.map { ($0.narrowChartPath, FigureCharts.narrowFile($0)) } : [])
  }
}
