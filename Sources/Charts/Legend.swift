/// The key of a chart above its plot: samples and names in rows that wrap.
struct Legend {
  /// What stands before a name.
  enum Sample {
    case line(SeriesStyle, hasMarker: Bool)
    case marker(SeriesStyle, isHollow: Bool)
    case bar(SeriesStyle)
    case band
  }

  static let rowHeight = 22.0
  private static let sampleWidth = 32.0

  private var placed: [(x: Double, row: Int, sample: Sample, name: String)] = []

  /// A legend within `width` pixels; empty names are left out.
  init(_ entries: [(sample: Sample, name: String)], width: Double) {
    var x = 0.0
    var row = 0
    for entry in entries where !entry.name.isEmpty {
      let name = TextWidth.fitting(entry.name, width: width - Self.sampleWidth, size: 14)
      let needed = Self.sampleWidth + TextWidth.of(name, size: 14)
      if x > 0, x + needed > width {
        x = 0
        row += 1
      }
      placed.append((x, row, entry.sample, name))
      x += needed + 24
    }
  }

  var height: Double { placed.last.map { Double($0.row + 1) * Self.rowHeight } ?? 0 }

  func draw(_ left: Double, _ top: Double, on drawing: inout Drawing) {
    for entry in placed {
      let x = left + entry.x
      let y = top + Double(entry.row) * Self.rowHeight + 11
      Self.draw(entry.sample, x, y, on: &drawing)
      drawing.text(entry.name, x + Self.sampleWidth, y + 5, .start, .init(size: 14))
    }
  }

  /// A sample 26 pixels wide, centred vertically on `y`.
  static func draw(_ sample: Sample, _ x: Double, _ y: Double, on drawing: inout Drawing) {
    var path = PathData()
    switch sample {
    case .line(let style, let hasMarker):
      drawing.line(x, y, x + 26, y, style.stroke(width: 2.5))
      guard hasMarker else { return }
      path.marker(style.marker, x + 13, y)
      drawing.path(path, fill: style.paint)
    case .marker(let style, let isHollow):
      path.marker(style.marker, x + 15, y, radius: 5)
      drawing.path(
        path, fill: isHollow ? .ground : style.paint, stroke: .init(paint: style.paint, width: 2))
    case .bar(let style):
      drawing.rectangle(x + 8, y - 6, 16, 12, fill: style.paint)
    case .band:
      drawing.rectangle(x + 2, y - 6, 24, 12, fill: .axis, opacity: 0.35)
    }
  }
}
