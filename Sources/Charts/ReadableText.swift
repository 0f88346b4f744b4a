/// Text from outside in a form that is safe in a chart: nothing in it acts, hides or reorders other
/// text.
///
/// Control characters become their symbols, bidirectional controls become arrows (U+202E could make
/// a label read backwards), invisible characters a dotted circle, and characters that XML 1.0
/// forbids U+FFFD.
package enum ReadableText {
  /// `text` with every control character replaced by a visible symbol.
  package static func visible(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(visible(scalar)) }
    return String(result)
  }

  /// The text of a token as in `visible`, with visible spaces at its ends, which a label would
  /// lose.
  package static func token(_ text: String) -> String {
    let shown = visible(text)
    let head = shown.prefix { $0 == " " }.count
    if head == shown.count { return String(repeating: "␣", count: head) }
    let tail = shown.reversed().prefix { $0 == " " }.count
    return String(repeating: "␣", count: head) + shown.dropFirst(head).dropLast(tail)
      + String(repeating: "␣", count: tail)
  }

  /// `text` as XML content: as in `visible`, with markup characters escaped.
  package static func xml(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      default: result.append(visible(scalar))
      }
    }
    return String(result)
  }

  /// `slug` as an XML name: letters, digits and hyphens, with a letter first.
  package static func identifier(_ slug: String) -> String {
    let allowed = slug.unicodeScalars.map { scalar -> Character in
      let isNameLike =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isNameLike ? Character(scalar) : "-"
    }
    guard let first = allowed.first, first.isLetter else { return "chart-" + String(allowed) }
    return String(allowed)
  }

  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x09: "→"
    case 0x0A, 0x85, 0x2028, 0x2029: "↵"
    case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "␡"
    case 0x80...0x9F, 0xFDD0...0xFDEF: "\u{FFFD}"
    case 0x200E, 0x202A, 0x202D, 0x2066: "⇒"
    case 0x061C, 0x200F, 0x202B, 0x202E, 0x2067: "⇐"
    case 0x202C, 0x2068, 0x2069: "⇔"
    case 0xAD, 0x200B, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: "◌"
    case let value where value & 0xFFFE == 0xFFFE: "\u{FFFD}"
    default: scalar
    }
  }
}
