/// The legend of a colour scale: a row of its steps above the ticks of its domain.
struct ColourLegend {
  static let height = 62.0

  let scale: ColourScale
  let caption: String
  /// Whether to show how a missing value looks.
  var hasMissing = false

  func draw(_ left: Double, _ top: Double, on drawing: inout Drawing) {
    let text = TextWidth.fitting(caption, width: drawing.width - 16, size: 14)
    drawing.text(text, left, top + 12, .start, .init(size: 14, fill: .muted))
    let steps = scale.steps
    let reach = (scale.ticks.labels.map { TextWidth.of($0, size: 13) }.max() ?? 0) / 2
    let length = min(306, drawing.width - 2 * (left + reach) - (hasMissing ? 110 : 0))
    let width = length / Double(steps.count)
    let start = left + reach
    for (index, step) in steps.enumerated() {
      guard let fill = step.fill else { continue }
      drawing.rectangle(start + Double(index) * width, top + 20, width, 14, fill: fill)
    }
    var frame = PathData()
    frame.rectangle(start, top + 20, length, 14)
    drawing.path(frame, stroke: .init(paint: .axis))
    if hasMissing {
      var box = PathData()
      box.crossedBox(start + length + reach + 16, top + 20, 24, 14)
      drawing.path(box, stroke: .init(paint: .axis))
      drawing.text("no value", start + length + reach + 46, top + 32, .start, .tick)
    }
    let labels = Scale(between: scale.low, and: scale.high).over(start, start + length)
    // A label that would touch the one before it is left out.
    var written = -Double.infinity
    for (value, label) in zip(scale.ticks.values, scale.ticks.labels) {
      guard let x = labels.position(value) else { continue }
      let half = TextWidth.of(label, size: 13) / 2
      guard x - half >= written else { continue }
      written = x + half + 6
      drawing.text(label, x, top + 50, .middle, .tick)
    }
  }
}
