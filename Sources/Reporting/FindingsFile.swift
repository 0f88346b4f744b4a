import Analyses
import Diagnostics
import JSON
import Storage
import StudyFile

/// `findings.json`: the boundary between what needs the model and what needs only this file.
///
/// A build writes its findings and reads them back before it shows them, so that `render` shows the
/// same nine digits, and gives the same bytes.
package struct FindingsFile: Sendable {
  package static let name = "findings.json"

  package let findings: Findings
  /// The whole file.
  package let json: JSON

  /// Reads a file.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(reading file: FileBytes) throws {
    json = try JSON(parsing: file)
    findings = try Self.decode(json, file: file.name)
  }

  /// What a file with these findings holds.
  ///
  /// - Throws: as `encode` and `decode`.
  package init(_ findings: Findings) throws {
    let text = try Self.encode(findings)
    try self.init(reading: FileBytes(Array(text.utf8), name: Self.name))
  }

  /// The text of the file.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names a number that is not finite.
  package static func encode(_ findings: Findings) throws -> String {
    try JSON(encoding: findings, file: name).text
  }

  /// Reads findings, from anywhere: a slug that would leave its folder is refused.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field at fault.
  package static func decode(_ json: JSON, file: String) throws -> Findings {
    let findings = try json.decode(Findings.self, file: file)
    let slug = findings.study.file.slug
    guard Slug.isValid(slug) else {
      throw Diagnostic(
        .data, file: file, field: "study.slug",
        expected: "lower-case letters, digits and dashes", found: "\"\(slug.prefix(80))\"",
        advice: "Build the report again.")
    }
    return findings
  }
}
