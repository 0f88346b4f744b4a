extension TokenStrip: Drawable {
  private static let left = 12.0
  private static let cell = 8.5
  private static let lineHeight = 25.0
  private static let size = 14.0

  /// A token with its place, or a part of a token that is longer than a line.
  private struct Piece {
    let text: String
    let column: Int
    let line: Int
    let cells: Int
    let token: Token
  }

  func draw(on drawing: inout Drawing) {
    // If the values are hardly below zero, the scale is sequential instead of signed.
    let scale =
      range.map { range in
        ColourScale(
          values: range.lowerBound < -0.25 * range.upperBound
            ? [range.lowerBound, range.upperBound] : [max(0, range.lowerBound), range.upperBound],
          isSigned: range.lowerBound < -0.25 * range.upperBound)
      }
      ?? ColourScale(
        values: passages.flatMap(\.tokens).compactMap(\.value), isSigned: true)
    let caption = value.caption + (hasNegative(scale) ? ", below zero underlined" : "")
    ColourLegend(scale: scale, caption: caption).draw(8, 6, on: &drawing)
    var y = 6 + ColourLegend.height + 8
    var remaining = drawing.detail.limit
    let columns = Int((drawing.width - 2 * Self.left) / Self.cell)
    for passage in passages {
      if !passage.label.isEmpty {
        let label = TextWidth.fitting(passage.label, width: drawing.width - 24, size: 13)
        drawing.text(label, Self.left, y + 13, .start, .tick)
        y += 22
      }
      let tokens = passage.tokens.prefix(remaining)
      remaining -= tokens.count
      let pieces = Self.wrapped(tokens, columns: columns)
      draw(pieces, y, scale, on: &drawing)
      y += Double((pieces.last?.line ?? -1) + 1) * Self.lineHeight + 4
      if tokens.count < passage.tokens.count {
        let left = NumberText.decimal(passage.tokens.count - tokens.count, exponent: 0)
        drawing.text("… \(left) more tokens", Self.left, y + 12, .start, .tick)
        y += 22
      }
      y += 10
    }
    drawing.height = y
  }

  private func hasNegative(_ scale: ColourScale) -> Bool {
    passages.contains {
      $0.tokens.contains { $0.value.flatMap(scale.step)?.isNegative ?? false }
    }
  }

  /// Lays tokens out in lines of `columns` cells. A token that does not fit starts a new line; one
  /// longer than a line is split.
  private static func wrapped(_ tokens: ArraySlice<Token>, columns: Int) -> [Piece] {
    var pieces: [Piece] = []
    var column = 0
    var line = 0
    for token in tokens {
      var text = ""
      var cells = 0
      func place() {
        if column > 0, column + cells > columns { (column, line) = (0, line + 1) }
        pieces.append(Piece(text: text, column: column, line: line, cells: cells, token: token))
        column += cells
        (text, cells) = ("", 0)
      }
      for character in ReadableText.visible(token.text) {
        let width = TextWidth.cells(character)
        if cells + width > columns { place() }
        text.append(character)
        cells += min(width, columns)
      }
      if cells > 0 { place() }
    }
    return pieces
  }

  private func draw(
    _ pieces: [Piece], _ top: Double, _ scale: ColourScale, on drawing: inout Drawing
  ) {
    var shades = ColourRuns(scale: scale, height: 21)
    var underlines: [(paint: Paint, path: PathData)] = [(.ink, PathData()), (.ground, PathData())]
    for piece in pieces {
      guard let value = piece.token.value, let step = scale.step(value) else { continue }
      let x = Self.left + Double(piece.column) * Self.cell
      let y = top + Double(piece.line) * Self.lineHeight
      let width = Double(piece.cells) * Self.cell - 0.5
      if drawing.detail.hasTooltips {
        drawing.rectangle(
          x, y, width, 21, fill: step.fill ?? .ground,
          tooltip: "\(Self.name(piece.token)): \(self.value.describe(value))")
      } else {
        shades.add(step, x, y, width)
      }
      if step.isNegative, let index = underlines.firstIndex(where: { $0.paint == step.text }) {
        underlines[index].path.dash(x, y + 19, width)
      }
    }
    shades.draw(on: &drawing)
    for (paint, path) in underlines { drawing.path(path, stroke: .init(paint: paint)) }
    drawing.openMonoGroup(size: Self.size)
    for run in Self.runs(pieces, scale) {
      drawing.text(
        run.text, Self.left + Double(run.column) * Self.cell,
        top + Double(run.line) * Self.lineHeight + 15.5, .start,
        .init(size: Self.size, fill: run.paint, isMono: true),
        length: Double(run.cells) * Self.cell)
    }
    drawing.closeGroup()
  }

  /// The token for a tooltip. It is shortened, because a token that fills many lines has a tooltip
  /// in each.
  private static func name(_ token: Token) -> String {
    let start = token.text.unicodeScalars.prefix(200)
    let name = ReadableText.token(String(String.UnicodeScalarView(start)))
    return start.endIndex < token.text.endIndex ? name + "…" : name
  }

  /// Joins neighbouring pieces of the same look into one text, which keeps lines searchable and the
  /// file small. Pieces with characters that may not have the fixed width stay separate, so that
  /// they cannot shift others.
  private static func runs(_ pieces: [Piece], _ scale: ColourScale) -> [Run] {
    var runs: [Run] = []
    for piece in pieces {
      let step = piece.token.value.flatMap(scale.step)
      let next = Run(
        text: piece.text, column: piece.column, line: piece.line, cells: piece.cells,
        paint: step?.text ?? .muted)
      if let last = runs.last, last.line == next.line, last.paint == next.paint, last.isPlain,
        next.isPlain
      {
        runs[runs.count - 1].text += next.text
        runs[runs.count - 1].cells += next.cells
      } else {
        runs.append(next)
      }
    }
    return runs.compactMap(\.trimmed)
  }

  private struct Run {
    var text: String
    var column: Int
    let line: Int
    var cells: Int
    let paint: Paint

    var isPlain: Bool { text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }

    /// The run without spaces at its ends; spaces inside become no-break spaces, which XML keeps.
    /// Nil if only spaces are left.
    var trimmed: Run? {
      var result = self
      let head = text.prefix { $0 == " " }.count
      if head == text.count { return nil }
      let tail = text.reversed().prefix { $0 == " " }.count
      result.text = String(
        text.dropFirst(head).dropLast(tail).map { $0 == " " ? "\u{A0}" : $0 })
      result.column += head
      result.cells -= head + tail
      return result
    }
  }
}
