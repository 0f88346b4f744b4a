/// The look of the n-th series: a colour, plus a dash and a marker for readers who cannot tell
/// colours.
struct SeriesStyle {
  let index: Int

  private static let dashes: [String?] = [nil, "7 4", "2 3", "10 4 2 4", "14 5", "4 2", "1 5"]

  var paint: Paint { Paint.series[index % Paint.series.count] }
  var dash: String? {
    Self.dashes[(index + index / Paint.series.count) % Self.dashes.count]
  }
  var marker: Int { index + index / 4 }
  /// Whether marks are drawn as outlines, which distinguishes neighbours without colour.
  var isHollow: Bool { index % 2 == 1 }
  func stroke(width: Double = 2) -> Drawing.Stroke {
    Drawing.Stroke(paint: paint, width: width, dash: dash)
  }
}

extension Drawing {
  /// Draws a bar in the style of a series.
  mutating func bar(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: SeriesStyle,
    tooltip: String? = nil
  ) {
    guard style.isHollow else {
      return rectangle(x, y, width, height, fill: style.paint, tooltip: tooltip)
    }
    var path = PathData()
    path.rectangle(x + 0.75, y + 0.75, max(width - 1.5, 0), height - 1.5)
    self.path(
      path, fill: style.paint, opacity: 0.25, stroke: .init(paint: style.paint, width: 1.5),
      tooltip: tooltip)
  }

  /// Draws a marker in the style of a series.
  mutating func dot(
    _ x: Double, _ y: Double, _ style: SeriesStyle, tooltip: String? = nil, isStudied: Bool = false
  ) {
    var path = PathData()
    path.marker(style.marker, x, y, radius: 5)
    self.path(
      path, fill: style.isHollow ? .ground : style.paint,
      stroke: .init(paint: style.paint, width: 2), tooltip: tooltip, isStudied: isStudied)
  }
}
