/// The labels of a categorical axis, laid out so that they never touch: horizontal if there is
/// room, else broken into two lines, else turned. If there are too many, only every n-th is
/// written.
struct CategoryLabels {
  static let size = 13.0
  private static let slope = 0.7071067811865476
  private static let lineHeight = 16.0

  let isTurned: Bool
  /// The distance that the labels reach from the axis, in pixels.
  let depth: Double
  private let shown: [(index: Int, lines: [String])]
  /// The width of the widest label as it is written, in pixels.
  private let longest: Double

  /// A layout for `names` that are `spacing` pixels apart.
  init(_ names: [String], spacing: Double) {
    let texts = names.map { TextWidth.fitting($0, width: 130, size: Self.size) }
    let broken = texts.map(Self.broken)
    if let lines = [texts.map { [$0] }, broken].first(where: { Self.widest($0) + 8 <= spacing }) {
      isTurned = false
      shown = lines.enumerated().map { ($0.offset, $0.element) }
      longest = Self.widest(lines)
      depth = 4 + Self.size + Self.lineHeight * Double(max(0, (lines.map(\.count).max() ?? 1) - 1))
    } else {
      isTurned = true
      // Between lines of text turned by 45° there is √½ of the horizontal distance.
      let needed = Self.size * 1.25 / Self.slope
      let stride = max(1, Int(min(needed / max(spacing, 0.01), 1e6).rounded(.up)))
      shown = texts.enumerated().filter { $0.offset % stride == 0 }.map {
        ($0.offset, [$0.element])
      }
      longest = Self.widest(shown.map(\.lines))
      depth = longest * Self.slope + Self.size
    }
  }

  /// The horizontal distance, in pixels, that a turned label reaches from its tick.
  var overhang: Double { isTurned ? longest * Self.slope + 6 : 0 }

  /// Writes the labels under `y`, at the horizontal positions that `x` gives.
  func drawBelow(_ y: Double, at x: (Int) -> Double, on drawing: inout Drawing) {
    for (index, lines) in shown {
      if isTurned {
        drawing.text(lines[0], x(index) + 4, y + 14, .end, .tick, angle: -45)
      } else {
        draw(lines, x(index), y + 18, on: &drawing)
      }
    }
  }

  /// Writes the labels above `y`, at the horizontal positions that `x` gives.
  func drawAbove(_ y: Double, at x: (Int) -> Double, on drawing: inout Drawing) {
    for (index, lines) in shown {
      if isTurned {
        drawing.text(lines[0], x(index) + 4, y - 6, .start, .tick, angle: -45)
      } else {
        draw(lines, x(index), y - 8 - Self.lineHeight * Double(lines.count - 1), on: &drawing)
      }
    }
  }

  private func draw(_ lines: [String], _ x: Double, _ y: Double, on drawing: inout Drawing) {
    for (number, line) in lines.enumerated() {
      drawing.text(line, x, y + Self.lineHeight * Double(number), .middle, .tick)
    }
  }

  /// `text` in two lines, split at the space nearest to its middle; in one line if it has no space.
  private static func broken(_ text: String) -> [String] {
    let words = text.split(separator: " ")
    let breaks = (1..<max(words.count, 1)).map { count in
      [words[..<count].joined(separator: " "), words[count...].joined(separator: " ")]
    }
    return breaks.min { widest([$0]) < widest([$1]) } ?? [text]
  }

  private static func widest(_ labels: [[String]]) -> Double {
    labels.joined().map { TextWidth.of($0, size: size) }.max() ?? 0
  }
}
