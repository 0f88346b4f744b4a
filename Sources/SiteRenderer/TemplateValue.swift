import Mustache

/// What a template is given under one name.
enum TemplateValue {
  /// Text, shown as it is; empty text counts as absent in a section.
  case text(String)
  /// A path below the site, for an `href`.
  case path(String)
  /// HTML that the renderer made.
  case html(String)
  case flag(Bool)
  case list([[String: TemplateValue]])

  /// The value as the template engine reads it.
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
