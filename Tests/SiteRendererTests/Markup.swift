/// HTML as a browser's tokeniser would see it, as far as these tests need it.
enum Markup {
  struct Element {
    var name: Substring
    var isEnd: Bool
    /// Their names.
    var attributes: [Substring]
  }

  private static let void: Set<Substring> = ["br", "hr", "img", "input", "link", "meta"]

  /// The tags of `html` in order, comments and the document type left out.
  static func elements(in html: String) -> [Element] {
    let tag = /<(\/?)([a-zA-Z][^\s>\/]*)((?:[^>"]|"[^"]*")*)>/.matchingSemantics(.unicodeScalar)
    let attribute = /([^\s"=\/]+)(?:="[^"]*")?/.matchingSemantics(.unicodeScalar)
    return html.matches(of: tag).map { match in
      Element(
        name: match.2, isEnd: !match.1.isEmpty,
        attributes: match.3.matches(of: attribute).map { $0.1 })
    }
  }

  /// The first tag that closes nothing, or is left open.
  static func fault(in html: String) -> String? {
    var open: [Substring] = []
    for element in elements(in: html) where !void.contains(element.name) {
      if !element.isEnd {
        open.append(element.name)
      } else if open.popLast() != element.name {
        return "</\(element.name)>"
      }
    }
    return open.last.map { "<\($0)>" }
  }
}
