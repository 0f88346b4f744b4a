import Atlas
import Charts
import JSON
import Reporting
import Storage
import StudyFile

/// An atlas as its pages know it: the findings, and what follows from them. It needs no model, and
/// equal findings give equal bytes.
package struct AtlasReport: Sendable {
  package let findings: AtlasFindings
  /// The content of `findings.json`.
  package let json: JSON
  /// The text of `findings.json`; below, its SHA-256.
  let text: String
  let checksum: String
  /// The date, `YYYY-MM-DD`: the file's own or the build's fallback; nil shows none.
  package let date: String?
  /// How the atlas was made, where its folder is at hand; nothing of a page depends on it.
  package var made: Provenance?

  private(set) var paths: AtlasPaths
  /// The neurons of each label, the best first; see `AtlasRanking`.
  let rankings: [[Int]]

  /// Reads a `findings.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for findings that do not fit together.
  package init(reading file: FileBytes, fallbackDate: String? = nil) throws {
    self.init(try AtlasFindingsFile(reading: file), fallbackDate: fallbackDate)
  }

  package init(_ file: AtlasFindingsFile, fallbackDate: String? = nil) {
    findings = file.findings
    json = file.json
    text = file.text
    checksum = Checksum.sha256(of: text)
    date = findings.file.date ?? fallbackDate
    paths = AtlasPaths(findings)
    rankings = findings.cells.map(AtlasRanking.order)
  }

  /// Leaves only these neurons a page.
  mutating func keep(pagesOf places: [Int]) { paths = paths.keeping(places) }

  package var slug: String { findings.file.slug }
  package var title: String { findings.file.title }

  /// The results of checking the file's expectations; an address starts at the top of `findings.json`.
  package var checks: [CheckResult] { CheckResult.all(findings.file.expect, findings: json) }
}

/// The order of a label's neurons: by grade, then by rank on the discovery documents, then by place.
/// The confirmation documents choose nothing but the grade.
enum AtlasRanking {
  static func order(_ column: LabelColumns) -> [Int] {
    column.grade.indices.sorted { column.ranks($0, before: $1) }
  }
}

extension LabelColumns {
  /// Whether one neuron comes before another in the order of `AtlasRanking`.
  func ranks(_ a: Int, before b: Int) -> Bool {
    (grade[b], rank[a], a) < (grade[a], rank[b], b)
  }
}
