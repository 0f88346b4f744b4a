import Diagnostics

/// A value of a YAML file with its place, so that every message names its line.
///
/// The study decides the type of a scalar, not YAML: `name: No` is the text "No", and `layer: "3"`
/// is not a number.
struct YAMLValue {
  let file: String
  /// The path of the value, such as `corpora[1].path`; empty for the whole file.
  let path: String
  let line: Int
  private let node: YAMLNode

  /// Parses `text`, which must have passed `YAMLScreening`.
  ///
  /// - Throws: `Diagnostic` of kind `.study`.
  init(parsing text: String, file: String) throws {
    self.file = file
    path = ""
    line = 1
    node = try YAMLNode(parsing: YAMLScreening.screened(text, file: file), file: file)
  }

  private init(_ node: YAMLNode, file: String, path: String, line: Int) {
    self.node = node
    self.file = file
    self.path = path
    self.line = line
  }

  /// The lines of this value and all values inside, by path.
  var lines: [String: Int] {
    var found = [path: line]
    switch node {
    case .mapping(let mapping, _):
      for (key, value) in mapping {
        found.merge(child(key.text ?? "?", value, at: key).lines) { first, _ in first }
      }
    case .sequence(let sequence, _):
      for (index, item) in sequence.enumerated() {
        found.merge(self.item(index, item).lines) { first, _ in first }
      }
    case .scalar: break
    }
    return found
  }

  private func child(_ key: String, _ value: YAMLNode, at place: YAMLNode) -> YAMLValue {
    YAMLValue(
      value, file: file, path: path.isEmpty ? key : path + "." + key,
      line: place.line)
  }

  private func item(_ index: Int, _ value: YAMLNode) -> YAMLValue {
    YAMLValue(value, file: file, path: "\(path)[\(index)]", line: value.line)
  }

  /// An error about this value.
  func fault(_ expected: String, found: String? = nil, advice: String) -> Diagnostic {
    Diagnostic(
      .study, file: file, field: path.isEmpty ? "line \(line)" : "line \(line), \(path)",
      expected: expected, found: found ?? summary, advice: advice)
  }

  private var summary: String {
    switch node {
    case .mapping(let mapping, _): return "a mapping of \(mapping.count)"
    case .sequence(let sequence, _): return "a list of \(sequence.count)"
    case .scalar(let scalar, let isPlain, _):
      if isEmpty { return "nothing" }
      let text = "\"\(scalar.prefix(80))\""
      return isPlain ? text : text + " (in quotation marks)"
    }
  }

  private var isEmpty: Bool {
    guard case .scalar(let scalar, isPlain: true, _) = node else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar)
  }
}

// Reads mappings and lists.
extension YAMLValue {
  /// Reads a mapping that may have only these keys.
  func mapping<Key>(_: Key.Type) throws -> YAMLMapping<Key> {
    let known = Key.allCases.map(\.rawValue)
    guard case .mapping(let mapping, _) = node else {
      throw fault(
        "a mapping with \(known.joined(separator: ", "))", found: node.text == "" ? "nothing" : nil,
        advice: "Write KEY: VALUE pairs; `reportgen init` shows an example.")
    }
    var values: [Key: YAMLValue] = [:]
    for (key, value) in mapping {
      let name = key.text ?? ""
      let entry = child(name, value, at: key)
      guard let known = Key(rawValue: name) else {
        throw entry.fault(
          "a known key", found: "\"\(name.prefix(80))\"",
          advice: NearestName.advice(name, among: known))
      }
      values[known] = entry
    }
    return YAMLMapping(whole: self, values: values)
  }

  /// Reads a mapping whose keys are names: each name with its value.
  func entries(_ expected: String) throws -> [(name: String, value: YAMLValue)] {
    guard case .mapping(let mapping, _) = node else {
      throw fault(expected, advice: "Write {NAME: VALUE, …}.")
    }
    return mapping.map { key, value in
      let name = key.text ?? ""
      return (name, child(name, value, at: key))
    }
  }

  func list(_ expected: String) throws -> [YAMLValue] {
    guard case .sequence(let sequence, _) = node else {
      throw fault("a list of \(expected)", advice: "Write [A, B], or one `- ` line for each.")
    }
    return sequence.enumerated().map { item($0, $1) }
  }

  var isList: Bool {
    if case .sequence = node { true } else { false }
  }
}

// Reads scalars.
extension YAMLValue {
  /// A scalar as it is written, and whether it has no quotation marks; nil if it is empty.
  var scalar: (text: String, plain: Bool)? {
    guard case .scalar(let text, let isPlain, _) = node, !isEmpty else { return nil }
    return (text, isPlain)
  }

  /// A scalar as it is written, including `null` and `~`; nil if nothing is written.
  var word: (text: String, plain: Bool)? {
    guard case .scalar(let text, let isPlain, _) = node, !isPlain || !text.isEmpty else {
      return nil
    }
    return (text, isPlain)
  }

  func text(_ expected: String = "text") throws -> String {
    guard let scalar else { throw fault(expected, advice: "Write the text after the colon.") }
    return scalar.text
  }

  /// Reads one line of visible text, such as a title or a name.
  func name(_ expected: String = "one line of text") throws -> String {
    let text = try text(expected)
    let controls = text.unicodeScalars.contains {
      [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }
    guard !controls, !text.allSatisfy(\.isWhitespace) else {
      throw fault(expected, advice: "Use at least one letter, and no line breaks or tabs.")
    }
    return text
  }

  func integer(_ range: ClosedRange<Int>, _ expected: String? = nil) throws -> Int {
    let expected = expected ?? "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard let scalar, scalar.plain, scalar.text.utf8.allSatisfy(\.isNumberByte),
      let value = Int(scalar.text)
    else { throw fault(expected, advice: "Write digits, without quotation marks.") }
    guard range.contains(value) else {
      throw fault(expected, advice: "Choose a number in this range.")
    }
    return value
  }

  func number(
    _ expected: String = "a number", where isAllowed: (Double) -> Bool = { _ in true }
  ) throws -> Double {
    guard let scalar, scalar.plain, scalar.text.utf8.allSatisfy(\.isNumberByte),
      let value = Double(scalar.text), value.isFinite
    else { throw fault(expected, advice: "Write a decimal number, without quotation marks.") }
    guard isAllowed(value) else { throw fault(expected, advice: "Choose a number in this range.") }
    return value
  }
}

/// The values of a mapping with known keys.
struct YAMLMapping<Key: Hashable & CaseIterable & RawRepresentable<String>> {
  fileprivate let whole: YAMLValue
  fileprivate let values: [Key: YAMLValue]

  subscript(key: Key) -> YAMLValue? { values[key] }

  func required(_ key: Key, _ expected: String) throws -> YAMLValue {
    if let value = values[key] { return value }
    throw whole.fault(
      "\(key.rawValue): \(expected)", found: "no such key", advice: "Add \(key.rawValue): …")
  }
}

extension UInt8 {
  /// Whether a byte can be part of a decimal number: digit, sign, point or exponent. This excludes
  /// `inf`, `nan` and `0x`.
  fileprivate var isNumberByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
