import Mustache

/// A value for a template.
enum TemplateValue {
  /// Text, which is escaped; empty text counts as missing in a section.
  case text(String)
  /// A path below the site, for an `href`.
  case path(String)
  /// HTML made by the renderer.
  case html(String)
  case flag(Bool)
  case list([[String: TemplateValue]])

  /// The value in the form that the template engine expects.
  var forTemplates: Any {
    switch self {
    case .text(let text): Printed(renderText: HTMLText.escaped(HTMLText.bound(text)))
    case .path(let path): Printed(renderText: SafeAddress.encoded(path: path))
    case .html(let html): Printed(renderText: html)
    case .flag(let flag): flag
    case .list(let rows): rows.map { $0.mapValues(\.forTemplates) }
    }
  }

  private struct Printed: MustacheCustomRenderable {
    let renderText: String
    var isNull: Bool { renderText.isEmpty }
  }
}
