import Diagnostics
import JSON
import Storage

/// Reads a `tokenizer.json` part by part, and refuses by name what is not implemented.
///
/// `truncation` and `padding` are ignored, because the caller cuts its documents.
struct TokenizerFile {
  let file: String
  let json: JSON

  /// - Throws: `Diagnostic` of kind `.data`.
  init(_ bytes: FileBytes) throws {
    self.init(file: bytes.name, fields: try JSON(parsing: bytes))
    guard json.object != nil else {
      throw fault("(top level)", "an object", json.summary)
    }
  }

  /// - Parameter fields: an object with the keys of a `tokenizer.json`.
  init(file: String, fields: JSON) {
    self.file = file
    json = fields
  }

  // MARK: - Values

  /// A value of the file together with its place.
  struct Part {
    let value: JSON
    let place: String

    var type: String? { value["type"]?.string }

    subscript(key: String) -> Part {
      Part(value: value[key] ?? .null, place: place.isEmpty ? key : "\(place).\(key)")
    }
  }

  func part(_ key: String) -> Part { Part(value: json[key] ?? .null, place: key) }

  /// Reads the items of a `Sequence`.
  func items(_ part: Part, _ key: String) throws -> [Part] {
    let list = part[key]
    guard let items = list.value.array else {
      throw fault(list.place, "a list", list.value.summary)
    }
    return items.enumerated().map { Part(value: $1, place: "\(list.place)[\($0)]") }
  }

  func flag(_ part: Part, _ key: String, default standard: Bool) throws -> Bool {
    let part = part[key]
    if part.value.isNull { return standard }
    guard let flag = part.value.bool else {
      throw fault(part.place, "true or false", part.value.summary)
    }
    return flag
  }

  /// Reads a string of at most 1024 bytes.
  func text(_ part: Part, _ key: String) throws -> String {
    let part = part[key]
    guard let text = part.value.string, text.utf8.count <= 1024 else {
      throw fault(part.place, "a string of at most 1024 bytes", part.value.summary)
    }
    return text
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ part: Part, among: Choice.Type, default standard: Choice? = nil
  ) throws -> Choice {
    if part.value.isNull, let standard { return standard }
    guard let choice = part.value.string.flatMap(Choice.init(rawValue:)) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(part.place, "one of \(names)", part.value.summary)
    }
    return choice
  }

  /// Reads a pattern written as `{"String": …}` or `{"Regex": …}`.
  func pattern(_ part: Part, _ key: String) throws -> Pattern {
    let part = part[key]
    if let text = part.value["String"]?.string {
      guard !text.isEmpty, text.utf8.count <= 1024 else {
        throw fault("\(part.place).String", "1 to 1024 bytes", part.value["String"]?.summary ?? "")
      }
      return .text(Array(text.utf8))
    }
    guard let regex = part.value["Regex"]?.string else {
      throw fault(part.place, "a String or a Regex", part.value.summary)
    }
    return try self.regex(regex, "\(part.place).Regex")
  }

  func regex(_ regex: String, _ place: String) throws -> Pattern {
    if regex == WordSplitter.pattern { return .gpt2(WordSplitter()) }
    do {
      return .regex(try RegexProgram(regex))
    } catch {
      throw fault(
        place, "a regular expression of the supported syntax", error.found,
        advice: "Classes, \\p{…}, groups, alternatives, repetitions, (?i:…) and looks ahead are.")
    }
  }

  // MARK: - Faults

  /// The error for a part of an unknown type.
  func unsupported(_ part: Part, _ kind: String, _ supported: [String]) -> Diagnostic {
    fault(
      "\(part.place).type", "\(kind) that is supported", (part.value["type"] ?? part.value).summary,
      advice: "Supported: \(supported.joined(separator: ", ")).")
  }

  func fault(
    _ field: String, _ expected: String, _ found: String,
    advice: String = "Get the tokenizer.json that came with the model again."
  ) -> Diagnostic {
    Diagnostic(.data, file: file, field: field, expected: expected, found: found, advice: advice)
  }
}
