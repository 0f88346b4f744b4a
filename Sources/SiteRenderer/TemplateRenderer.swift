/// Fills templates with values.
struct TemplateRenderer {
  let templates: [String: Template]
  /// The values in scope: one frame for the page, and one for each row or value that open
  /// sections have entered, the innermost last. The key "." holds the value of `{{.}}`.
  private var values: [[String: TemplateValue]]
  /// The blocks that inheriting templates have set for the template being rendered.
  private var blocks: [String: [Template.Node]] = [:]
  /// The indentation of each line that a partial writes. Lines inside a value are not indented.
  private var indentation = ""
  private(set) var text = ""

  init(templates: [String: Template], values: [String: TemplateValue]) {
    self.templates = templates
    self.values = [values]
  }

  mutating func render(_ name: String) {
    render(templates[name]?.nodes ?? [])
  }

  private mutating func render(_ nodes: [Template.Node]) {
    for node in nodes { render(node) }
  }

  private mutating func render(_ node: Template.Node) {
    switch node {
    case .text(let words):
      if indentation.isEmpty {
        text += words
      } else {
        for line in words.split(after: "\n") { write(line) }
      }
    case .variable(let name): write(value(name)?.printed ?? "")
    case .section(let name, let inner, let isInverted):
      let value = value(name)
      if isInverted {
        if value?.isAbsent ?? true { render(inner) }
      } else if let value, !value.isAbsent {
        render(inner, for: value)
      }
    case .partial(let name, let own):
      let outer = indentation
      indentation += own
      render(name)
      indentation = outer
    case .parent(let name, let own):
      // A block of an inheriting template replaces this template's.
      let outer = blocks
      blocks = own.merging(outer) { _, outer in outer }
      render(name)
      blocks = outer
    case .block(let name, let inner): render(blocks[name] ?? inner)
    }
  }

  private mutating func render(_ nodes: [Template.Node], for value: TemplateValue) {
    switch value {
    case .flag: render(nodes)
    case .list(let rows):
      for row in rows {
        values.append(row)
        render(nodes)
        values.removeLast()
      }
    case .text, .path, .html:
      values.append([".": value])
      render(nodes)
      values.removeLast()
    }
  }

  private mutating func write(_ words: some StringProtocol) {
    let isNewLine = text.isEmpty || text.utf8.last == UInt8(ascii: "\n")
    if isNewLine, !words.isEmpty, words != "\n" { text += indentation }
    text += words
  }

  private func value(_ name: String) -> TemplateValue? {
    for frame in values.reversed() {
      if let value = frame[name] { return value }
    }
    return nil
  }
}

extension String {
  /// The parts of the string that end with `end`, and the rest if it is not empty.
  fileprivate func split(after end: Character) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let place = rest.firstIndex(of: end) {
      parts.append(rest[...place])
      rest = rest[place...].dropFirst()
    }
    return rest.isEmpty ? parts : parts + [rest]
  }
}
