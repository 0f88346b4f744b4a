/// The legend above a plot: samples and names, in as many rows as needed.
struct Legend {
  /// The sample before a name.
  enum Sample {
    case line(SeriesStyle, hasMarker: Bool)
    case dot(SeriesStyle)
    case bar(SeriesStyle)
    case band
    /// A level for reference.
    case reference
  }

  static let rowHeight = 22.0
  private static let sampleWidth = 32.0

  private var placed: [(x: Double, row: Int, sample: Sample, name: String)] = []

  /// A legend of at most `width` pixels; entries with empty names are left out.
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

  var height: Double { placed.last.map { Double($0.row + 1) * Self.rowHeight + 6 } ?? 0 }

  func draw(_ left: Double, _ top: Double, on drawing: inout Drawing) {
    for entry in placed {
      let x = left + entry.x
      let y = top + Double(entry.row) * Self.rowHeight + 11
      Self.draw(entry.sample, x, y, on: &drawing)
      drawing.text(entry.name, x + Self.sampleWidth, y + 5, .start, .init(size: 14))
    }
  }

  /// Draws a sample, 26 pixels wide and vertically centred on `y`.
  static func draw(_ sample: Sample, _ x: Double, _ y: Double, on drawing: inout Drawing) {
    switch sample {
    case .line(let style, let hasMarker):
      drawing.line(x, y, x + 26, y, style.stroke(width: 2.5))
      guard hasMarker else { return }
      var path = PathData()
      path.marker(style.marker, x + 13, y)
      drawing.path(path, fill: style.paint)
    case .dot(let style):
      drawing.dot(x + 15, y, style)
    case .bar(let style):
      drawing.bar(x + 6, y - 6, 18, 12, style)
    case .band:
      drawing.rectangle(x + 2, y - 6, 24, 12, fill: .axis, opacity: 0.45)
    case .reference:
      drawing.line(x, y, x + 26, y, .reference)
    }
  }
}
