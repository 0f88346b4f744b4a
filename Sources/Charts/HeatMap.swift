/// Values by row and column as colours, with the numbers where they fit.
package struct HeatMap: Sendable, Equatable {
  package var title: String
  /// What is measured, for the legend.
  package var value: Axis
  package var rows: [String]
  package var columns: [String]
  /// What the columns are, written above them.
  package var columnLabel: String
  /// `[rows][columns]`; missing cells stay empty.
  package var cells: [[Double?]]
  /// Whether colours count from zero to both sides.
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
    let labels = RowLabels(rows, limit: 180)
    let left = labels.width + 20
    var width = min((drawing.width - left - 16) / Double(max(columns.count, 1)), 96)
    var names = CategoryLabels(columns, spacing: width)
    width = min((drawing.width - left - 16 - names.overhang) / Double(max(columns.count, 1)), 96)
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

  /// Few cells are drawn one by one, so that each tells its value; of many, those of one colour
  /// make one path.
  private func drawCells(
    _ scale: ColourScale, _ left: Double, _ top: Double, _ width: Double, _ height: Double,
    on drawing: inout Drawing
  ) {
    let isFew = drawing.detail.hasTooltips && rows.count * columns.count <= 400
    let gap = width > 8 ? 1.0 : 0
    var merged = [PathData](repeating: PathData(), count: scale.steps.count)
    let texts = columns.indices.map { column in
      rows.indices.map { cell($0, column).map { NumberText.significant($0, digits: 2) } ?? "" }
    }
    let widest = texts.joined().map { TextWidth.of($0, size: 12) }.max() ?? 0
    let hasTexts = widest + 6 <= width && height >= 18
    for row in rows.indices {
      for column in columns.indices {
        guard let value = cell(row, column), let step = scale.step(value) else { continue }
        let x = left + Double(column) * width
        let y = top + Double(row) * height
        if let fill = step.fill, isFew {
          drawing.rectangle(
            x, y, width - gap, height - gap, fill: fill,
            tooltip: "\(rows[row]), \(columns[column]): \(self.value.describe(value))")
        } else if let index = scale.steps.firstIndex(of: step) {
          merged[index].rectangle(x, y, width - gap, height - gap)
        }
        if hasTexts {
          drawing.text(
            texts[column][row], x + (width - gap) / 2, y + height / 2 + 4, .middle,
            .init(size: 12, fill: step.text))
        }
      }
    }
    for (step, path) in zip(scale.steps, merged) {
      if let fill = step.fill { drawing.path(path, fill: fill) }
    }
  }
}
