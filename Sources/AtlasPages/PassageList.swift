import Atlas
import Charts
import SiteRenderer

/// Passages as text whose tokens are shaded by a neuron's activation, as HTML.
struct PassageList {
  let findings: AtlasFindings
  let passages: [AtlasPassage]
  /// The activation at which the shade is deepest.
  let scale: Double

  init(_ findings: AtlasFindings, _ passages: [AtlasPassage], scale: Double) {
    self.findings = findings
    self.passages = passages
    self.scale = scale
  }

  var html: String {
    guard !passages.isEmpty else { return "" }
    return "<ul class=\"passages\">\n"
      + passages.map { "<li><b>\(label($0))</b>\(text($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// `Dutch, document 12, confirms · mean 1.23, strongest 2.31 at “␣het”`
  private func label(_ passage: AtlasPassage) -> String {
    let strongest = passage.values.indices.max { passage.values[$0] < passage.values[$1] }
    let peak = strongest.map {
      ", here up to \(AtlasText.fixed(passage.values[$0], 2)) at "
        + "“\(ReadableText.token(passage.tokens[$0]))”"
    }
    let share = passage.share.map { "\(AtlasText.fixed(100 * $0, 0)) % quantile · " } ?? ""
    return HTMLText.escaped(
      HTMLText.bound(
        "\(share)\(ReadableText.visible(findings.labelNames[passage.label])), document "
          + "\(passage.document + 1), \(passage.confirms ? "confirms" : "chose") · mean "
          + "\(AtlasText.fixed(passage.mean, 2))\(peak ?? "")"))
  }

  /// The tokens; neighbours of one shade share an element.
  private func text(_ passage: AtlasPassage) -> String {
    var html = ""
    var open: String?
    for (token, value) in zip(passage.tokens, passage.values) {
      let shade = Self.shade(value, scale: scale)
      if shade != open {
        if let open { html += "</\(open.prefix(1))>" }
        if let shade { html += "<\(shade.prefix(1)) class=\(shade.suffix(1))>" }
        open = shade
      }
      html += HTMLText.escaped(ReadableText.visible(token))
    }
    if let open { html += "</\(open.prefix(1))>" }
    return html
  }

  /// The element and the class of an activation: `i` above zero and `u` below, from `a` to `d`; nil
  /// for a tenth of the scale or less.
  static func shade(_ value: Double, scale: Double) -> String? {
    guard scale > 0, value.isFinite else { return nil }
    let depth = value.magnitude / scale
    let step =
      switch depth {
      case ..<0.1: ""
      case ..<0.3: "a"
      case ..<0.5: "b"
      case ..<0.75: "c"
      default: "d"
      }
    return step.isEmpty ? nil : (value > 0 ? "i" : "u") + step
  }
}
