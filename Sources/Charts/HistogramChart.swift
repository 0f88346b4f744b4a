/// Distributions of several groups over shared bins, as overlaid outlines.
package struct HistogramChart: Sendable, Equatable {
  /// One distribution: the height of each bin, in percent or density as the axis says.
  package struct Group: Sendable, Equatable {
    package var name: String
    package var heights: [Double]
    package var mean: Double?

    package init(_ name: String, heights: [Double], mean: Double? = nil) {
      self.name = name
      self.heights = heights
      self.mean = mean
    }
  }

  package var title: String
  package var x: Axis
  package var y: Axis
  /// The edges of the bins in ascending order, one more than there are bins.
  package var edges: [Double]
  package var groups: [Group]
  /// Named values on the horizontal axis.
  package var marks: [StripChart.Mark]

  package init(
    title: String, x: Axis, y: Axis, edges: [Double], groups: [Group],
    marks: [StripChart.Mark] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.edges = edges
    self.groups = groups
    self.marks = marks
  }
}

extension HistogramChart: Drawable {
  func draw(on drawing: inout Drawing) {
    let legend = Legend(
      groups.count < 2 && groups.first?.mean == nil
        ? []
        : groups.enumerated().map {
          (.line(SeriesStyle(index: $0.offset), hasMarker: false), caption($0.element))
        }, width: drawing.width - 16)
    let top = legend.height + 34 + 18 * Double(marks.count)
    let bottom = top + (drawing.isNarrow ? 200 : 220)
    var vertical = y
    vertical.includesZero = true
    let y = Scale(vertical, values: groups.flatMap(\.heights), about: 5).over(bottom, top)
    let x = Scale.level(
      x, values: edges + groups.compactMap(\.mean) + marks.map(\.estimate.value), y.labelWidth + 16,
      drawing.width - 16,
      width: drawing.width)
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: bottom)
    drawing.height = bottom + 50

    legend.draw(8, 6, on: &drawing)
    plot.drawVertical(y, caption: self.y.caption, captionAt: legend.height + 18, on: &drawing)
    for (index, group) in groups.enumerated() {
      let style = SeriesStyle(index: index)
      drawing.path(
        outline(group, x, y), fill: style.paint, opacity: 0.15, stroke: style.stroke(),
        tooltip: caption(group))
    }
    drawing.line(plot.left, bottom, plot.right, bottom, .init(paint: .axis))
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
    drawMeans(plot, x, on: &drawing)
    drawMarks(plot, x, on: &drawing)
  }

  /// Draws a line at each named value, and its name above the plot, each on a line of its own.
  private func drawMarks(_ plot: Plot, _ x: Scale, on drawing: inout Drawing) {
    for (index, mark) in marks.enumerated() {
      guard let place = x.position(mark.estimate.value) else { continue }
      let isStudied = mark.kind == .studied
      let paint = isStudied ? Paint.series[0] : mark.kind == .null ? Paint.series[1] : .muted
      let y = plot.top - 18 * Double(marks.count - index) + 10
      var path = PathData()
      path.move(place, y + 4)
      path.lineDown(to: plot.bottom)
      drawing.path(
        path,
        stroke: .init(
          paint: paint, width: isStudied ? 2 : 1.5, dash: mark.kind == .null ? "4 3" : nil),
        isStudied: isStudied)
      let number = NumberText.significant(mark.estimate.value)
      let text = TextWidth.fitting(
        "\(mark.label) \(number)", width: drawing.width - 24, size: 13)
      let half = TextWidth.of(text, size: 13, bold: isStudied) / 2
      drawing.text(
        text, min(max(place, half + 8), drawing.width - half - 8), y, .middle,
        .init(fill: isStudied ? .ink : .muted, isBold: isStudied))
    }
  }

  private func caption(_ group: Group) -> String {
    guard let mean = group.mean, mean.isFinite else { return group.name }
    return "\(group.name), mean \(NumberText.significant(mean))"
  }

  /// The outline of a group, interrupted where bins are empty.
  private func outline(_ group: Group, _ x: Scale, _ y: Scale) -> PathData {
    var path = PathData()
    var isOpen = false
    func close() {
      if isOpen { path.lineDown(to: y.from) }
      isOpen = false
    }
    for (index, height) in group.heights.enumerated() where index + 1 < edges.count {
      guard height != 0, let left = x.position(edges[index]),
        let right = x.position(edges[index + 1]), let top = y.position(height)
      else {
        close()
        continue
      }
      if !isOpen { path.move(left, y.from) }
      isOpen = true
      path.line(left, top)
      path.line(right, top)
    }
    close()
    return path
  }

  /// Draws a line at the mean of each group, with the group's marker at its top.
  private func drawMeans(_ plot: Plot, _ x: Scale, on drawing: inout Drawing) {
    for (index, group) in groups.enumerated() {
      guard let mean = group.mean, let place = x.position(mean) else { continue }
      let style = SeriesStyle(index: index)
      drawing.line(place, plot.top, place, plot.bottom, style.stroke(width: 1.5))
      var marker = PathData()
      marker.marker(style.marker, place, plot.top, radius: 5)
      drawing.path(
        marker, fill: style.paint, stroke: .init(paint: .ground), tooltip: caption(group))
    }
  }
}
