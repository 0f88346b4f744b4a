import Diagnostics
import JSON

/// Reads the fields of a `config.json` with their types and ranges, and notes the defaults it fills
/// in.
///
/// A field is addressed by a dotted path (`rope_parameters.rope_theta`); `null` counts as missing.
package struct Configuration {
  let json: JSON
  let file: String
  private(set) var notes: [String] = []

  init(json: JSON, file: String) {
    self.json = json
    self.file = file
  }

  /// Reads an integer that is required.
  func integer(_ path: String, in range: ClosedRange<Int>) throws -> Int {
    let value = try field(path)
    guard let number = value?.integer, range.contains(number) else {
      throw fault(
        path, "an integer from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// Reads an integer; if it is missing, the family's default is used and noted.
  mutating func integer(
    _ path: String, in range: ClosedRange<Int>, default standard: Int
  ) throws -> Int {
    if try field(path) != nil { return try integer(path, in: range) }
    note(path, "\(standard)")
    return standard
  }

  /// Reads a boolean; if it is missing, the family's default is used, and noted if `noted`.
  mutating func flag(_ path: String, default standard: Bool, noted: Bool = false) throws -> Bool {
    guard let value = try field(path) else {
      if noted { note(path, "\(standard)") }
      return standard
    }
    guard let flag = value.bool else { throw fault(path, "true or false", value) }
    return flag
  }

  /// Reads a finite positive number; if it is missing, the family's default is used and noted.
  ///
  /// Versions of a library moved fields. If several of `paths` are present, they must agree.
  mutating func positive(
    _ paths: String..., atMost limit: Double = .greatestFiniteMagnitude, default standard: Double,
    isNoted: Bool = true
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
    if first == nil, isNoted, let path = paths.last { note(path, "\(standard)") }
    return first?.value ?? standard
  }

  /// Reads a finite positive number that is required.
  func number(_ path: String) throws -> Double {
    let value = try field(path)
    guard let number = value?.double, number > 0, number.isFinite else {
      throw fault(path, "a number above 0", value)
    }
    return number
  }

  /// Reads a positive number, or null for none; if it is missing, `standard` is used and noted.
  mutating func cap(_ path: String, absent standard: Double) throws -> Double? {
    if try isPresent(path) { return try number(path) }
    return isNull(path) ? nil : try positive(path, default: standard)
  }

  /// Whether a field is present and not null.
  func isPresent(_ path: String) throws -> Bool { try field(path) != nil }

  /// Whether a field of the outermost object is present as null.
  func isNull(_ key: String) -> Bool { json[key]?.isNull ?? false }

  /// The first of several names that is present, else the first of all; libraries have renamed
  /// fields.
  func first(_ paths: String...) throws -> String {
    try paths.first { try isPresent($0) } ?? paths[0]
  }

  /// Reads one of some names; without a `standard` the field is required.
  func choice(_ path: String, among names: [String], default standard: String? = nil) throws
    -> String
  {
    let value = try field(path)
    if value == nil, let standard { return standard }
    guard let choice = value?.string, names.contains(choice) else {
      let list = names.joined(separator: ", ")
      throw fault(
        path, names.count == 1 ? list : "one of \(list)", value,
        advice: "Only these are supported: \(list).")
    }
    return choice
  }

  /// The value at a dotted path; nil if it is missing or null.
  func field(_ path: String) throws -> JSON? {
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
    note("\(file) has no \(path); taken as \(standard).")
  }

  /// Adds a note on how the configuration was read, for the provenance.
  mutating func note(_ text: String) { notes.append(text) }

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
