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
  case strip(StripChart)
  case claim(ClaimCard)
  case scatter(ScatterChart)

  /// Where the SVG text is to stand.
  package enum Form: Sendable {
    /// Inside an HTML page, whose style sheet includes `ChartStyle.css`.
    case inline
    /// In a file of its own, which carries its style sheet.
    case file
  }

  /// The box that a chart is drawn for.
  package enum Box: Double, Sendable {
    /// A page's column on a desktop, a file, paper.
    case wide = 720
    /// A phone: labels stand above their marks, numbers beside the labels.
    case narrow = 340
  }

  /// What the chart shows, in a few words.
  package var title: String { specification.title }

  /// Whether lines are thinned to two points a pixel column, which the caption must say.
  package var isThinned: Bool { drawing(.wide).isThinned }

  /// The most bytes a chart may take (site.md).
  package static let budget = 60_000

  /// The chart as SVG text: the same bytes for the same arguments, without blank lines.
  ///
  /// `slug` prefixes every id. `title` is the chart's own when absent; `description` is the finding.
  package func svg(
    slug: String, title: String? = nil, description: String, form: Form, box: Box = .wide
  ) -> String {
    drawn(box).svg(slug: slug, title: title, description: description, form: form)
  }

  /// The chart drawn once, for several texts of it.
  package func drawn(_ box: Box) -> Drawn { Drawn(drawing: drawing(box), title: title) }

  /// A chart that has been drawn for a box.
  package struct Drawn: Sendable {
    let drawing: Drawing
    let title: String
  }

  /// The marks, with less detail where more would pass the budget. Data that pass it even so give
  /// a longer text, which the build reports.
  private func drawing(_ box: Box) -> Drawing {
    // The style sheet and the words take the rest. A phone has no pointer to show a tooltip to.
    let room = Self.budget - 8_000
    let levels = box == .wide ? Drawing.Detail.levels[...] : Drawing.Detail.levels[1...]
    var drawing = Drawing(detail: .levels[0], width: box.rawValue)
    for detail in levels {
      drawing = Drawing(detail: detail, width: box.rawValue)
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
    case .strip(let chart): chart
    case .claim(let chart): chart
    case .scatter(let chart): chart
    }
  }
}

extension Chart.Drawn {
  /// As `Chart.svg`.
  package func svg(
    slug: String, title: String? = nil, description: String, form: Chart.Form
  ) -> String {
    let slug = ReadableText.identifier(slug)
    let width = NumberText.coordinate(drawing.width)
    let height = NumberText.coordinate(drawing.height)
    let namespace = form == .file ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
    let style = form == .file ? "<style>\n\(ChartStyle.css)\n</style>\n" : ""
    let ground = Paint.ground
    return """
      <svg\(namespace) class="chart" viewBox="0 0 \(width) \(height)" width="\(width)" \
      height="\(height)" font-family="\(ChartStyle.sans)" font-size="13" role="img" \
      aria-labelledby="\(slug)-title \(slug)-desc">
      <title id="\(slug)-title">\(ReadableText.xml(title ?? self.title))</title>
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
