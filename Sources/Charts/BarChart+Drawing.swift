extension BarChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let legend = Legend(
      groups.enumerated().map { index, group in
        let style = SeriesStyle(index: index)
        return (group.mark == .bar ? .bar(style) : .dot(style), group.name)
      }, width: drawing.width - 16)
    let isNarrow = drawing.isNarrow
    // In a narrow box, long labels are above their bars; short ones stay beside them.
    let inRow = RowLabels(rows.map(\.label), limit: isNarrow ? 92 : 210, areTokens: labelsAreTokens)
    let isAbove = isNarrow && inRow.isCut
    let labels =
      isAbove
      ? RowLabels(rows.map(\.label), limit: drawing.width - 24, areTokens: labelsAreTokens) : inRow
    let above = isAbove ? 18.0 : 0
    let rowHeight = max(Double(barCount) * 18 + 6, 24) + above
    let top = legend.height + 10
    let bottom = top + rowHeight * Double(rows.count)
    let number = NumberText.alike(estimates.map(\.value), digits: 3)
    let widest = estimates.map { TextWidth.of(number($0.value), size: 13) }.max() ?? 0
    let numbers = barCount == 0 ? 0 : widest + 8
    let isNegative = estimates.contains { $0.value < 0 }
    let x = Scale.level(
      axis, values: estimates.flatMap { [$0.value, $0.low, $0.high] }.compactMap(\.self),
      (isAbove ? 12 : labels.width + 20) + (isNegative ? numbers : 0),
      drawing.width - 16 - numbers,
      width: drawing.width)
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: bottom)
    drawing.height = bottom + 50

    legend.draw(8, 6, on: &drawing)
    plot.drawGrid(x, on: &drawing)
    func centre(_ row: Int) -> Double { top + rowHeight * (Double(row) + 0.5) + above / 2 }
    for index in rows.indices {
      let isBold = index == studied
      if isAbove {
        let y = top + rowHeight * Double(index) + 10
        labels.draw(index, left: 8, y, isBold: isBold, on: &drawing)
      } else {
        let right = plot.left - 12 - (isNegative ? numbers : 0)
        labels.draw(index, right: right, centre(index), isBold: isBold, on: &drawing)
      }
    }
    drawBars(x, at: centre, number, on: &drawing)
    drawDots(x, at: centre, on: &drawing)
    plot.drawZero(x, isVertical: true, on: &drawing)
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
  }

  private var barCount: Int { groups.count { $0.mark == .bar } }

  private var estimates: [IntervalChart.Estimate] {
    rows.flatMap { $0.values.prefix(groups.count) }.compactMap(\.self)
  }

  /// The axis including zero, since bars grow from zero.
  private var axis: Axis {
    var axis = x
    axis.includesZero = axis.includesZero || barCount > 0
    return axis
  }

  /// The values of one group, one per row.
  private func column(_ group: Int) -> [IntervalChart.Estimate?] {
    rows.map { group < $0.values.count ? $0.values[group] : nil }
  }

  private func drawBars(
    _ x: Scale, at centre: (Int) -> Double, _ number: (Double) -> String, on drawing: inout Drawing
  ) {
    let bars = groups.indices.filter { groups[$0].mark == .bar }
    for (lane, group) in bars.enumerated() {
      let shift = 18 * (Double(lane) - Double(bars.count - 1) / 2)
      let column = column(group)
      for (row, estimate) in column.enumerated() {
        guard let estimate, let place = x.position(estimate.value) else { continue }
        let y = centre(row) + shift
        drawing.bar(
          min(x.base, place), y - 7, (place - x.base).magnitude, 14, SeriesStyle(index: group),
          tooltip: describe(row, group))
        write(number(estimate.value), beside: estimate, y, x, on: &drawing)
      }
      drawing.path(
        .whiskers(column, x, at: { centre($0) + shift }, cap: 3.5),
        stroke: .init(paint: .ink, width: 1.5))
    }
  }

  /// Draws the dots of a row on one line and joins them, which makes their difference visible.
  private func drawDots(_ x: Scale, at centre: (Int) -> Double, on drawing: inout Drawing) {
    let dots = groups.indices.filter { groups[$0].mark == .dot }
    let columns = dots.map(column)
    var joins = PathData()
    for row in rows.indices {
      let places = columns.compactMap { $0[row].flatMap { x.position($0.value) } }
      guard let first = places.min(), let last = places.max(), first < last else { continue }
      joins.dash(first, centre(row), last - first)
    }
    drawing.path(joins, stroke: .init(paint: .axis, width: 1.5))
    for (group, column) in zip(dots, columns) {
      drawing.path(
        .whiskers(column, x, at: centre, cap: 3.5),
        stroke: .init(paint: SeriesStyle(index: group).paint, width: 1.5))
    }
    for (group, column) in zip(dots, columns) {
      for (row, estimate) in column.enumerated() {
        guard let estimate, let place = x.position(estimate.value) else { continue }
        drawing.dot(
          place, centre(row), SeriesStyle(index: group), tooltip: describe(row, group),
          isStudied: row == studied)
      }
    }
  }

  /// Writes a number at the outer end of its bar and whisker.
  private func write(
    _ number: String, beside estimate: IntervalChart.Estimate, _ y: Double, _ x: Scale,
    on drawing: inout Drawing
  ) {
    let ends = [estimate.value, estimate.low, estimate.high].compactMap { $0.flatMap(x.position) }
    if estimate.value < 0 {
      drawing.text(number, (ends.min() ?? x.base) - 5, y + 4.5, .end, .label)
    } else {
      drawing.text(number, (ends.max() ?? x.base) + 5, y + 4.5, .start, .label)
    }
  }

  private func describe(_ index: Int, _ group: Int) -> String {
    let row = rows[index]
    guard let estimate = row.values[group] else { return "" }
    let name = groups[group].name.isEmpty ? "" : groups[group].name + ", "
    let label = labelsAreTokens ? ReadableText.token(row.label) : row.label
    return "\(name)\(label): \(x.describe(estimate.value))"
  }
}
