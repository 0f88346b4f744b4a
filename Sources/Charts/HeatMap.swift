/// Values in rows and columns as colours, with the numbers if they fit.
package struct HeatMap: Sendable, Equatable {
  package var title: String
  /// The quantity, for the legend.
  package var value: Axis
  package var rows: [String]
  package var columns: [String]
  /// The label above the columns that says what they are.
  package var columnLabel: String
  /// The values, `[rows][columns]`; missing cells stay empty.
  package var cells: [[Double?]]
  /// Whether the colour scale is signed around zero.
  package var isSigned: Bool

  package init(
    title: String, value: Axis, rows: [String], columns: [String], columnLabel: String = "",
    cells: [[Double?]], isSigned: Bool = false
  ) {
    self.title = title
    self.value = value
    self.rows = rows
    self.columns = columns
    self.columnLabel = columnLabel
    self.cells = cells
    self.isSigned = isSigned
  }
}

extension HeatMap: Drawable {
  func draw(on drawing: inout Drawing) {
    let scale = ColourScale(
      values: cells.prefix(rows.count).flatMap { $0.prefix(columns.count) }.compactMap(\.self),
      isSigned: isSigned)
    let labels = RowLabels(rows, limit: drawing.isNarrow ? 104 : 180)
    let left = (labels.width + 20).rounded()
    var width = min((drawing.width - left - 16) / Double(max(columns.count, 1)), 96)
    var names = CategoryLabels(columns, spacing: width)
    width = min((drawing.width - left - 16 - names.overhang) / Double(max(columns.count, 1)), 96)
    // Whole pixels make the text of many cells shorter.
    if width > 4 { width = width.rounded(.down) }
    names = CategoryLabels(columns, spacing: width)
    let height = rows.count > 40 ? 18.0 : 28.0
    let legendTop = 6.0
    let top = legendTop + ColourLegend.height + names.depth + (columnLabel.isEmpty ? 12 : 34)
    drawing.height = top + height * Double(rows.count) + 14

    ColourLegend(scale: scale, caption: value.caption, hasMissing: hasMissing)
      .draw(8, legendTop, on: &drawing)
    if !columnLabel.isEmpty {
      let text = TextWidth.fitting(columnLabel + " →", width: drawing.width - left - 16, size: 14)
      drawing.text(
        text, left, legendTop + ColourLegend.height + 16, .start, .init(size: 14, fill: .muted))
    }
    names.drawAbove(top, at: { left + (Double($0) + 0.5) * width }, on: &drawing)
    for index in rows.indices where height >= 14 {
      labels.draw(index, right: left - 10, top + (Double(index) + 0.5) * height, on: &drawing)
    }
    drawCells(scale, left, top, width, height, on: &drawing)
  }

  private var hasMissing: Bool {
    rows.indices.contains { row in columns.indices.contains { cell(row, $0) == nil } }
  }

  private func cell(_ row: Int, _ column: Int) -> Double? {
    guard row < cells.count, column < cells[row].count, let value = cells[row][column],
      value.isFinite
    else { return nil }
    return value
  }

  private func drawCells(
    _ scale: ColourScale, _ left: Double, _ top: Double, _ width: Double, _ height: Double,
    on drawing: inout Drawing
  ) {
    let gap = width > 8 ? 1.0 : 0
    let isFew = drawing.detail.hasTooltips && rows.count * columns.count <= 400
    var runs = ColourRuns(scale: scale, height: height - gap)
    var missing = PathData()
    for row in rows.indices {
      let y = top + Double(row) * height
      for column in columns.indices {
        let x = left + Double(column) * width
        guard let value = cell(row, column), let step = scale.step(value) else {
          missing.crossedBox(x, y, width - gap, height - gap)
          continue
        }
        if isFew {
          drawing.rectangle(
            x, y, width - gap, height - gap, fill: step.fill ?? .ground,
            tooltip: "\(rows[row]), \(columns[column]): \(self.value.describe(value))")
        } else {
          runs.add(step, x, y, width - gap)
        }
      }
    }
    runs.draw(on: &drawing)
    drawing.path(missing, stroke: .init(paint: .grid))
    drawNumbers(scale, left, top, width, height, gap: gap, on: &drawing)
  }

  private func drawNumbers(
    _ scale: ColourScale, _ left: Double, _ top: Double, _ width: Double, _ height: Double,
    gap: Double, on drawing: inout Drawing
  ) {
    let values = rows.indices.map { row in columns.indices.map { cell(row, $0) } }
    let number = NumberText.alike(values.joined().compactMap(\.self), digits: 2)
    let texts = values.map { $0.map { $0.map(number) ?? "" } }
    let widest = texts.joined().map { TextWidth.of($0, size: 12) }.max() ?? 0
    guard widest + 6 <= width, height >= 18 else { return }
    for row in rows.indices {
      for column in columns.indices {
        guard let step = values[row][column].flatMap(scale.step) else { continue }
        drawing.text(
          texts[row][column], left + (Double(column) + 0.5) * width - gap / 2,
          top + (Double(row) + 0.5) * height + 4, .middle, .init(size: 12, fill: step.text))
      }
    }
  }
}
