/// A chart as a value. It says what is shown, not how; the SVG text is made when a report is
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

  /// The place of the SVG text.
  package enum Form: Sendable {
    /// Inside an HTML page, whose style sheet includes `ChartStyle.css`.
    case inline
    /// In a file of its own, which includes the style sheet.
    case file
  }

  /// The width that a chart is drawn for, in pixels.
  package enum Box: Double, Sendable {
    /// The column of a page on a desktop, a file, or paper.
    case wide = 720
    /// A phone; labels are above their marks, and numbers beside the labels.
    case narrow = 340
  }

  /// The subject of the chart in a few words.
  package var title: String { specification.title }

  /// Whether lines are thinned to two points per pixel column; the caption must then say so.
  package var isThinned: Bool { drawing(.wide).isThinned }

  /// The size that a chart's SVG should not exceed, in bytes, so that a page with many stays small.
  package static let budget = 60_000

  /// The chart as SVG text without blank lines; equal arguments give equal bytes.
  ///
  /// `slug` is a prefix for all ids. `title` replaces the chart's own title; `description` is the
  /// finding.
  package func svg(
    slug: String, title: String? = nil, description: String, form: Form, box: Box = .wide
  ) -> String {
    drawn(box).svg(slug: slug, title: title, description: description, form: form)
  }

  /// The chart, drawn once so that several SVG texts can be made from it.
  package func drawn(_ box: Box) -> Drawn { Drawn(drawing: drawing(box), title: title) }

  /// A chart that has been drawn for a box.
  package struct Drawn: Sendable {
    let drawing: Drawing
    let title: String
  }

  /// Draws the marks, with less detail if they would exceed the budget. If even the least detail
  /// exceeds it, the text is longer than the budget, and the build reports that.
  private func drawing(_ box: Box) -> Drawing {
    // The rest is for the style sheet and words. A phone cannot show tooltips, so they are left
    // out.
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
  /// The chart as SVG text, see `Chart.svg`.
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

/// A chart specification that can draw itself.
protocol Drawable {
  var title: String { get }
  /// Draws the marks and sets the height of the drawing.
  func draw(on drawing: inout Drawing)
}
