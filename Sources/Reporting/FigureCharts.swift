import Charts
import ReportModel

/// The charts of a report as SVG text; each is drawn once for the wide and once for the narrow box.
struct FigureCharts: Sendable {
  /// An inlined chart, drawn for the wide and for the narrow box.
  struct Inline: Sendable {
    let wide: String
    let narrow: String
  }

  private let charts: [String: (inline: Inline, file: String)]

  init(_ figures: [Figure]) {
    var charts: [String: (inline: Inline, file: String)] = [:]
    for figure in figures where charts[figure.chartPath] == nil {
      let slug = "figure-" + figure.fileName
      let wide = figure.chart.drawn(.wide)
      let file = wide.svg(slug: slug, description: figure.description, form: .file)
      guard file.utf8.count <= Budget.chart.bytes else {
        let inline = Self.standIn(figure, slug: slug, attributes: "")
        charts[figure.chartPath] = (
          Inline(wide: inline, narrow: inline.replacing(slug, with: slug + "-narrow")),
          Self.standIn(figure, slug: slug, attributes: " xmlns=\"http://www.w3.org/2000/svg\"")
        )
        continue
      }
      charts[figure.chartPath] = (
        Inline(
          wide: wide.svg(slug: slug, description: figure.chart.outline, form: .inline),
          narrow: figure.chart.drawn(.narrow).svg(
            slug: slug + "-narrow", description: figure.chart.outline, form: .inline)),
        file
      )
    }
    self.charts = charts
  }

  /// The SVG in place of a chart that exceeds its budget; it names the file with the data.
  private static func standIn(_ figure: Figure, slug: String, attributes: String) -> String {
    """
    <svg\(attributes) class="chart" viewBox="0 0 720 60" width="720" height="60" role="img" \
    font-family="sans-serif" font-size="13" aria-labelledby="\(slug)-title">
    <title id="\(slug)-title">A chart with too many marks to show</title>
    <rect width="720" height="60" fill="#ffffff"/>
    <text x="12" y="35" fill="#333333">This chart has too many marks to show; its data stand in \
    \(ReadableText.xml(String(figure.dataPath.prefix(80)))).</text>
    </svg>

    """
  }

  func inline(_ figure: Figure) -> Inline? { charts[figure.chartPath]?.inline }
  func file(_ figure: Figure) -> String { charts[figure.chartPath]?.file ?? "" }

  /// The chart's file for a phone; the chart's own if this one exceeds the budget.
  func narrowFile(_ figure: Figure) -> String {
    let file = figure.chart.drawn(.narrow).svg(
      slug: "figure-" + figure.fileName, description: figure.description, form: .file)
    return file.utf8.count <= Budget.chart.bytes ? file : self.file(figure)
  }
}

extension Figure {
  /// The id as a file name that cannot leave its folder.
  var fileName: String { ReadableText.identifier(id) }

  package var chartPath: String { "charts/\(fileName).svg" }
  /// The chart for a phone, where the page loads its charts from files.
  var narrowChartPath: String { "charts/\(fileName)-narrow.svg" }
  package var dataPath: String { "data/\(fileName).csv" }
  /// The anchor of the figure on the page.
  var anchor: String { "figure-" + fileName.lowercased() }

  /// The finding and how it was measured, as the description of a picture without a caption.
  var description: String { note.isEmpty ? caption : caption + " " + note }
}
