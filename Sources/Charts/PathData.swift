/// The `d` attribute of a path. It uses relative commands in whole hundredths of a pixel, which are
/// short. Rounding does not accumulate, because each step starts from the rounded point before it.
struct PathData {
  private(set) var text = ""
  private var x = 0
  private var y = 0
  private var start = (x: 0, y: 0)

  var isEmpty: Bool { text.isEmpty }

  /// Starts a new part at (`x`, `y`).
  mutating func move(_ x: Double, _ y: Double) {
    let next = (x: NumberText.hundredths(x), y: NumberText.hundredths(y))
    text += isEmpty ? "M" : "m"
    text += NumberText.coordinate(hundredths: next.x - self.x)
    append(next.y - self.y)
    (self.x, self.y) = next
    start = next
  }

  /// Adds a straight line to (`x`, `y`).
  mutating func line(_ x: Double, _ y: Double) {
    let next = (x: NumberText.hundredths(x), y: NumberText.hundredths(y))
    let step = (x: next.x - self.x, y: next.y - self.y)
    (self.x, self.y) = next
    if step.y == 0 {
      text += "h" + NumberText.coordinate(hundredths: step.x)
    } else if step.x == 0 {
      text += "v" + NumberText.coordinate(hundredths: step.y)
    } else {
      text += "l" + NumberText.coordinate(hundredths: step.x)
      append(step.y)
    }
  }

  /// Adds a vertical line to `y`.
  mutating func lineDown(to y: Double) {
    line(Double(x) / 100, y)
  }

  /// Adds a dot, which is a line without length with round ends.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    text += "h0"
  }

  mutating func close() {
    text += "z"
    (x, y) = start
  }

  /// Adds a horizontal line from (`x`, `y`); with a thick stroke it is the shortest form of a box.
  mutating func dash(_ x: Double, _ y: Double, _ width: Double) {
    move(x, y)
    line(x + width, y)
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    move(x, y)
    line(x + width, y)
    line(x + width, y + height)
    line(x, y + height)
    close()
  }

  /// The intervals of `estimates`, each at its `y`, with short bars at their ends.
  static func whiskers(
    _ estimates: [IntervalChart.Estimate?], _ x: Scale, at y: (Int) -> Double, cap: Double
  ) -> PathData {
    var path = PathData()
    for (index, estimate) in estimates.enumerated() {
      guard let estimate, let low = estimate.low.flatMap(x.position),
        let high = estimate.high.flatMap(x.position)
      else { continue }
      path.whisker(low, high, y(index), cap: cap)
    }
    return path
  }

  private mutating func whisker(_ low: Double, _ high: Double, _ y: Double, cap: Double) {
    move(low, y - cap)
    line(low, y + cap)
    dash(low, y, high - low)
    move(high, y - cap)
    line(high, y + cap)
  }

  /// Adds a box with a diagonal, which stands for a missing value.
  mutating func crossedBox(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    rectangle(x + 0.5, y + 0.5, width - 1, height - 1)
    move(x + 0.5, y + height - 0.5)
    line(x + width - 0.5, y + 0.5)
  }

  /// Adds a circle, square, diamond or triangle of about equal area around (`x`, `y`).
  mutating func marker(_ kind: Int, _ x: Double, _ y: Double, radius: Double = 4) {
    switch kind % 4 {
    case 1: rectangle(x - radius * 0.875, y - radius * 0.875, radius * 1.75, radius * 1.75)
    case 2:
      outline([
        (x, y - radius * 1.3), (x + radius * 1.3, y), (x, y + radius * 1.3), (x - radius * 1.3, y),
      ])
    case 3:
      outline([
        (x, y - radius * 1.2), (x + radius * 1.2, y + radius), (x - radius * 1.2, y + radius),
      ])
    default:
      move(x - radius, y)
      let r = NumberText.coordinate(radius)
      let d = NumberText.coordinate(radius * 2)
      text += "a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0-\(d) 0z"
    }
  }

  /// Adds a closed line through `points`.
  mutating func outline(_ points: [(x: Double, y: Double)]) {
    for (index, point) in points.enumerated() {
      if index == 0 { move(point.x, point.y) } else { line(point.x, point.y) }
    }
    close()
  }

  private mutating func append(_ hundredths: Int) {
    text += (hundredths < 0 ? "" : " ") + NumberText.coordinate(hundredths: hundredths)
  }
}
