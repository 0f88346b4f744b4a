import Charts

/// Writes text from outside into Markdown so that it is shown literally and never has an effect.
package enum Markdown {
  /// `text` as literal words on one line, for any place that holds inlines: the beginning of a
  /// paragraph, a heading, a table cell, a link label.
  ///
  /// Backslashes precede what CommonMark, GFM (pipes, `~~`, `www.` and `://`) or GitHub's formulas
  /// would read as markup. Empty comments divide what a forge would take for a reference. Line
  /// ends, controls and bidirectional marks become visible symbols, as in charts. Spaces at the
  /// ends become character references, which no block syntax strips.
  package static func text(_ text: String) -> String { inline(text, dividing: true) }

  /// `text` as an image description; comments are not allowed there, and forges look for no
  /// references.
  package static func alternative(_ text: String) -> String { inline(text, dividing: false) }

  /// `text` as the content of an HTML element in Markdown, such as `<summary>`.
  package static func html(_ text: String) -> String {
    let scalars = Array(ReadableText.visible(text).unicodeScalars)
    let places = ForgeReferences.places(in: scalars)
    return scalars.enumerated().map { index, scalar in
      ReadableText.xml(String(scalar)) + (places.contains(index) ? ForgeReferences.divider : "")
    }.joined()
  }

  private static func inline(_ text: String, dividing: Bool) -> String {
    let scalars = Array(ReadableText.visible(text).unicodeScalars)
    let listMarker = listMarkerEnd(scalars)
    let places = dividing ? ForgeReferences.places(in: scalars) : []
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let isOuter = index == 0 || index == scalars.count - 1
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      switch scalar {
      case " " where isOuter:
        result.append(contentsOf: "&#32;".unicodeScalars)
        continue
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "&", "#", "$", "@",
        // At the beginning these start a list, an underlined heading, a table's alignment or a
        // bot's command.
        "+" where index == 0 && !isWord(next), "-" where index == 0 && !isWord(next),
        "=" where index == 0, ":" where index == 0 || next == "/", "/" where index == 0,
        "." where endsInWWW(scalars[..<index]),
        _ where index == listMarker:
        result.append("\\")
      default: break
      }
      result.append(scalar)
      if places.contains(index) {
        result.append(contentsOf: ForgeReferences.divider.unicodeScalars)
      }
    }
    return String(result)
  }

  /// `text` as a code span on one line; empty if `text` is empty.
  ///
  /// A pipe is written between two spans: inside a span, a table requires a backslash before the
  /// pipe, which would be visible anywhere else.
  package static func code(_ text: String) -> String {
    ReadableText.visible(text).unicodeScalars
      .split(separator: "|", omittingEmptySubsequences: false)
      .map(span)
      .joined(separator: "\\|")
  }

  private static func span(_ code: Substring.UnicodeScalarView) -> String {
    guard let first = code.first, let last = code.last else { return "" }
    var longest = 0
    var run = 0
    for scalar in code {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    // Markdown strips one space from both ends if both have one and the span is not only spaces.
    let isStripped = first == " " && last == " " && code.contains { $0 != " " }
    let padding = first == "`" || last == "`" || isStripped ? " " : ""
    return fence + padding + String(code) + padding + fence
  }

  /// The index of the dot or parenthesis that would make `1. x` or `1)` a list at the beginning.
  private static func listMarkerEnd(_ scalars: [Unicode.Scalar]) -> Int? {
    let digits = scalars.prefix { ("0"..."9").contains($0) }.count
    guard digits > 0, digits < scalars.count, [".", ")"].contains(scalars[digits]) else {
      return nil
    }
    return digits + 1 < scalars.count && scalars[digits + 1] != " " ? nil : digits
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  private static func endsInWWW(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    scalars.count >= 3 && scalars.suffix(3).allSatisfy { $0 == "w" || $0 == "W" }
  }
}
