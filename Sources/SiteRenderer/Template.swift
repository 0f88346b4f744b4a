import Diagnostics

/// A template, parsed: Mustache with inheritance. Three features of Mustache are left out: other
/// delimiters, templates chosen at run time, and functions.
///
/// If a tag that opens, closes, includes or comments is alone on its line, the line is removed with
/// it.
struct Template: Sendable {
  enum Node: Sendable {
    case text(String)
    case variable(String)
    /// A section, shown once for each row of a list and once for any other value that is present;
    /// an inverted section is shown if the value is absent.
    case section(String, [Node], isInverted: Bool)
    /// Another template in the place of the tag. Each of its lines is indented by `indentation`.
    case partial(String, indentation: String)
    /// Another template, in which the given blocks replace its own.
    case parent(String, blocks: [String: [Node]])
    /// A block: its nodes are shown unless an inheriting template replaces them.
    case block(String, [Node])
  }

  let nodes: [Node]

  /// - Parameter text: a template whose sections are all closed, which `TemplateTags` has checked
  /// - Throws: `Diagnostic` of kind `.study` with the line of a tag that is not Mustache
  init(_ text: String, file: String) throws {
    var parser = TemplateParser(text, file: file)
    nodes = try parser.nodes(until: nil)
  }
}

/// Parses a template from its start to its end.
private struct TemplateParser {
  private let bytes: [UInt8]
  private let file: String
  private var place = 0
  /// Whether only spaces precede `place` on its line.
  private var isAtLineStart = true

  init(_ text: String, file: String) {
    bytes = Array(text.utf8)
    self.file = file
  }

  private struct Tag {
    /// The character that gives the kind: `#`, `^`, `/`, `>`, `<`, `$` or `!`; a space for a
    /// variable.
    let sigil: Character
    let name: String
    let start: Int
    /// The spaces before a tag whose line is removed with it; nil for any other tag.
    let indentation: String?
  }

  /// Parses nodes up to the tag that closes `name`, or to the end of the text.
  ///
  /// - Parameter isParent: whether the nodes are inside a parent tag, where only blocks are allowed
  mutating func nodes(until name: String?, isParent: Bool = false) throws -> [Template.Node] {
    var nodes: [Template.Node] = []
    while let tag = try next(&nodes) {
      if isParent, !"$/!".contains(tag.sigil) {
        throw meaningless(tag.start, "a tag among blocks that is none")
      }
      switch tag.sigil {
      case "/": return nodes
      case "!": break
      case "#", "^":
        let inner = try self.nodes(until: tag.name)
        nodes.append(.section(tag.name, inner, isInverted: tag.sigil == "^"))
      case "$": nodes.append(.block(tag.name, try self.nodes(until: tag.name)))
      case ">": nodes.append(.partial(tag.name, indentation: tag.indentation ?? ""))
      case "<":
        var blocks: [String: [Template.Node]] = [:]
        for case .block(let name, let inner) in try self.nodes(until: tag.name, isParent: true) {
          blocks[name] = inner
        }
        nodes.append(.parent(tag.name, blocks: blocks))
      default: nodes.append(.variable(tag.name))
      }
    }
    return nodes
  }

  /// Reads up to and including the next tag and appends the text before it to `nodes`; nil at the
  /// end.
  private mutating func next(_ nodes: inout [Template.Node]) throws -> Tag? {
    let start = place
    while place < bytes.count, !isOpening(place) { place += 1 }
    let line = bytes[start..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    let spaces = (line ?? start)..<place
    let isFirst = (line != nil || isAtLineStart) && bytes[spaces].allSatisfy(Self.isSpace)
    guard place < bytes.count else {
      append(start..<place, to: &nodes)
      return nil
    }
    let opening = place
    var (sigil, name) = try read()
    let lineEnd = isFirst && sigil != " " ? endOfLine : nil
    let indentation = lineEnd.map { _ in String(decoding: bytes[spaces], as: UTF8.self) }
    append(start..<(lineEnd == nil ? opening : spaces.lowerBound), to: &nodes)
    isAtLineStart = lineEnd != nil
    if let lineEnd { place = lineEnd }
    if sigil == "!" { name = "" }
    return Tag(sigil: sigil, name: name, start: opening, indentation: indentation)
  }

  /// Reads the tag that opens at `place`.
  private mutating func read() throws -> (Character, String) {
    let opening = place
    let isTriple = bytes[opening...].starts(with: "{{{".utf8)
    let closing = Array((isTriple ? "}}}" : "}}").utf8)
    var end = opening + (isTriple ? 3 : 2)
    let inside = end
    while end < bytes.count, !bytes[end...].starts(with: closing) { end += 1 }
    guard end < bytes.count else { throw meaningless(opening, "no \(isTriple ? "}}}" : "}}")") }
    place = end + closing.count
    var content = String(decoding: bytes[inside..<end], as: UTF8.self)[...]
    var sigil: Character = " "
    if !isTriple, let first = content.first, "#^/><$!&".contains(first) {
      sigil = first == "&" ? " " : first
      content = content.dropFirst()
    }
    let name = content.drop(while: \.isWhitespace)
    let trimmed = String(name.prefix { !$0.isWhitespace })
    let rest = name.dropFirst(trimmed.count)
    let isName = trimmed == "." && sigil != ">" || trimmed.utf8.allSatisfy(Self.isNameByte)
    guard sigil == "!" || !trimmed.isEmpty && isName && rest.allSatisfy(\.isWhitespace) else {
      throw meaningless(opening, "{{\(content.prefix(80))}}")
    }
    return (sigil, trimmed)
  }

  /// The start of the next line, if only spaces are left on this one; else nil.
  private var endOfLine: Int? {
    var end = place
    while end < bytes.count, Self.isSpace(bytes[end]) { end += 1 }
    if end == bytes.count { return end }
    if bytes[end] == UInt8(ascii: "\n") { return end + 1 }
    return bytes[end...].starts(with: "\r\n".utf8) ? end + 2 : nil
  }

  private func append(_ range: Range<Int>, to nodes: inout [Template.Node]) {
    if range.isEmpty { return }
    nodes.append(.text(String(decoding: bytes[range], as: UTF8.self)))
  }

  private func isOpening(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "{") && bytes[index...].starts(with: "{{".utf8)
  }

  private func meaningless(_ index: Int, _ found: String) -> Diagnostic {
    let line = bytes[..<index].count { $0 == UInt8(ascii: "\n") } + 1
    return Diagnostic(
      .study, file: file, field: "line \(line)", expected: "a Mustache tag", found: found,
      advice: "README.md of `reportgen templates --export DIR` explains the tags.")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "_-".utf8.contains(byte)
  }
}
