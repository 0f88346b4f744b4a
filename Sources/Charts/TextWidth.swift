/// Estimates the width of text in pixels, from above, because the reader's fonts are unknown.
///
/// The widths are the larger of DejaVu Sans (the widest common system font) and Arial, so that
/// labels placed with them neither touch nor leave the box in any font.
package enum TextWidth {
  /// The width of `text` at a font size of `size` pixels.
  package static func of(_ text: String, size: Double, bold: Bool = false) -> Double {
    let em = text.unicodeScalars.reduce(0) { $0 + advance($1) }
    return em * size * (bold ? 1.12 : 1)
  }

  /// The width of `text` in a fixed pitch at a font size of `size` pixels.
  package static func mono(_ text: String, size: Double) -> Double {
    Double(text.reduce(0) { $0 + cells($1) }) * size * 0.61
  }

  /// `text`, or as much of it as fits in `width` with an ellipsis.
  package static func fitting(
    _ text: String, width: Double, size: Double,
    _ measure: (String, Double) -> Double = { of($0, size: $1) }
  ) -> String {
    if measure(text, size) <= width { return text }
    var used = measure("…", size)
    var kept = ""
    for character in text {
      used += measure(String(character), size)
      if used > width { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// The number of cells that `character` takes in a fixed pitch: 1, or 2 for ideographs and emoji.
  package static func cells(_ character: Character) -> Int {
    if character.unicodeScalars.contains(where: isWide) { return 2 }
    return max(1, character.unicodeScalars.count { !isZeroWidth($0) })
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    let value = Int(scalar.value)
    if (32..<127).contains(value) { return Double(asciiAdvances[value - 32]) / 100 }
    if isZeroWidth(scalar) { return 0 }
    if isWide(scalar) { return 1.25 }
    switch value {
    case 0xB2, 0xB3, 0xB9, 0x2070...0x207F: return 0.55
    case 0..<0x590: return 0.8
    case 0x2190..<0x2C00: return 0.88
    default: return 1
    }
  }

  /// The widths of U+0020 … U+007E in hundredths of an em; Tests/reference/glyph_widths.py makes
  /// them.
  private static let asciiAdvances: [UInt8] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 56, 102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79,
    67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56, 50, 62, 64, 55, 64, 62, 36, 64,
    64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
  ]

  private static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x300 { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return true
    default: return false
    }
  }

  /// Whether a character is East Asian wide or drawn as an emoji.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      true
    case 0x2300...0x2BFF: scalar.properties.isEmojiPresentation
    default: false
    }
  }
}
