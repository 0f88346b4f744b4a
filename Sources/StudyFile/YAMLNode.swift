import CLibYAML
import Diagnostics

/// A value of a YAML text and the line on which it begins.
enum YAMLNode {
  case scalar(String, isPlain: Bool, line: Int)
  case sequence([YAMLNode], line: Int)
  case mapping([(key: YAMLNode, value: YAMLNode)], line: Int)

  var line: Int {
    switch self {
    case .scalar(_, _, let line), .sequence(_, let line), .mapping(_, let line): line
    }
  }

  /// The text of a scalar; nil for a list or a mapping.
  var text: String? {
    if case .scalar(let text, _, _) = self { text } else { nil }
  }

  /// Parses a text with at most one document; a text without one gives an empty scalar.
  ///
  /// - Throws: `Diagnostic` of kind `.study` with the line and column.
  init(parsing text: String, file: String) throws {
    var text = text
    self = try text.withUTF8 { bytes in
      let parser = YAMLParser(bytes, file: file)
      return try parser.document() ?? .scalar("", isPlain: true, line: 1)
    }
  }
}

/// Builds the tree of nodes from libyaml's events. No other code calls libyaml.
private final class YAMLParser {
  /// The deepest nesting: more than any study needs, and few enough levels for the stack.
  private static let depthLimit = 100

  private var parser = yaml_parser_t()
  private let file: String

  /// - Parameter bytes: UTF-8 that stays in memory as long as the parser is used
  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    self.file = file
    // This fails only for want of memory, and then the first event is an error.
    _ = yaml_parser_initialize(&parser)
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
  }

  deinit { yaml_parser_delete(&parser) }

  func document() throws -> YAMLNode? {
    try expect(YAML_STREAM_START_EVENT)
    let start = try Event(self)
    if start.type == YAML_STREAM_END_EVENT { return nil }
    let root = try node(from: Event(self), depth: 0)
    try expect(YAML_DOCUMENT_END_EVENT)
    let next = try Event(self)
    guard next.type == YAML_STREAM_END_EVENT else {
      throw fault(next.place, found: "another document")
    }
    return root
  }

  private func expect(_ type: yaml_event_type_t) throws {
    let event = try Event(self)
    if event.type != type { throw fault(event.place, found: "something else") }
  }

  private func node(from event: Event, depth: Int) throws -> YAMLNode {
    guard depth < Self.depthLimit else {
      throw fault(event.place, found: "more than \(Self.depthLimit) levels")
    }
    switch event.type {
    case YAML_SCALAR_EVENT:
      return .scalar(event.text, isPlain: event.isPlain, line: event.line)
    case YAML_SEQUENCE_START_EVENT:
      var items: [YAMLNode] = []
      while let item = try next(before: YAML_SEQUENCE_END_EVENT) {
        items.append(try node(from: item, depth: depth + 1))
      }
      return .sequence(items, line: event.line)
    case YAML_MAPPING_START_EVENT:
      var pairs: [(key: YAMLNode, value: YAMLNode)] = []
      while let key = try next(before: YAML_MAPPING_END_EVENT) {
        let key = try node(from: key, depth: depth + 1)
        pairs.append((key, try node(from: Event(self), depth: depth + 1)))
      }
      try refuseDuplicates(pairs.map(\.key))
      return .mapping(pairs, line: event.line)
    default:
      // Aliases with an anchor are refused before parsing, so this alias has none.
      throw fault(event.place, found: "undefined alias")
    }
  }

  private func next(before end: yaml_event_type_t) throws -> Event? {
    let event = try Event(self)
    return event.type == end ? nil : event
  }

  private func refuseDuplicates(_ keys: [YAMLNode]) throws {
    let named = Dictionary(grouping: keys, by: \.text)
    let twice = named.filter { $0.key != nil && $0.value.count > 1 }
      .compactMap { name, keys in name.map { (name: $0, line: keys[0].line) } }
      .sorted { $0.name < $1.name }
    guard let first = twice.first else { return }
    let names = twice.map { "\"\($0.name.prefix(80))\"" }.joined(separator: ", ")
    throw fault(
      "line \(first.line)", expected: "each key once", found: "\(names) more than once")
  }

  private func fault(_ place: String, expected: String = "YAML", found: String) -> Diagnostic {
    Diagnostic(
      .study, file: file, field: place, expected: expected, found: found,
      advice: "Mend the YAML; text that holds a colon, a # or a quotation mark needs quoting.")
  }

  private var problem: Diagnostic {
    guard parser.error == YAML_SCANNER_ERROR || parser.error == YAML_PARSER_ERROR,
      let words = parser.problem
    else { return fault("", found: "text that cannot be read as YAML") }
    let text = String(cString: words)
    // The library's message may begin with "found", which our sentence has already.
    return fault(
      Self.place(parser.problem_mark),
      found: text.hasPrefix("found ") ? String(text.dropFirst(6)) : text)
  }

  private static func place(_ mark: yaml_mark_t) -> String {
    "line \(mark.line + 1), column \(mark.column + 1)"
  }

  /// One event of libyaml. It frees the memory that the library has allocated for it.
  private final class Event {
    private var event = yaml_event_t()

    init(_ parser: YAMLParser) throws {
      guard yaml_parser_parse(&parser.parser, &event) == 1 else { throw parser.problem }
    }

    deinit { yaml_event_delete(&event) }

    var type: yaml_event_type_t { event.type }
    var line: Int { Int(event.start_mark.line) + 1 }
    var place: String { YAMLParser.place(event.start_mark) }

    /// The text of a scalar.
    var text: String {
      let scalar = event.data.scalar
      return String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    }

    var isPlain: Bool { event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE }
  }
}
