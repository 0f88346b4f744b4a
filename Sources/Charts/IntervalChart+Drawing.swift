extension IntervalChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let layout = IntervalRows(self, on: drawing)
    let legend = layout.legend
    let plot = layout.plot
    drawing.height = plot.bottom + 50
    legend.draw(8, 6, on: &drawing)
    plot.drawGrid(layout.x, on: &drawing)
    if let band, let low = layout.x.position(band.low), let high = layout.x.position(band.high) {
      drawing.rectangle(
        min(low, high), plot.top, max((high - low).magnitude, 1.5), plot.bottom - plot.top,
        fill: .axis, opacity: 0.3,
        tooltip: "\(controlName): \(Self.words(.init(band.low), .init(band.high)))")
    }
    plot.drawZero(layout.x, isVertical: true, on: &drawing)
    drawReference(plot, layout.x, on: &drawing)
    for index in rows.indices { draw(row: index, layout, on: &drawing) }
    plot.drawHorizontal(layout.x, caption: self.x.caption, on: &drawing)
  }

  private func draw(row index: Int, _ layout: IntervalRows, on drawing: inout Drawing) {
    let row = rows[index]
    layout.drawLabel(index, on: &drawing)
    if let control = row.control, let low = layout.x.position(control.low),
      let high = layout.x.position(control.high)
    {
      let (top, height) = layout.marks(index)
      drawing.rectangle(
        min(low, high), top, max((high - low).magnitude, 1.5), height, fill: .axis, opacity: 0.45,
        tooltip: "\(controlName): \(Self.words(.init(control.low), .init(control.high)))")
    }
    if !row.dots.isEmpty {
      var path = PathData()
      for (place, value) in row.dots.sorted().enumerated() {
        guard let x = layout.x.position(value) else { continue }
        path.dot(x, layout.y(index, 0) + Double(place % 5 - 2) * 3)
      }
      drawing.path(
        path, stroke: .init(paint: .axis, width: 4.5, hasRoundEnds: true),
        tooltip: "\(row.dots.count) controls")
    }
    for (group, estimate) in row.estimates.prefix(layout.lanes).enumerated() {
      guard let estimate else { continue }
      draw(estimate, index, group, layout, on: &drawing)
    }
  }

  private func draw(
    _ estimate: Estimate, _ row: Int, _ group: Int, _ layout: IntervalRows,
    on drawing: inout Drawing
  ) {
    guard let place = layout.x.position(estimate.value) else { return }
    let style = SeriesStyle(index: group)
    let emphasis = rows[row].emphasis
    let paint = emphasis == .muted ? Paint.series[6] : style.paint
    let isStudied = emphasis == .studied
    let y = layout.y(row, group)
    drawing.path(
      .whiskers([estimate], layout.x, at: { _ in y }, cap: 4.5),
      stroke: .init(paint: paint, width: isStudied ? 3 : 2))
    var marker = PathData()
    marker.marker(style.marker, place, y, radius: isStudied ? 5.5 : 4.5)
    let name = group < groups.count && !groups[group].isEmpty ? groups[group] + ", " : ""
    drawing.path(
      marker, fill: paint, stroke: .init(paint: .ground),
      tooltip: "\(name)\(rows[row].label): \(Self.words(estimate))", isStudied: isStudied)
    layout.draw(
      Self.words(estimate, layout.decimals, isQuantiles: isQuantiles), row, group, on: &drawing)
  }

  private func drawReference(_ plot: Plot, _ x: Scale, on drawing: inout Drawing) {
    guard let reference, let place = x.position(reference.value) else { return }
    drawing.line(
      place, plot.top - 4, place, plot.bottom, .reference)
    let text = TextWidth.fitting(reference.label, width: drawing.width - 16, size: 13)
    let half = TextWidth.of(text, size: 13) / 2
    let centre = min(max(place, half + 8), drawing.width - half - 8)
    drawing.text(text, centre, plot.top - 10, .middle, .tick)
  }

  /// A number with its interval, with the decimals that suit the interval: `0.050 [0.044, 0.057]`.
  static func words(
    _ estimate: Estimate, _ decimals: Int? = nil, isQuantiles: Bool = false
  ) -> String {
    guard let low = estimate.low, let high = estimate.high else {
      return decimals.map { NumberText.fixed(estimate.value, decimals: $0) }
        ?? NumberText.significant(estimate.value)
    }
    let digits = isQuantiles ? 2 : NumberText.decimals(low: low, high: high)
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: digits) }
    return "\(number(estimate.value)) [\(number(low)), \(number(high))]"
  }

  private static func words(_ low: Estimate, _ high: Estimate) -> String {
    "\(words(low)) to \(words(high))"
  }
}

/// The layout of the rows of an interval chart: beside their labels and numbers in a wide box,
/// below them in a narrow one.
struct IntervalRows {
  let legend: Legend
  let plot: Plot
  let x: Scale
  /// The number of estimates in a row.
  let lanes: Int
  /// The decimals of numbers without an interval.
  let decimals: Int
  private let chart: IntervalChart
  private let labels: RowLabels
  private let rowHeight: Double
  private let isNarrow: Bool
  private let width: Double

  private static let lane = 22.0
  /// The height of a line of text above a mark.
  private static let line = 17.0
  private static let gap = 10.0

  init(_ chart: IntervalChart, on drawing: Drawing) {
    self.chart = chart
    isNarrow = drawing.isNarrow
    width = drawing.width
    lanes = max(chart.groups.count, 1)
    let names = chart.groups.enumerated().map {
      (Legend.Sample.line(SeriesStyle(index: $0.offset), hasMarker: true), $0.element)
    }
    let hasControls =
      chart.band != nil || chart.rows.contains { $0.control != nil || !$0.dots.isEmpty }
    legend = Legend(
      names + (hasControls ? [(.band, chart.controlName)] : []), width: width - 16)
    let estimates = chart.rows.flatMap { $0.estimates.prefix(max(chart.groups.count, 1)) }
      .compactMap(\.self)
    let ends = estimates.flatMap { [$0.value, $0.low, $0.high] }.compactMap(\.self)
    let decade =
      ends.filter(\.isFinite).map(\.magnitude).max().map { $0 > 0 ? Logarithm.decade($0) : 0 } ?? 0
    decimals = min(max(2 - decade, 0), 6)
    let column =
      estimates.map { [decimals] in
        TextWidth.of(IntervalChart.words($0, decimals, isQuantiles: chart.isQuantiles), size: 13)
      }.max() ?? 0
    // In a narrow box a row's own number shares the line of its name; a row without one has all.
    let room = chart.rows.map { [width, lanes, isNarrow, decimals] row -> Double in
      guard isNarrow else { return 210 }
      let number =
        lanes == 1
        ? row.estimates.first.flatMap(\.self).map {
          TextWidth.of(
            IntervalChart.words($0, decimals, isQuantiles: chart.isQuantiles), size: 13)
        } : nil
      return (width - 24 - (number ?? 0) * 1.12) / 1.12
    }
    labels = RowLabels(
      chart.rows.map { ($0.isPart ? "· " : "") + $0.label }, limits: room)
    let top = legend.height + (chart.reference == nil ? 10 : 30)
    let lanes = Double(lanes)
    rowHeight =
      isNarrow
      ? Self.line + (lanes == 1 ? 13 : lanes * 31) + 5 : Self.lane * lanes + Self.gap
    let bands: [Double?] =
      chart.rows.flatMap { [$0.control?.low, $0.control?.high] }
      + [chart.reference?.value, chart.band?.low, chart.band?.high]
    let others = bands + chart.rows.flatMap(\.dots).map { Optional($0) }
    x = Scale.level(
      chart.x, values: ends + others.compactMap(\.self), isNarrow ? 12 : labels.width + 20,
      isNarrow ? width - 12 : width - column - 28, width: width)
    plot = Plot(
      left: x.from, top: top, right: x.to, bottom: top + rowHeight * Double(chart.rows.count))
  }

  /// The vertical position of an estimate's mark.
  func y(_ row: Int, _ group: Int) -> Double {
    let top = plot.top + rowHeight * Double(row)
    guard isNarrow else {
      return top + rowHeight / 2 + Self.lane * (Double(group) - Double(lanes - 1) / 2)
    }
    return top + Self.line + (lanes == 1 ? 8 : Double(group) * 31 + 23)
  }

  /// The top and the height of the band of controls in a row.
  func marks(_ row: Int) -> (top: Double, height: Double) {
    let top = plot.top + rowHeight * Double(row)
    return isNarrow
      ? (top + Self.line + 2, rowHeight - Self.line - 6) : (top + 6, rowHeight - 12)
  }

  func drawLabel(_ row: Int, on drawing: inout Drawing) {
    let isBold = chart.rows[row].emphasis == .studied
    if isNarrow {
      let y = plot.top + rowHeight * Double(row) + 8
      labels.draw(row, left: 8, y, isBold: isBold, on: &drawing)
    } else {
      let y = plot.top + rowHeight * (Double(row) + 0.5)
      labels.draw(row, right: plot.left - 12, y, isBold: isBold, on: &drawing)
    }
  }

  /// Writes the number of an estimate, in a column or above its mark.
  func draw(_ number: String, _ row: Int, _ group: Int, on drawing: inout Drawing) {
    let isBold = chart.rows[row].emphasis == .studied
    let y =
      !isNarrow
      ? y(row, group) + 4.5 : y(row, group) - (lanes == 1 ? 12 : 11)
    // A number that would run into the row's name is shown only in the tooltip and the data.
    let room =
      !isNarrow ? width - 8 - plot.left : width - 16 - (lanes > 1 ? 0 : labels.width(of: row) + 8)
    guard TextWidth.of(number, size: 13, bold: isBold) <= room else { return }
    drawing.text(number, width - 8, y, .end, .init(isBold: isBold))
  }
}
