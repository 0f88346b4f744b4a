/// Names at the left of rows, cut where they would take the plot's room.
struct RowLabels {
  private let shown: [String]
  private let names: [String]
  private let isMono: Bool
  /// The widest name as it is written, in pixels.
  let width: Double

  /// Labels at most `limit` pixels wide; `areTokens` shows spaces and sets them in a fixed pitch.
  init(_ names: [String], limit: Double, areTokens: Bool = false) {
    self.names = areTokens ? names.map(ReadableText.token) : names
    isMono = areTokens
    let measure = areTokens ? TextWidth.mono : { TextWidth.of($0, size: $1) }
    shown = self.names.map { TextWidth.fitting($0, width: limit, size: 13, measure) }
    width = shown.map { measure($0, 13) }.max() ?? 0
  }

  /// Writes the label of row `index`, ending at `right`, centred on `y`.
  func draw(_ index: Int, right: Double, _ y: Double, on drawing: inout Drawing) {
    drawing.text(
      shown[index], right, y + 4.5, .end, .init(isMono: isMono),
      tooltip: shown[index] == names[index] ? nil : names[index])
  }
}
