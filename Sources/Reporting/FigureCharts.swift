import Charts
import ReportModel

/// The charts of a report as SVG text, each drawn once for either box.
struct FigureCharts: Sendable {
  /// A chart inside a page, for a wide and for a narrow box.
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
      charts[figure.chartPath] = (
        Inline(
          wide: wide.svg(slug: slug, description: figure.chart.outline, form: .inline),
          narrow: figure.chart.drawn(.narrow).svg(
            slug: slug + "-narrow", description: figure.chart.outline, form: .inline)),
        wide.svg(slug: slug, description: figure.description, form: .file)
      )
    }
    self.charts = charts
  }

  func inline(_ figure: Figure) -> Inline? { charts[figure.chartPath]?.inline }
  func file(_ figure: Figure) -> String { charts[figure.chartPath]?.file ?? "" }
}

extension Figure {
  /// The id as a file's name: nothing in it can leave the folder.
  var fileName: String { ReadableText.identifier(id) }

  package var chartPath: String { "charts/\(fileName).svg" }
  package var dataPath: String { "data/\(fileName).csv" }
  /// The figure's place on the page.
  var anchor: String { "figure-" + fileName.lowercased() }

  /// The finding and how it was measured, for a picture that stands alone.
  var description: String { note.isEmpty ? caption : caption + " " + note }
}
