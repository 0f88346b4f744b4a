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
    let beside = RowLabels(rows, limit: drawing.isNarrow ? 104 : 180)
    // In a narrow box a name that is longer stands above its row.
    let isAbove = drawing.isNarrow && beside.isCut
    let labels = isAbove ? RowLabels(rows, limit: drawing.width - 24) : beside
    let left = isAbove ? 12 : (labels.width + 20).rounded()
    var width = min((drawing.width - left - 16) / Double(max(columns.count, 1)), 96)
    var names = CategoryLabels(columns, spacing: width)
    width = min((drawing.width - left - 16 - names.overhang) / Double(max(columns.count, 1)), 96)
    // Whole pixels make the text of many cells shorter.
    if width > 4 { width = width.rounded(.down) }
    names = CategoryLabels(columns, spacing: width)
    let line = isAbove ? 18.0 : 0
    let height = rows.count > 40 ? 18.0 : 28.0
    let pitch = height + line
    let legendTop = 6.0
    let top = legendTop + ColourLegend.height + names.depth + (columnLabel.isEmpty ? 12 : 34)
    drawing.height = top + pitch * Double(rows.count) + 14

    ColourLegend(scale: scale, caption: value.caption, hasMissing: hasMissing)
      .draw(8, legendTop, on: &drawing)
    if !columnLabel.isEmpty {
      let text = TextWidth.fitting(columnLabel + " →", width: drawing.width - left - 16, size: 14)
      drawing.text(
        text, left, legendTop + ColourLegend.height + 16, .start, .init(size: 14, fill: .muted))
    }
    names.drawAbove(top, at: { left + (Double($0) + 0.5) * width }, on: &drawing)
    for index in rows.indices {
      let y = top + Double(index) * pitch
      if isAbove {
        labels.draw(index, left: left, y + 9, on: &drawing)
      } else {
        labels.draw(index, right: left - 10, y + height / 2, on: &drawing)
      }
    }
    let grid = Grid(left: left, top: top + line, width: width, height: height, pitch: pitch)
    drawCells(scale, grid, on: &drawing)
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

  /// Where the cells are; `pitch` is the distance from one row to the next.
  private struct Grid {
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    let pitch: Double

    func x(_ column: Int) -> Double { left + Double(column) * width }
    func y(_ row: Int) -> Double { top + Double(row) * pitch }
  }

  private func drawCells(_ scale: ColourScale, _ grid: Grid, on drawing: inout Drawing) {
    let (width, height) = (grid.width, grid.height)
    let gap = width > 8 ? 1.0 : 0
    let isFew = drawing.detail.hasTooltips && rows.count * columns.count <= 400
    var runs = ColourRuns(scale: scale, height: height - gap)
    var missing = PathData()
    for row in rows.indices {
      let y = grid.y(row)
      for column in columns.indices {
        let x = grid.x(column)
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
    drawNumbers(scale, grid, gap: gap, on: &drawing)
  }

  private func drawNumbers(
    _ scale: ColourScale, _ grid: Grid, gap: Double, on drawing: inout Drawing
  ) {
    let values = rows.indices.map { row in columns.indices.map { cell(row, $0) } }
    let number = NumberText.alike(values.joined().compactMap(\.self), digits: 2)
    let texts = values.map { $0.map { $0.map(number) ?? "" } }
    let widest = texts.joined().map { TextWidth.of($0, size: 12) }.max() ?? 0
    guard widest + 6 <= grid.width, grid.height >= 18 else { return }
    for row in rows.indices {
      for column in columns.indices {
        guard let step = values[row][column].flatMap(scale.step) else { continue }
        drawing.text(
          texts[row][column], grid.x(column) + (grid.width - gap) / 2,
          grid.y(row) + grid.height / 2 + 4, .middle, .init(size: 12, fill: step.text))
      }
    }
  }
}
