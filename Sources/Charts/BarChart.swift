/// Signed values by name, as horizontal bars or as dots, for one or several groups.
package struct BarChart: Sendable, Equatable {
  package enum Mark: Sendable { case bar, dot }

  /// A named column of values and how they are drawn.
  package struct Group: Sendable, Equatable {
    package var name: String
    package var mark: Mark

    package init(_ name: String, mark: Mark = .bar) {
      self.name = name
      self.mark = mark
    }
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    /// One for each group; missing ones are left out.
    package var values: [IntervalChart.Estimate?]

    package init(_ label: String, values: [IntervalChart.Estimate?]) {
      self.label = label
      self.values = values
    }

    package init(_ label: String, _ values: Double?...) {
      self.init(label, values: values.map { $0.map { IntervalChart.Estimate($0) } })
    }
  }

  package var title: String
  package var x: Axis
  package var groups: [Group]
  package var rows: [Row]
  /// Whether labels are tokens: set in a fixed pitch, with their spaces shown.
  package var labelsAreTokens: Bool

  package init(
    title: String, x: Axis, groups: [Group] = [Group("")], rows: [Row],
    labelsAreTokens: Bool = false
  ) {
    self.title = title
    self.x = x
    self.groups = groups
    self.rows = rows
    self.labelsAreTokens = labelsAreTokens
  }
}

extension BarChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let legend = Legend(
      groups.enumerated().map { index, group in
        let style = SeriesStyle(index: index)
        return (
          group.mark == .bar ? .bar(style) : .marker(style, isHollow: index % 2 == 1), group.name
        )
      }, width: drawing.width - 16)
    let labels = RowLabels(rows.map(\.label), limit: 210, areTokens: labelsAreTokens)
    let rowHeight = max(Double(barCount) * 18 + 8, 26)
    let top = legend.height + 10
    let bottom = top + rowHeight * Double(rows.count)
    let numbers = barCount == 0 ? 0 : widestNumber + 8
    let isNegative = estimates.contains { $0.value < 0 }
    let x = Scale.level(
      axis, values: estimates.flatMap { [$0.value, $0.low, $0.high] }.compactMap(\.self),
      labels.width + 20 + (isNegative ? numbers : 0), drawing.width - 16 - numbers,
      width: drawing.width)
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: bottom)
    drawing.height = bottom + 50

    legend.draw(8, 6, on: &drawing)
    plot.drawGrid(x, on: &drawing)
    for (index, row) in rows.enumerated() {
      let y = top + rowHeight * (Double(index) + 0.5)
      labels.draw(index, right: plot.left - 12 - (isNegative ? numbers : 0), y, on: &drawing)
      draw(row, y, x, on: &drawing)
    }
    plot.drawZero(x, isVertical: true, on: &drawing)
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
  }

  private var barCount: Int { groups.count { $0.mark == .bar } }

  private var estimates: [IntervalChart.Estimate] {
    rows.flatMap { $0.values.prefix(groups.count) }.compactMap(\.self)
  }

  /// Bars grow from zero, so it must be in sight.
  private var axis: Axis {
    var axis = x
    axis.includesZero = axis.includesZero || barCount > 0
    return axis
  }

  private var widestNumber: Double {
    estimates.map { TextWidth.of(NumberText.significant($0.value), size: 13) }.max() ?? 0
  }

  private func draw(_ row: Row, _ y: Double, _ x: Scale, on drawing: inout Drawing) {
    var bars = 0.0
    var dots: [(x: Double, index: Int)] = []
    for (index, group) in groups.enumerated() {
      let isBar = group.mark == .bar
      defer { bars += isBar ? 1 : 0 }
      guard index < row.values.count, let estimate = row.values[index],
        let place = x.position(estimate.value)
      else { continue }
      if isBar {
        let y = y + 18 * (bars - Double(barCount - 1) / 2)
        draw(estimate, of: row, group: index, place, y, x, on: &drawing)
      } else {
        drawWhisker(estimate, y, x, paint: SeriesStyle(index: index).paint, on: &drawing)
        dots.append((place, index))
      }
    }
    if let first = dots.map(\.x).min(), let last = dots.map(\.x).max(), first < last {
      drawing.line(first, y, last, y, .init(paint: .axis, width: 1.5))
    }
    for dot in dots {
      let style = SeriesStyle(index: dot.index)
      var marker = PathData()
      marker.marker(style.marker, dot.x, y, radius: 5)
      drawing.path(
        marker, fill: dot.index % 2 == 1 ? .ground : style.paint,
        stroke: .init(paint: style.paint, width: 2), tooltip: describe(row, dot.index))
    }
  }

  private func draw(
    _ estimate: IntervalChart.Estimate, of row: Row, group: Int, _ place: Double, _ y: Double,
    _ x: Scale, on drawing: inout Drawing
  ) {
    let left = min(x.base, place)
    drawing.rectangle(
      left, y - 7, (place - x.base).magnitude, 14, fill: SeriesStyle(index: group).paint,
      tooltip: describe(row, group))
    drawWhisker(estimate, y, x, paint: .ink, on: &drawing)
    let ends = [estimate.low, estimate.high].compactMap { $0.flatMap(x.position) } + [place]
    let text = NumberText.significant(estimate.value)
    if estimate.value < 0 {
      drawing.text(text, (ends.min() ?? place) - 5, y + 4.5, .end, .label)
    } else {
      drawing.text(text, (ends.max() ?? place) + 5, y + 4.5, .start, .label)
    }
  }

  private func drawWhisker(
    _ estimate: IntervalChart.Estimate, _ y: Double, _ x: Scale, paint: Paint,
    on drawing: inout Drawing
  ) {
    guard let low = estimate.low.flatMap(x.position), let high = estimate.high.flatMap(x.position)
    else { return }
    drawing.line(low, y, high, y, .init(paint: paint, width: 1.5))
  }

  private func describe(_ row: Row, _ group: Int) -> String {
    guard let estimate = row.values[group] else { return "" }
    let name = groups[group].name.isEmpty ? "" : groups[group].name + ", "
    let label = labelsAreTokens ? ReadableText.token(row.label) : row.label
    return "\(name)\(label): \(x.describe(estimate.value))"
  }
}
