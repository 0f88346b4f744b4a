/// The names at the left of rows, shortened if they would take too much of the plot's room.
struct RowLabels {
  private let shown: [String]
  private let names: [String]
  private let isMono: Bool
  private let widths: [Double]
  /// The width of the widest name as it is written, in pixels.
  var width: Double { widths.max() ?? 0 }
  /// Whether a name has been shortened.
  var isCut: Bool { shown != names }

  /// Labels of at most `limit` pixels; `areTokens` makes spaces visible and uses a fixed pitch.
  init(_ names: [String], limit: Double, areTokens: Bool = false) {
    self.init(names, limits: names.map { _ in limit }, areTokens: areTokens)
  }

  /// Labels that each have a limit of their own, as where numbers of unlike length share their line.
  init(_ names: [String], limits: [Double], areTokens: Bool = false) {
    self.names = areTokens ? names.map(ReadableText.token) : names
    isMono = areTokens
    let measure = areTokens ? TextWidth.mono : { TextWidth.of($0, size: $1) }
    shown = zip(self.names, limits).map { TextWidth.fitting($0, width: $1, size: 13, measure) }
    // The factor leaves room for bold names.
    widths = shown.map { measure($0, 13) * (areTokens ? 1 : 1.12) }
  }

  /// The width of a name as it is written, in pixels.
  func width(of index: Int) -> Double { widths[index] }

  /// Writes the label of row `index`, ending at `right` or beginning at `left`, vertically centred
  /// on `y`.
  func draw(
    _ index: Int, right: Double, _ y: Double, isBold: Bool = false, on drawing: inout Drawing
  ) {
    draw(index, right, .end, y, isBold, on: &drawing)
  }

  func draw(
    _ index: Int, left: Double, _ y: Double, isBold: Bool = false, on drawing: inout Drawing
  ) {
    draw(index, left, .start, y, isBold, on: &drawing)
  }

  private func draw(
    _ index: Int, _ x: Double, _ anchor: Drawing.Anchor, _ y: Double, _ isBold: Bool,
    on drawing: inout Drawing
  ) {
    drawing.text(
      shown[index], x, y + 4.5, anchor, .init(isBold: isBold, isMono: isMono),
      tooltip: shown[index] == names[index] ? nil : names[index])
  }
}
