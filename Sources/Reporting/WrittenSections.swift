import Charts
import ReportModel
import SiteRenderer

/// The sections of a page that is no report, written as HTML.
package struct WrittenSections: Sendable {
  package let body: String
  package let contents: [ReportPage.Heading]
  private let figures: [Figure]
  private let drawn: FigureCharts
  private let leavesCharts: Bool

  /// - Parameters:
  ///   - folder: where the figures' files are, relative to the page: nothing, or `../`
  ///   - leavesCharts: whether the page loads the charts from their files
  package init(_ sections: [Section], folder: String, leavesCharts: Bool = false) {
    figures = sections.flatMap(\.figures)
    drawn = FigureCharts(figures)
    self.leavesCharts = leavesCharts
    let written = HTMLWriter.write(
      sections, charts: drawn, folder: folder, leavesCharts: leavesCharts)
    body = written.body
    contents = written.contents
  }

  /// The files of the charts, those for a phone too if the page loads them.
  package var charts: [(path: String, text: String)] {
    figures.map { ($0.chartPath, drawn.file($0)) }
      + (leavesCharts ? figures.map { ($0.narrowChartPath, drawn.narrowFile($0)) } : [])
  }
}
