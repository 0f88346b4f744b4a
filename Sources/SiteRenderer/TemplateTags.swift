import Diagnostics

/// The tags of one template, checked for what the renderer would ignore or fail on.
struct TemplateTags {
  /// The templates that this one includes, with the lines of the tags.
  private(set) var partials: [(name: String, line: Int)] = []
  /// The values that this template uses, with the lines of the tags.
  private(set) var variables: [(name: String, line: Int)] = []

  /// The deepest nesting of sections. It is more than a page needs and limits the renderer's
  /// recursion.
  private static let deepest = 32

  /// Reads the tags of `text`, a template from the user's file `file`.
  ///
  /// - Throws: `Diagnostic` of kind `.study` with the line, for a tag or section that is not
  ///   closed, and for tags that change the delimiters, the escaping or the choice of the template
  ///   at run time.
  init(_ text: String, file: String) throws {
    func failure(_ line: Int, expected: String, found: String, advice: String) -> Diagnostic {
      Diagnostic(
        .study, file: file, field: "line \(line)", expected: expected, found: found,
        advice: advice)
    }
    var open: [(name: String, line: Int)] = []
    var line = 1
    var rest = text.utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "{")) {
      line += rest[..<start].count { $0 == UInt8(ascii: "\n") }
      let inside = rest[start...].dropFirst(2)
      guard rest[start...].starts(with: "{{".utf8) else {
        rest = rest[start...].dropFirst()
        continue
      }
      guard let end = Self.end(of: inside) else {
        throw failure(
          line, expected: "}} at the end of a tag", found: "the end of the file",
          advice: "Close the tag that opens on this line.")
      }
      let tag = inside[..<end]
      let sigil = tag.first.map { Character(Unicode.Scalar($0)) } ?? " "
      let name = String(Substring(tag.dropFirst())).filter { !$0.isWhitespace }
      switch sigil {
      case "#", "^", "$", "<":
        open.append((name, line))
        guard open.count <= Self.deepest else {
          throw failure(
            line, expected: "at most \(Self.deepest) sections inside each other",
            found: "one more", advice: "Move the inner sections to a template of their own.")
        }
      case "/":
        guard let opener = open.popLast(), opener.name == name else {
          throw failure(
            line, expected: open.last.map { "{{/\($0.name)}}" } ?? "the tag that opens \(name)",
            found: "{{/\(name)}}", advice: "Close sections in the order that they open in.")
        }
      case "=", "%":
        throw failure(
          line, expected: "{{ and }} as delimiters, and HTML as the content", found: "{{\(sigil)",
          advice: "Remove this tag.")
      default: break
      }
      if !"!/$<>=%".contains(sigil) {
        let isMarked = "#^&{".contains(sigil)
        variables.append((Self.variable(String(Substring(isMarked ? tag.dropFirst() : tag))), line))
      }
      if sigil == ">" || sigil == "<" {
        guard !name.hasPrefix("*") else {
          throw failure(
            line, expected: "the name of a template", found: name,
            advice: "Name the template; it cannot be chosen by a variable.")
        }
        partials.append((name, line))
      }
      line += tag.count { $0 == UInt8(ascii: "\n") }
      rest = inside[end...].dropFirst(2)
    }
    if let left = open.last {
      throw failure(
        left.line, expected: "{{/\(left.name)}} further down", found: "the end of the file",
        advice: "Close the section that opens on this line.")
    }
  }

  /// The name of the value in `count(title)`, `title.path` or ` title `; empty if the tag means the
  /// section's own value, as `.` and `first()` do.
  private static func variable(_ tag: String) -> String {
    let words = tag.split(separator: "(", omittingEmptySubsequences: false).last ?? ""
    let name = words.prefix { $0 != ")" && $0 != "." }
    return name.filter { !$0.isWhitespace }
  }

  private static func end(of tag: Substring.UTF8View) -> String.Index? {
    var index = tag.startIndex
    while let brace = tag[index...].firstIndex(of: UInt8(ascii: "}")) {
      if tag[brace...].starts(with: "}}".utf8) { return brace }
      index = tag.index(after: brace)
    }
    return nil
  }
}
