/// Many values as one strip per row: dots, stacked if they are dense, a few of them with names.
package struct StripChart: Sendable, Equatable {
  package enum Kind: Sendable {
    /// The studied neuron.
    case studied
    /// The best of the other neurons.
    case rival
    /// The chance level, drawn as a dashed line.
    case null
  }

  /// A value of a strip with a name.
  package struct Mark: Sendable, Equatable {
    package var label: String
    package var estimate: IntervalChart.Estimate
    package var kind: Kind

    package init(_ label: String, _ estimate: IntervalChart.Estimate, _ kind: Kind) {
      self.label = label
      self.estimate = estimate
      self.kind = kind
    }
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    package var values: [Double]
    package var marks: [Mark]

    package init(_ label: String, values: [Double], marks: [Mark]) {
      self.label = label
      self.values = values
      self.marks = marks
    }
  }

  package var title: String
  package var x: Axis
  package var rows: [Row]

  package init(title: String, x: Axis, rows: [Row]) {
    self.title = title
    self.x = x
    self.rows = rows
  }
}

extension StripChart: Drawable {
  func draw(on drawing: inout Drawing) {
    drawing.height = draw(from: 6, on: &drawing) + 4
  }

  /// Draws all rows below `top`; returns their lower end.
  func draw(from top: Double, on drawing: inout Drawing) -> Double {
    let labels = RowLabels(rows.map(\.label), limit: 120)
    let isNamed = rows.contains { !$0.label.isEmpty }
    let isCrowded = rows.count > Self.fewRows
    // On a phone the rows' names have a line of their own, unless many rows would make many lines.
    let isBeside = isNamed && (!drawing.isNarrow || isCrowded && labels.width < 64)
    let ends = rows.flatMap { row in
      row.values
        + row.marks.flatMap { [$0.estimate.value, $0.estimate.low, $0.estimate.high] }
        .compactMap(\.self)
    }
    let x = Scale.level(
      x, values: ends, isBeside ? labels.width + 20 : 12, drawing.width - 12,
      width: drawing.width)
    let shown = isCrowded ? namedMarks : rows.map(\.marks)
    let bodies = shown.map { StripLabels($0, x, width: drawing.width) }
    let body = isCrowded ? 14.0 : rows.count > 1 ? 26.0 : 40.0
    var y = top
    var places: [(top: Double, row: Int)] = []
    for (index, texts) in bodies.enumerated() {
      if isNamed && !isBeside { y += 18 }
      y += texts.above
      places.append((y, index))
      y += body + texts.below + (isCrowded ? 2 : rows.count > 1 ? 4 : 0)
    }
    let plot = Plot(left: x.from, top: top, right: x.to, bottom: y)
    plot.drawGrid(x, on: &drawing)
    // The fullest column of all rows takes the whole height of its row.
    let columns = rows.map { Self.columns($0.values, x) }
    let fullest = Double(columns.joined().map(\.count).max() ?? 1).squareRoot()
    for place in places {
      if isBeside {
        labels.draw(place.row, right: x.from - 12, place.top + body / 2, on: &drawing)
      } else if isNamed {
        labels.draw(
          place.row, left: 8, place.top - bodies[place.row].above - 8, on: &drawing)
      }
      let centre = place.top + body / 2
      var path = PathData()
      for column in columns[place.row] {
        let half = max(1, Double(column.count).squareRoot() / max(fullest, 1) * body / 2)
        path.move(column.x, centre - half)
        path.lineDown(to: centre + half)
      }
      drawing.path(path, stroke: .init(paint: .axis, width: 1.5))
      for mark in rows[place.row].marks {
        draw(mark, x, centre, body, on: &drawing)
      }
      bodies[place.row].draw(top: place.top, bottom: place.top + body, on: &drawing)
    }
    plot.drawHorizontal(x, caption: self.x.caption, on: &drawing)
    return y + 46
  }

  /// The most rows whose marks all carry their names.
  private static let fewRows = 16
  /// How many of the marks of crowded rows carry their names besides the studied neuron's.
  private static let mostNames = 5

  /// The marks of each row that carry their names where rows are many: the studied neuron, the
  /// chance levels of the first row, and the best of the others. All marks have their names as
  /// tooltips.
  private var namedMarks: [[Mark]] {
    let rivals = rows.indices.flatMap { row in
      rows[row].marks.filter { $0.kind == .rival }.map { (row: row, mark: $0) }
    }
    let best = rivals.sorted {
      ($1.mark.estimate.value, $0.row) < ($0.mark.estimate.value, $1.row)
    }.prefix(Self.mostNames)
    return rows.enumerated().map { index, row in
      row.marks.filter { mark in
        switch mark.kind {
        case .studied: true
        case .null: index == 0
        case .rival: best.contains { $0.row == index && $0.mark == mark }
        }
      }
    }
  }

  private func draw(
    _ mark: Mark, _ x: Scale, _ y: Double, _ body: Double, on drawing: inout Drawing
  ) {
    guard let place = x.position(mark.estimate.value) else { return }
    let tooltip = "\(mark.label): \(IntervalChart.words(mark.estimate))"
    switch mark.kind {
    case .null:
      var path = PathData()
      path.move(place, y - body / 2 - 3)
      path.lineDown(to: y + body / 2 + 3)
      drawing.path(
        path, stroke: .init(paint: Paint.series[1], width: 1.5, dash: "4 3"), tooltip: tooltip)
    case .rival, .studied:
      let isStudied = mark.kind == .studied
      let paint = isStudied ? Paint.series[0] : Paint.series[6]
      drawing.path(
        .whiskers([mark.estimate], x, at: { _ in y }, cap: 4),
        stroke: .init(paint: paint, width: 2.5))
      var marker = PathData()
      marker.marker(0, place, y, radius: isStudied ? 5.5 : 4)
      drawing.path(
        marker, fill: paint, stroke: .init(paint: .ground), tooltip: tooltip, isStudied: isStudied)
    }
  }

  /// The number of values in each column of two pixels.
  static func columns(_ values: [Double], _ x: Scale) -> [(x: Double, count: Int)] {
    var counts: [Int: Int] = [:]
    for value in values {
      guard let place = x.position(value) else { continue }
      counts[Int((place / 2).rounded(.down)), default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { (Double($0.key) * 2 + 1, $0.value) }
  }
}

/// The layout of a strip's names, above and below it, so that none touches another.
struct StripLabels {
  private static let line = 17.0

  private struct Placed {
    let text: String
    let x: Double
    /// The line of text below the strip, from 0; −1 is the line above it.
    let line: Int
    let style: Drawing.TextStyle
  }

  private var placed: [Placed] = []

  /// Places the names within `width`. The studied neuron's comes first and is above the strip.
  init(_ marks: [StripChart.Mark], _ x: Scale, width: Double) {
    var taken: [Int: [ClosedRange<Double>]] = [:]
    let order = marks.filter { $0.kind == .studied } + marks.filter { $0.kind != .studied }
    for mark in order where !mark.label.isEmpty {
      guard let place = x.position(mark.estimate.value) else { continue }
      let isStudied = mark.kind == .studied
      let number = NumberText.fixed(mark.estimate.value, decimals: 2)
      let text = TextWidth.fitting("\(mark.label) \(number)", width: width - 16, size: 13)
      let half = TextWidth.of(text, size: 13, bold: isStudied) / 2
      let centre = min(max(place, half + 6), width - half - 6)
      let own = (centre - half - 8)...(centre + half + 8)
      let line = [-1, 0, 1, 2, 3].first { line in
        taken[line, default: []].allSatisfy { !$0.overlaps(own) }
      }
      guard let line else { continue }
      taken[line, default: []].append(own)
      let fill: Paint =
        isStudied ? .ink : mark.kind == .null ? Paint.seriesText[1] : .muted
      placed.append(
        Placed(text: text, x: centre, line: line, style: .init(fill: fill, isBold: isStudied)))
    }
  }

  /// The height of the names above the strip, and below, of those under it.
  var above: Double { placed.contains { $0.line < 0 } ? Self.line + 3 : 3 }
  var below: Double {
    let lines = placed.map(\.line).max() ?? -1
    return lines < 0 ? 3 : Double(lines + 1) * Self.line + 3
  }

  func draw(top: Double, bottom: Double, on drawing: inout Drawing) {
    for label in placed {
      let y = label.line < 0 ? top - 7 : bottom + Self.line * Double(label.line) + 14
      drawing.text(label.text, label.x, y, .middle, label.style)
    }
  }
}
