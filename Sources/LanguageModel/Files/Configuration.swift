import Diagnostics
import JSON

/// Typed, ranged access to the fields of a `config.json`, with what was filled in noted.
///
/// A field is addressed by a dotted path (`rope_parameters.rope_theta`); `null` is absence.
struct Configuration {
  let json: JSON
  let file: String
  private(set) var notes: [String] = []

  init(json: JSON, file: String) {
    self.json = json
    self.file = file
  }

  /// An integer that has no sensible default.
  func integer(_ path: String, in range: ClosedRange<Int>) throws -> Int {
    let value = try field(path)
    guard let number = value?.integer, range.contains(number) else {
      throw fault(
        path, "an integer from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// An integer, or the family's default with a note.
  mutating func integer(
    _ path: String, in range: ClosedRange<Int>, default standard: Int
  ) throws -> Int {
    if try field(path) != nil { return try integer(path, in: range) }
    note(path, "\(standard)")
    return standard
  }

  /// A truth value, or the family's default; `noted` when its absence is worth telling.
  mutating func flag(_ path: String, default standard: Bool, noted: Bool = false) throws -> Bool {
    guard let value = try field(path) else {
      if noted { note(path, "\(standard)") }
      return standard
    }
    guard let flag = value.bool else { throw fault(path, "true or false", value) }
    return flag
  }

  /// A finite number above zero, or the family's default with a note.
  ///
  /// Versions of a library moved fields; when several of `paths` are present they must agree.
  mutating func positive(
    _ paths: String..., atMost limit: Double = .greatestFiniteMagnitude, default standard: Double
  ) throws -> Double {
    let range =
      limit == .greatestFiniteMagnitude
      ? "a number above 0" : "a number above 0, at most \(limit)"
    var first: (path: String, value: Double)?
    for path in paths {
      guard let value = try field(path) else { continue }
      guard let number = value.double, number > 0, number <= limit else {
        throw fault(path, range, value)
      }
      if let first, first.value != number {
        throw fault(path, "\(first.value), as \(first.path) says", value)
      }
      first = first ?? (path, number)
    }
    if first == nil, let path = paths.last { note(path, "\(standard)") }
    return first?.value ?? standard
  }

  /// One of the names that `Choice` lists; without a `standard` the field must be there.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ path: String, among: Choice.Type, default standard: Choice? = nil
  ) throws -> Choice {
    let value = try field(path)
    if value == nil, let standard { return standard }
    guard let choice = value?.string.flatMap(Choice.init(rawValue:)) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(
        path, Choice.allCases.count == 1 ? names : "one of \(names)", value,
        advice: "Only these are supported: \(names).")
    }
    return choice
  }

  /// The value at a dotted path; nil when absent or null.
  private func field(_ path: String) throws -> JSON? {
    guard json.object != nil else {
      throw fault("the whole file", "an object", json)
    }
    var value = json
    var walked: [Substring] = []
    for key in path.split(separator: ".") {
      guard value.object != nil else {
        throw fault(walked.joined(separator: "."), "an object", value)
      }
      guard let next = value[String(key)], !next.isNull else { return nil }
      value = next
      walked.append(key)
    }
    return value
  }

  private mutating func note(_ path: String, _ standard: String) {
    notes.append("\(file) has no \(path); taken as \(standard).")
  }

  func fault(
    _ path: String, _ expected: String, _ found: JSON?,
    advice: String = "Check that the file belongs to this model, or get it again."
  ) -> Diagnostic {
    fault(path, expected, found: found?.summary ?? "nothing", advice: advice)
  }

  func fault(
    _ path: String, _ expected: String, found: String,
    advice: String = "Check that the file belongs to this model, or get it again."
  ) -> Diagnostic {
    Diagnostic(.data, file: file, field: path, expected: expected, found: found, advice: advice)
  }
}
