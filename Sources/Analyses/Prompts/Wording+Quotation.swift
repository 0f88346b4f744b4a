import Charts

extension Wording {
  /// Text from outside, quoted for a caption: `“ van”`. Control characters become symbols, and a
  /// long text ends in `…`.
  static func quoted(_ text: String, limit: Int = 60) -> String {
    let scalars = text.unicodeScalars
    let isCut = scalars.count > limit
    let shown = String(String.UnicodeScalarView(scalars.prefix(isCut ? limit - 1 : limit)))
    return "“\(ReadableText.visible(shown))\(isCut ? "…" : "")”"
  }
}
