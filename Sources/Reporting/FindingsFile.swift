import Analyses
import Diagnostics
import JSON
import Storage
import StudyFile

/// `findings.json`, the boundary between the code that needs the model and the code that needs only
/// this file.
///
/// A build writes its findings and reads them back before it shows them. Thus `render` shows the
/// same nine digits and gives the same bytes.
package struct FindingsFile: Sendable {
  package static let name = "findings.json"

  package let findings: Findings
  /// The content of the whole file.
  package let json: JSON

  /// Reads a `findings.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(reading file: FileBytes) throws {
    json = try JSON(parsing: file)
    findings = try Self.decode(json, file: file.name)
  }

  /// The content of a file with these findings.
  ///
  /// - Throws: the errors of `encode` and `decode`.
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

  /// Decodes findings, which may come from anywhere: a slug that would leave its folder is refused.
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
