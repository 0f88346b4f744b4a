/// How the names along a categorical axis are written so that they never touch: level, else turned,
/// else only every n-th.
struct CategoryLabels {
  static let size = 13.0
  private static let slope = 0.7071067811865476

  let shown: [(index: Int, text: String)]
  let isTurned: Bool
  /// How far the labels reach from the axis, in pixels.
  let depth: Double
  /// The width of the widest label as it is written.
  private let longest: Double

  /// A layout for `names` whose places are `spacing` pixels apart.
  init(_ names: [String], spacing: Double) {
    let texts = names.map { TextWidth.fitting($0, width: 130, size: Self.size) }
    let widths = texts.map { TextWidth.of($0, size: Self.size) }
    let widest = widths.max() ?? 0
    isTurned = widest + 8 > spacing
    // Turned by 45°, two lines of text are apart by their spacing times √½.
    let needed = isTurned ? Self.size * 1.25 / Self.slope : 0
    let stride = max(1, Int((needed / max(spacing, 0.01)).rounded(.up)))
    shown = texts.enumerated().filter { $0.offset % stride == 0 }.map { ($0.offset, $0.element) }
    longest = shown.map { widths[$0.index] }.max() ?? 0
    depth = isTurned ? longest * Self.slope + Self.size : Self.size + 4
  }

  /// How far a turned label reaches sideways beyond its place.
  var overhang: Double { isTurned ? longest * Self.slope + 6 : 0 }

  /// Writes the labels under `y` at the places of `x`.
  func drawBelow(_ y: Double, at x: (Int) -> Double, on drawing: inout Drawing) {
    for (index, text) in shown {
      if isTurned {
        drawing.text(text, x(index) + 4, y + 14, .end, .tick, angle: -45)
      } else {
        drawing.text(text, x(index), y + 18, .middle, .tick)
      }
    }
  }

  /// Writes the labels above `y` at the places of `x`.
  func drawAbove(_ y: Double, at x: (Int) -> Double, on drawing: inout Drawing) {
    for (index, text) in shown {
      if isTurned {
        drawing.text(text, x(index) + 4, y - 6, .start, .tick, angle: -45)
      } else {
        drawing.text(text, x(index), y - 8, .middle, .tick)
      }
    }
  }
}
