/// Points with two numbers, such as each report's detection score and the effect of its ablation.
package struct ScatterChart: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double
    package var label: String
    /// The group, which determines colour and marker.
    package var group: Int

    package init(x: Double, y: Double, label: String, group: Int) {
      self.x = x
      self.y = y
      self.label = label
      self.group = group
    }
  }

  package var title: String
  package var x: Axis
  package var y: Axis
  package var groups: [String]
  package var points: [Point]

  package init(title: String, x: Axis, y: Axis, groups: [String], points: [Point]) {
    self.title = title
    self.x = x
    self.y = y
    self.groups = groups
    self.points = points
  }
}

extension ScatterChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let legend = Legend(
      groups.enumerated().map { (.dot(SeriesStyle(index: $0.offset)), $0.element) },
      width: drawing.width - 16)
    let top = legend.height + 34
    let bottom = top + 200
    let y = Scale(y, values: points.map(\.y), about: 4).over(bottom, top)
    let x = Scale.level(
      x, values: points.map(\.x), y.labelWidth + 16, drawing.width - 16, width: drawing.width)
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: bottom)
    drawing.height = bottom + 50
    legend.draw(8, 6, on: &drawing)
    plot.drawVertical(y, caption: self.y.caption, captionAt: top - 16, on: &drawing)
    plot.drawZero(y, isVertical: false, on: &drawing)
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
    for point in points.prefix(drawing.detail.limit) {
      guard let place = x.position(point.x), let height = y.position(point.y) else { continue }
      drawing.dot(
        place, height, SeriesStyle(index: point.group),
        tooltip:
          "\(point.label): \(self.x.label) \(NumberText.significant(point.x)), "
          + "\(self.y.label) \(NumberText.significant(point.y))")
    }
  }
}

/// A number with its interval as a mark in a row of text; all marks of a column share an axis.
package enum InlineMark {
  /// The mark as SVG for a page, hidden from screen readers because the number is beside it.
  /// `domain` is the same for all rows of a column.
  package static func svg(_ estimate: IntervalChart.Estimate, over domain: ClosedRange<Double>)
    -> String
  {
    let (width, height) = (84.0, 16.0)
    var drawing = Drawing(detail: .init(hasTooltips: false), width: width)
    let x = Scale(between: domain.lowerBound, and: max(domain.upperBound, domain.lowerBound + 1e-9))
      .over(5, width - 5)
    if domain.contains(0), let zero = x.position(0) {
      drawing.line(zero, 1, zero, height - 1, .init(paint: .axis))
    }
    drawing.path(
      .whiskers([estimate], x, at: { _ in height / 2 }, cap: 0),
      stroke: .init(paint: Paint.series[0], width: 2))
    if let place = x.position(estimate.value) {
      var marker = PathData()
      marker.marker(0, place, height / 2, radius: 3.5)
      drawing.path(marker, fill: Paint.series[0])
    }
    return "<svg class=\"chart mark\" viewBox=\"0 0 84 16\" width=\"84\" height=\"16\" "
      + "aria-hidden=\"true\">\(drawing.marks.replacing("\n", with: ""))</svg>"
  }
}
