/// Estimates with their intervals, a row each, such as loss changes beside those of controls.
package struct IntervalChart: Sendable, Equatable {
  /// A value with the ends of its interval.
  package struct Estimate: Sendable, Equatable {
    package var value: Double
    package var low: Double?
    package var high: Double?

    package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// A range of values, such as what control neurons reach.
  package struct Band: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(_ low: Double, _ high: Double) {
      self.low = low
      self.high = high
    }
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    /// One for each of the chart's groups; missing ones are left out.
    package var estimates: [Estimate?]
    /// The controls of this row.
    package var control: Band?

    package init(_ label: String, _ estimates: [Estimate?], control: Band? = nil) {
      self.label = label
      self.estimates = estimates
      self.control = control
    }
  }

  package struct Reference: Sendable, Equatable {
    package var value: Double
    package var label: String

    package init(_ value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  package var title: String
  package var x: Axis
  package var rows: [Row]
  /// Names of the estimates in a row; one empty name for a single group.
  package var groups: [String]
  /// What the rows' bands are, such as `50 random neurons`.
  package var controlName: String
  package var reference: Reference?

  package init(
    title: String, x: Axis, rows: [Row], groups: [String] = [""], controlName: String = "controls",
    reference: Reference? = nil
  ) {
    self.title = title
    self.x = x
    self.rows = rows
    self.groups = groups
    self.controlName = controlName
    self.reference = reference
  }
}

extension IntervalChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let lane = 22.0
    let rowHeight = lane * Double(max(groups.count, 1)) + 10
    let names = groups.enumerated().map {
      (Legend.Sample.line(SeriesStyle(index: $0.offset), hasMarker: true), $0.element)
    }
    let hasControls = rows.contains { $0.control != nil }
    let legend = Legend(
      names + (hasControls ? [(.band, controlName)] : []), width: drawing.width - 16)
    let labels = RowLabels(rows.map(\.label), limit: 210)
    let estimates = rows.flatMap { $0.estimates.prefix(max(groups.count, 1)) }.compactMap(\.self)
    let ends = estimates.flatMap { [$0.value, $0.low, $0.high] }.compactMap(\.self)
    let number = NumberText.alike(ends, digits: 3)
    let column = estimates.map { TextWidth.of(describe($0, number), size: 13) }.max() ?? 0
    let top = legend.height + (reference == nil ? 10 : 30)
    let bottom = top + rowHeight * Double(rows.count)
    let others = rows.flatMap { [$0.control?.low, $0.control?.high] } + [reference?.value]
    let x = Scale.level(
      x, values: ends + others.compactMap(\.self), labels.width + 20, drawing.width - column - 28,
      width: drawing.width)
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: bottom)
    drawing.height = bottom + 50

    legend.draw(8, 6, on: &drawing)
    plot.drawGrid(x, on: &drawing)
    plot.drawZero(x, isVertical: true, on: &drawing)
    drawReference(plot, x, on: &drawing)
    let lanes = max(groups.count, 1)
    func place(_ row: Int, _ group: Int) -> Double {
      top + rowHeight * (Double(row) + 0.5) + lane * (Double(group) - Double(lanes - 1) / 2)
    }
    for (index, row) in rows.enumerated() {
      let y = top + rowHeight * (Double(index) + 0.5)
      labels.draw(index, right: plot.left - 12, y, on: &drawing)
      draw(row.control, y, height: rowHeight - 12, x, number, on: &drawing)
    }
    for group in 0..<lanes {
      let estimates = rows.map { group < $0.estimates.count ? $0.estimates[group] : nil }
      let style = SeriesStyle(index: group)
      drawing.path(
        .whiskers(estimates, x, at: { place($0, group) }, cap: 4.5),
        stroke: .init(paint: style.paint, width: 2))
      for (row, estimate) in estimates.enumerated() {
        guard let estimate else { continue }
        draw(estimate, row, group, place(row, group), x, number, on: &drawing)
      }
    }
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
  }

  private func draw(
    _ control: Band?, _ y: Double, height: Double, _ x: Scale, _ number: (Double) -> String,
    on drawing: inout Drawing
  ) {
    guard let control, let low = x.position(control.low), let high = x.position(control.high)
    else { return }
    drawing.rectangle(
      min(low, high), y - height / 2, max((high - low).magnitude, 1.5), height, fill: .axis,
      opacity: 0.45, tooltip: "\(controlName): [\(number(control.low)), \(number(control.high))]")
  }

  private func draw(
    _ estimate: Estimate, _ row: Int, _ group: Int, _ y: Double, _ x: Scale,
    _ number: (Double) -> String, on drawing: inout Drawing
  ) {
    guard let place = x.position(estimate.value) else { return }
    let style = SeriesStyle(index: group)
    var marker = PathData()
    marker.marker(style.marker, place, y, radius: 4.5)
    let name = group < groups.count && !groups[group].isEmpty ? groups[group] + ", " : ""
    let value = describe(estimate, { NumberText.significant($0) })
    drawing.path(
      marker, fill: style.paint, stroke: .init(paint: .ground),
      tooltip: "\(name)\(rows[row].label): \(value)")
    drawing.text(describe(estimate, number), drawing.width - 8, y + 4.5, .end, .label)
  }

  private func drawReference(_ plot: Plot, _ x: Scale, on drawing: inout Drawing) {
    guard let reference, let place = x.position(reference.value) else { return }
    drawing.line(
      place, plot.top - 4, place, plot.bottom, .init(paint: .muted, width: 1.5, dash: "4 4"))
    let text = TextWidth.fitting(reference.label, width: drawing.width - 16, size: 13)
    let half = TextWidth.of(text, size: 13) / 2
    let centre = min(max(place, half + 8), drawing.width - half - 8)
    drawing.text(text, centre, plot.top - 10, .middle, .tick)
  }

  private func describe(_ estimate: Estimate, _ number: (Double) -> String) -> String {
    guard let low = estimate.low, let high = estimate.high else { return number(estimate.value) }
    return "\(number(estimate.value)) [\(number(low)), \(number(high))]"
  }
}
