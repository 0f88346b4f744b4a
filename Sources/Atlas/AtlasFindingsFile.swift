import Diagnostics
import JSON
import Storage
import StudyFile

/// The `findings.json` of an atlas.
///
/// A run writes its findings and reads them back before it shows them, so that pages made later from
/// the file are the same.
package struct AtlasFindingsFile: Sendable {
  package static let name = "findings.json"

  package let findings: AtlasFindings
  /// The content of the whole file.
  package let json: JSON
  /// The text of the file, where it was written by this process.
  private var written: String?

  /// Whether a file holds the findings of an atlas, told by its `kind`.
  package static func isAtlas(_ json: JSON) -> Bool {
    json["kind"]?.string == AtlasFile.kind
  }

  /// Reads a `findings.json`, which may come from anywhere.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the field at fault.
  package init(reading file: FileBytes) throws {
    try self.init(json: try JSON(parsing: file), file: file.name)
  }

  /// - Throws: as `init(reading:)`.
  package init(json: JSON, file: String) throws {
    self.json = json
    findings = try json.decode(AtlasFindings.self, file: file)
    try check(file)
  }

  /// The content of a file with these findings.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names a number that is not finite.
  package init(_ findings: AtlasFindings) throws {
    let text = try JSON(encoding: findings, file: Self.name).packedText
    try self.init(reading: FileBytes(Array(text.utf8), name: Self.name))
    written = text
  }

  /// The text of the file.
  package var text: String { written ?? json.packedText }

  private func check(_ file: String) throws {
    func fault(_ field: String, _ expected: String, _ found: String) -> Diagnostic {
      Diagnostic(
        .data, file: file, field: field, expected: expected, found: found,
        advice: "Build the atlas again.")
    }
    guard findings.kind == AtlasFile.kind, findings.format == AtlasFindings.format else {
      throw fault(
        "format", "kind \(AtlasFile.kind), format \(AtlasFindings.format)",
        "kind \(findings.kind.prefix(80)), format \(findings.format)")
    }
    guard Slug.isValid(findings.file.slug) else {
      throw fault(
        "file.slug", "lower-case letters, digits and dashes",
        "\"\(findings.file.slug.prefix(80))\"")
    }
    if let first = AtlasShape(findings).fault {
      throw fault(first.field, first.expected, first.found)
    }
  }
}
