import Passes
import ReportModel

/// What a build found: the content of `findings.json`, and the source of all that a page shows.
package struct Findings: Sendable {
  /// The version of the file's format.
  package static let format = 1

  package let study: FindingsStudy
  /// Results by analysis id; each is the `Result` of its analysis.
  private let results: [String: any Codable & Sendable]

  init(study: FindingsStudy, results: [String: any Codable & Sendable]) {
    self.study = study
    self.results = results
  }

  /// Runs every analysis of the study on the evidence.
  package init(_ evidence: Evidence) throws {
    self = try CachedResults(of: evidence.study, in: nil).findings(from: evidence)
  }

  /// The result of one analysis; nil where it was not run.
  package func result<A: Analysis>(of analysis: A.Type) -> A.Result? {
    results[A.id] as? A.Result
  }

  /// The sections of a report, in the order of the registry.
  package func sections(_ analyses: [any Analysis] = Registry.all) -> [Section] {
    analyses.filter { type(of: $0).subjects.contains(study.file.subject) }
      .compactMap { section($0) }
  }

  private func section<A: Analysis>(_ analysis: A) -> Section? {
    result(of: A.self).flatMap { analysis.section($0, in: study) }
  }
}

extension Findings: Codable {
  private enum CodingKeys: String, CodingKey {
    case format, study, findings
  }

  private struct ID: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ id: String) { stringValue = id }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let format = try container.decode(Int.self, forKey: .format)
    guard format == Self.format else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: container,
        debugDescription: "expected format \(Self.format), found \(format)")
    }
    study = try container.decode(FindingsStudy.self, forKey: .study)
    let found = try container.nestedContainer(keyedBy: ID.self, forKey: .findings)
    func decode<A: Analysis>(_ analysis: A) throws -> A.Result? {
      try found.decodeIfPresent(A.Result.self, forKey: ID(A.id))
    }
    var results: [String: any Codable & Sendable] = [:]
    // Sections of one neuron cannot show a set, and the other way round.
    for analysis in Registry.all(of: study.file.subject) {
      results[analysis.id] = try decode(analysis)
    }
    self.results = results
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.format, forKey: .format)
    try container.encode(study, forKey: .study)
    var found = container.nestedContainer(keyedBy: ID.self, forKey: .findings)
    for (id, result) in results { try found.encode(result, forKey: ID(id)) }
  }
}
