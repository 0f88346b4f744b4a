/// A line small enough for a row of text: it has no axes, and its last value is marked.
package struct Sparkline: Sendable, Equatable {
  package var title: String
  /// The values at equal distances; nil is a gap.
  package var values: [Double?]

  package init(title: String, values: [Double?]) {
    self.title = title
    self.values = values
  }
}

extension Sparkline: Drawable {
  func draw(on drawing: inout Drawing) {
    drawing.width = 140
    drawing.height = 32
    let finite = values.compactMap(\.self).filter(\.isFinite).map { min(max($0, -1e300), 1e300) }
    let low = finite.min() ?? 0
    let high = finite.max() ?? 0
    let margin = low < high ? 0 : max(1, low.magnitude)
    let y = Scale(between: low - margin, and: high + margin).over(26, 6)
    let x = Scale(between: 0, and: Double(max(values.count - 1, 1))).over(6, 134)
    let points = values.enumerated().map { LineChart.Point(x: Double($0.offset), y: $0.element) }
    let full = Trace(points, x, y)
    let style = SeriesStyle(index: 0)
    var stroke = style.stroke(width: 1.5)
    stroke.hasRoundEnds = true
    drawing.path(full.thinned(columnWidth: 1).path, stroke: stroke)
    guard let last = full.points.last, let value = finite.last else { return }
    var marker = PathData()
    marker.marker(0, last.x, last.y, radius: 3.5)
    drawing.path(marker, fill: style.paint, tooltip: NumberText.significant(value))
  }
}
