/// A picture of a report's claim. For each corpus it shows the neuron's activation and the change
/// of loss when it is ablated; below, the neuron's rank among all neurons of the model.
package struct ClaimCard: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package var corpus: String
    package var isTarget: Bool
    /// The median activation, with the 5 % and 95 % quantiles over tokens.
    package var activation: IntervalChart.Estimate?
    /// The change of loss in percent, with its 95 % interval.
    package var change: IntervalChart.Estimate?

    package init(
      _ corpus: String, isTarget: Bool, activation: IntervalChart.Estimate?,
      change: IntervalChart.Estimate?
    ) {
      self.corpus = corpus
      self.isTarget = isTarget
      self.activation = activation
      self.change = change
    }
  }

  package var title: String
  /// How the studied neuron or set is referred to: `it` or `them`.
  package var pronoun: String
  package var rows: [Row]
  /// The range of the controls' changes on the target in percent, and below, the name of the
  /// controls.
  package var controls: IntervalChart.Band?
  package var controlName: String
  /// All neurons with the studied one, its rival and the chance level.
  package var neurons: StripChart?

  package init(
    title: String, pronoun: String = "it", rows: [Row], controls: IntervalChart.Band? = nil,
    controlName: String = "",
    neurons: StripChart? = nil
  ) {
    self.title = title
    self.pronoun = pronoun
    self.rows = rows
    self.controls = controls
    self.controlName = controlName
    self.neurons = neurons
  }
}

extension ClaimCard: Drawable {
  /// A column of the card: its heading and the estimate for each row.
  private struct Panel {
    let heading: String
    let unit: String
    let estimates: [IntervalChart.Estimate?]
    var band: IntervalChart.Band?
  }

  private var panels: [Panel] {
    var panels: [Panel] = []
    if rows.contains(where: { $0.activation != nil }) {
      panels.append(
        Panel(
          heading: "Activation", unit: "median, 5–95 % of tokens",
          estimates: rows.map(\.activation)))
    }
    if rows.contains(where: { $0.change != nil }) {
      panels.append(
        Panel(
          heading: "Change of loss without \(pronoun), %",
          unit: controls == nil ? "95 % interval" : "95 % interval; band: \(controlName)",
          estimates: rows.map(\.change), band: controls))
    }
    return panels
  }

  func draw(on drawing: inout Drawing) {
    let panels = panels
    var y = 4.0
    if drawing.isNarrow {
      for panel in panels { y = draw(panel, y, from: 8, to: drawing.width - 8, on: &drawing) }
    } else if let first = panels.first {
      let labels = RowLabels(rows.map(\.corpus), limit: 120)
      let left = labels.width + 20
      let room = drawing.width - left
      // The second panel gets more room, because its numbers are wider.
      let middle = panels.count > 1 ? left + room * 0.43 : drawing.width
      let bottom = draw(first, y, from: left, to: middle - 8, on: &drawing)
      if panels.count > 1 {
        y = draw(panels[1], y, from: middle + 12, to: drawing.width - 4, on: &drawing)
      }
      for index in rows.indices {
        labels.draw(
          index, right: left - 12, 32 + Self.lane * (Double(index) + 0.5) + 4,
          isBold: rows[index].isTarget, on: &drawing)
      }
      y = max(y, bottom)
    }
    if let neurons {
      drawing.text(
        TextWidth.fitting(neurons.title, width: (drawing.width - 16) / 1.12, size: 14), 8, y + 14,
        .start,
        .init(size: 14, isBold: true))
      y = neurons.draw(from: y + 22, on: &drawing) - 2
    }
    drawing.height = max(y, 20)
  }

  private static let lane = 22.0
  private static let narrowLane = 33.0

  /// Draws a panel between two horizontal positions; returns its lower end.
  private func draw(
    _ panel: Panel, _ top: Double, from: Double, to: Double, on drawing: inout Drawing
  ) -> Double {
    let isNarrow = drawing.isNarrow
    let heading = TextWidth.fitting(panel.heading, width: (to - from) / 1.12, size: 14)
    drawing.text(heading, from, top + 14, .start, .init(size: 14, isBold: true))
    let start = top + 28
    let estimates = panel.estimates
    let numbers = estimates.map { estimate in
      estimate.map { Self.number($0, isInterval: panel.heading.hasPrefix("Change")) } ?? "–"
    }
    let column = isNarrow ? 0 : (numbers.map { TextWidth.of($0, size: 13, bold: true) }.max() ?? 0)
    let ends =
      estimates.compactMap(\.self).flatMap { [$0.value, $0.low, $0.high] }
      .compactMap(\.self) + [panel.band?.low, panel.band?.high].compactMap(\.self) + [0]
    let x = Scale.level(
      Axis(panel.heading), values: ends, from + 4, to - column - (isNarrow ? 4 : 12),
      width: isNarrow ? drawing.width : to, spacing: 34)
    let lane = isNarrow ? Self.narrowLane : Self.lane
    let plot = Plot(
      left: x.from, top: start, right: x.to, bottom: start + lane * Double(rows.count) + 4)
    plot.drawGrid(x, on: &drawing)
    if let band = panel.band, let low = x.position(band.low), let high = x.position(band.high) {
      drawing.rectangle(
        low, start, max(high - low, 1.5), plot.bottom - start, fill: .axis, opacity: 0.3,
        tooltip: controlName)
    }
    plot.drawZero(x, isVertical: true, on: &drawing)
    for (index, estimate) in estimates.enumerated() {
      let isTarget = rows[index].isTarget
      let line = start + lane * Double(index)
      let y = isNarrow ? line + 26 : line + lane / 2 + 4
      let style = Drawing.TextStyle(fill: isTarget ? .ink : .muted, isBold: isTarget)
      // A number without room is shown only in the tooltip and the data.
      let number = TextWidth.of(numbers[index], size: 13, bold: true)
      let isShown = number <= to - from - (isNarrow ? 60 : 8)
      if isNarrow {
        let name = TextWidth.fitting(
          rows[index].corpus, width: (to - from - (isShown ? number : 0) - 24) / 1.12, size: 13)
        drawing.text(name, from, line + 14, .start, style)
      }
      if isShown { drawing.text(numbers[index], to, isNarrow ? line + 14 : y + 4.5, .end, style) }
      guard let estimate, let place = x.position(estimate.value) else { continue }
      let paint = isTarget ? Paint.series[0] : Paint.series[6]
      drawing.path(
        .whiskers([estimate], x, at: { _ in y }, cap: 0),
        stroke: .init(paint: paint, width: isTarget ? 3 : 2))
      var marker = PathData()
      marker.marker(0, place, y, radius: isTarget ? 5 : 3.5)
      drawing.path(
        marker, fill: paint, stroke: .init(paint: .ground),
        tooltip: "\(rows[index].corpus): \(numbers[index])", isStudied: isTarget)
    }
    var ticks = PathData()
    // A label that would touch the one before it is left out.
    var written = -Double.infinity
    for tick in x.ticks {
      guard let place = x.position(tick.value) else { continue }
      ticks.move(place, plot.bottom)
      ticks.line(place, plot.bottom + 5)
      let half = TextWidth.of(tick.label, size: 12) / 2
      guard place - half >= written else { continue }
      written = place + half + 6
      drawing.text(tick.label, place, plot.bottom + 18, .middle, .init(size: 12, fill: .muted))
    }
    drawing.path(ticks, stroke: .init(paint: .axis))
    let unit = TextWidth.fitting(panel.unit, width: to - from, size: 12)
    drawing.text(unit, from, plot.bottom + 34, .start, .init(size: 12, fill: .muted))
    return plot.bottom + 46
  }

  private static func number(_ estimate: IntervalChart.Estimate, isInterval: Bool) -> String {
    guard isInterval else { return NumberText.fixed(estimate.value, decimals: 2) }
    let text = IntervalChart.words(estimate)
    return estimate.value > 0 ? "+" + text : text
  }
}
