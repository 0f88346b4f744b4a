/// A value that a template can print or test.
enum TemplateValue {
  /// Text, which is escaped; empty text counts as missing in a section.
  case text(String)
  /// A path below the site, for an `href`.
  case path(String)
  /// HTML made by the renderer.
  case html(String)
  case flag(Bool)
  case list([[String: TemplateValue]])

  /// The value as a tag shows it, safe in HTML.
  var printed: String {
    switch self {
    case .text(let text): HTMLText.escaped(HTMLText.bound(text))
    case .path(let path): SafeAddress.encoded(path: path)
    case .html(let html): html
    case .flag(let flag): flag ? "true" : "false"
    case .list: ""
    }
  }

  /// Whether a section omits it.
  var isAbsent: Bool {
    switch self {
    case .text(let text), .path(let text), .html(let text): text.isEmpty
    case .flag(let flag): !flag
    case .list(let rows): rows.isEmpty
    }
  }
}
