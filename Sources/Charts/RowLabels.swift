/// Names at the left of rows, cut where they would take the plot's room.
struct RowLabels {
  private let shown: [String]
  private let names: [String]
  private let isMono: Bool
  /// The widest name as it is written, in pixels.
  let width: Double

  /// Labels at most `limit` pixels wide; `areTokens` shows spaces and sets them in a fixed pitch.
  init(_ names: [String], limit: Double, areTokens: Bool = false) {
    let texts = areTokens ? names.map(ReadableText.token) : names
    let cell = areTokens ? 1.15 : 1.0
    self.names = texts
    isMono = areTokens
    shown = texts.map { TextWidth.fitting($0, width: limit / cell, size: 13) }
    width = (shown.map { TextWidth.of($0, size: 13) }.max() ?? 0) * cell
  }

  /// Writes the label of row `index`, ending at `right`, centred on `y`.
  func draw(_ index: Int, right: Double, _ y: Double, on drawing: inout Drawing) {
    drawing.text(
      shown[index], right, y + 4.5, .end, .init(isMono: isMono),
      tooltip: shown[index] == names[index] ? nil : names[index])
  }
}
