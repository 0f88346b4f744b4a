/// A chart as a value: what is to be shown, not how. It becomes SVG text only when a report is
/// written.
package enum Chart: Sendable, Equatable {
  case line(LineChart)
  case histogram(HistogramChart)
  case bars(BarChart)
  case intervals(IntervalChart)
  case heatMap(HeatMap)
  case tokens(TokenStrip)
  case spark(Sparkline)

  /// Where the SVG text is to stand.
  package enum Form: Sendable {
    /// Inside an HTML page, whose style sheet includes `ChartStyle.css`.
    case inline
    /// In a file of its own, which carries its style sheet.
    case file
  }

  /// What the chart shows, in a few words.
  package var title: String { specification.title }

  /// Whether lines are thinned to two points a pixel column, which the caption must say.
  package var isThinned: Bool { drawing.isThinned }

  /// The most bytes a chart may take (site.md).
  package static let budget = 60_000

  /// The chart as SVG text: the same bytes for the same arguments, without blank lines.
  ///
  /// `slug` prefixes every id. `title` is the chart's own when absent; `description` is the finding.
  package func svg(
    slug: String, title: String? = nil, description: String, form: Form
  ) -> String {
    document(
      drawing, ReadableText.identifier(slug), title ?? self.title, description, form)
  }

  /// The marks, with less detail where more would pass the budget. Data that pass it even so give
  /// a longer text, which the build reports.
  private var drawing: Drawing {
    // The style sheet and the words take the rest.
    let room = Self.budget - 8_000
    var drawing = Drawing(detail: .levels[0])
    for detail in Drawing.Detail.levels {
      drawing = Drawing(detail: detail)
      specification.draw(on: &drawing)
      if drawing.marks.utf8.count <= room { break }
    }
    return drawing
  }

  private var specification: any Drawable {
    switch self {
    case .line(let chart): chart
    case .histogram(let chart): chart
    case .bars(let chart): chart
    case .intervals(let chart): chart
    case .heatMap(let chart): chart
    case .tokens(let chart): chart
    case .spark(let chart): chart
    }
  }

  private func document(
    _ drawing: Drawing, _ slug: String, _ title: String, _ description: String, _ form: Form
  ) -> String {
    let width = NumberText.coordinate(drawing.width)
    let height = NumberText.coordinate(drawing.height)
    let namespace = form == .file ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
    let style = form == .file ? "<style>\n\(ChartStyle.css)\n</style>\n" : ""
    let ground = Paint.ground
    return """
      <svg\(namespace) class="chart" viewBox="0 0 \(width) \(height)" width="\(width)" \
      height="\(height)" font-family="\(ChartStyle.sans)" font-size="13" role="img" \
      aria-labelledby="\(slug)-title \(slug)-desc">
      <title id="\(slug)-title">\(ReadableText.xml(title))</title>
      <desc id="\(slug)-desc">\(ReadableText.xml(description))</desc>
      \(style)<rect class="f-\(ground.name)" width="\(width)" height="\(height)" \
      fill="\(ground.light)"/>
      \(drawing.marks)</svg>

      """
  }
}

/// A chart specification that can put itself on paper.
protocol Drawable {
  var title: String { get }
  /// Draws the marks and settles the drawing's height.
  func draw(on drawing: inout Drawing)
}
