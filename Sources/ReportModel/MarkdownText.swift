import Charts

/// Text from outside on its way into Markdown: shown as it is, never obeyed.
package enum Markdown {
  /// `text` as literal words, on one line, wherever inlines may stand: a paragraph's beginning, a
  /// heading, a table's cell, a link's label.
  ///
  /// Backslashes go before what CommonMark, GFM (pipes, `~~`, `www.` and `://`) or GitHub's
  /// formulas would read as markup, empty comments into what a forge would take for a reference.
  /// Line ends, controls and bidirectional marks become symbols, as in charts; outer spaces stay as
  /// character references, which no block syntax strips.
  package static func text(_ text: String) -> String { inline(text, dividing: true) }

  /// `text` as an image's description, where no comment may stand and forges look for no reference.
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
        // At the beginning: a list, a line below a heading, a table's alignment, a bot's command.
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

  /// `text` as a code span, on one line; empty for an empty text.
  ///
  /// A pipe stands between two spans: inside one, a table wants a backslash before it that would
  /// be shown everywhere else.
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
    // One space is stripped from both ends when both have one and there is more than spaces.
    let isStripped = first == " " && last == " " && code.contains { $0 != " " }
    let padding = first == "`" || last == "`" || isStripped ? " " : ""
    return fence + padding + String(code) + padding + fence
  }

  /// Where the dot or parenthesis stands that would make `1. x` or `1)` at the beginning a list.
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
