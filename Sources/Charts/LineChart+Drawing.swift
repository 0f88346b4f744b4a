extension LineChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let frame = LineFrame(self, width: drawing.width)
    drawing.height = frame.height
    frame.legend.draw(8, 6, on: &drawing)
    frame.plot.drawVertical(
      frame.y, caption: y.caption, captionAt: frame.plot.top - 16, on: &drawing)
    frame.plot.drawZero(frame.y, isVertical: false, on: &drawing)
    drawSupport(frame, on: &drawing)
    drawBottom(frame, on: &drawing)
    drawReferences(frame, on: &drawing)
    for (index, series) in series.enumerated() {
      draw(series, SeriesStyle(index: index), frame, on: &drawing)
    }
    drawEndLabels(frame, on: &drawing)
  }

  private func draw(
    _ series: Series, _ style: SeriesStyle, _ frame: LineFrame, on drawing: inout Drawing
  ) {
    let full = Trace(series.points, frame.x, frame.y)
    let column = drawing.detail.columnWidth
    let band = full.band(columnWidth: column)
    drawing.path(band, fill: style.paint, opacity: 0.18)
    let trace = full.thinned(columnWidth: column)
    if trace.points.count < full.points.count { drawing.isThinned = true }
    var stroke = style.stroke(width: series.points.count > 300 ? 1.5 : 2)
    stroke.hasRoundEnds = true
    drawing.path(trace.path, stroke: stroke, tooltip: series.name.isEmpty ? nil : series.name)
    guard LineFrame.hasMarkers(series) else { return }
    for point in full.points {
      var marker = PathData()
      marker.marker(style.marker, point.x, point.y)
      drawing.path(
        marker, fill: style.paint, stroke: .init(paint: .ground),
        tooltip: describe(series.points[point.index], of: series))
    }
  }

  private func describe(_ point: Point, of series: Series) -> String {
    let place =
      switch x {
      case .numeric(let axis): "\(axis.label) \(axis.describe(point.x))"
      case .categories(let names, _): name(point.x, among: names)
      }
    let interval =
      if let low = point.low, let high = point.high {
        " [\(NumberText.significant(low)), \(NumberText.significant(high))]"
      } else {
        ""
      }
    let prefix = series.name.isEmpty ? "" : series.name + ", "
    return "\(prefix)\(place): \(y.describe(point.y ?? .nan))\(interval)"
  }

  private func name(_ place: Double, among names: [String]) -> String {
    guard let index = Int(exactly: place.rounded()), names.indices.contains(index) else {
      return ""
    }
    return names[index]
  }

  private func drawBottom(_ frame: LineFrame, on drawing: inout Drawing) {
    var plot = frame.plot
    plot.bottom = frame.support?.plot.bottom ?? plot.bottom
    drawing.line(plot.left, plot.bottom, plot.right, plot.bottom, .init(paint: .axis))
    if let labels = frame.categories {
      labels.drawBelow(
        plot.bottom, at: { frame.x.position(Double($0)) ?? plot.left }, on: &drawing)
      if !frame.caption.isEmpty { plot.drawCaption(frame.caption, frame.height - 11, on: &drawing) }
    } else {
      plot.drawHorizontal(frame.x, caption: frame.caption, on: &drawing)
    }
  }

  private func drawSupport(_ frame: LineFrame, on drawing: inout Drawing) {
    guard let strip = frame.support, let support else { return }
    strip.plot.drawVertical(
      strip.y, caption: support.label, captionAt: strip.plot.top - 14, on: &drawing)
    let points = support.points.map { Point(x: $0.x, y: 0, low: 0, high: $0.y) }
    let trace = Trace(points, frame.x, strip.y)
    drawing.path(
      trace.band(columnWidth: drawing.detail.columnWidth), fill: .axis, opacity: 0.5,
      tooltip: support.label)
  }

  private func drawReferences(_ frame: LineFrame, on drawing: inout Drawing) {
    let plot = frame.plot
    var rows: [Double] = []
    for reference in references {
      switch reference.direction {
      case .acrossY:
        guard let y = frame.y.position(reference.value) else { continue }
        drawing.line(plot.left, y, plot.right, y, .reference)
      case .acrossX:
        guard let x = frame.x.position(reference.value) else { continue }
        drawing.line(x, plot.top, x, plot.bottom, .reference)
        let text = TextWidth.fitting(reference.label, width: plot.right - plot.left, size: 13)
        let width = TextWidth.of(text, size: 13)
        let start = max(plot.left, min(x + 6, plot.right - width))
        let row = rows.firstIndex { $0 < start - 8 } ?? rows.count
        if row == rows.count { rows.append(0) }
        rows[row] = start + width
        drawing.text(
          text, start, plot.top + 12 + Double(row) * 18, .start,
          .tick)
      }
    }
  }

  /// Writes names beside the ends of their lines, moved apart if they would touch.
  private func drawEndLabels(_ frame: LineFrame, on drawing: inout Drawing) {
    let plot = frame.plot
    var labels: [(y: Double, series: Int?, text: String)] = []
    if frame.isLabelledDirectly {
      labels = series.enumerated().map { index, series in
        let end = Trace(series.points, frame.x, frame.y).points.last?.y
        return (end ?? plot.bottom, index, series.name)
      }
    }
    // A narrow chart has no room beside its plot, so its legend names the references.
    guard !drawing.isNarrow else { return }
    let room = Int((plot.bottom - plot.top) / 18) - labels.count
    for reference in references.filter({ $0.direction == .acrossY }).prefix(max(0, room)) {
      guard let y = frame.y.position(reference.value) else { continue }
      labels.append((y, nil, reference.label))
    }
    labels.sort { $0.y < $1.y }
    let places = Self.spread(labels.map(\.y), apart: 18, plot.top + 4, plot.bottom - 4)
    for (label, y) in zip(labels, places) {
      if let index = label.series {
        Legend.draw(
          LineFrame.sample(index, series[index]), plot.right + 8, y, on: &drawing)
        drawing.text(label.text, plot.right + 38, y + 5, .start, .series(index))
      } else {
        let text = TextWidth.fitting(label.text, width: drawing.width - plot.right - 10, size: 13)
        drawing.text(text, plot.right + 8, y + 4.5, .start, .tick)
      }
    }
  }

  /// Moves ascending `places` as little as needed so that they are `apart` and between the bounds.
  static func spread(_ places: [Double], apart: Double, _ low: Double, _ high: Double) -> [Double] {
    var result = places
    for index in result.indices {
      result[index] = max(result[index], index == 0 ? low : result[index - 1] + apart)
    }
    var limit = high
    for index in result.indices.reversed() {
      result[index] = min(result[index], limit)
      limit = result[index] - apart
    }
    return result
  }
}
