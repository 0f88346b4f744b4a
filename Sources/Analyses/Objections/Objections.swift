import Passes
import ReportModel
import StudyFile

/// The eighteen known objections to such a study. Each is answered by sections of the report, or
/// marked as open with the reason.
package struct Objections: Analysis {
  package static let id = "objections"
  package static let question = "What would a reviewer object to, and which analysis answers it?"
  package static let parts: StudyParts = [.prompts, .evaluation]
  package static let settingsRead = Set(Registry.optional().map(\.id))

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> [Objection] {
    let present = Set(Registry.analyses(of: evidence.study.file).map(\.id))
    let open = StudyCondition.allCases.reduce(into: [:]) {
      $0[$1] = $1.shortfall(in: evidence.study)
    }
    return KnownObjection.allCases.map { entry in
      let sections = entry.sections()
      let reasons =
        sections.filter { !present.contains($0) }.map { "The study leaves \($0) out." }
        + [entry.condition].compactMap(\.self).compactMap { open[$0] }
      return Objection(
        objection: entry.objection,
        answer: reasons.isEmpty
          ? entry.answer + (entry.isResampled ? Self.resamples(evidence.study.file) : "")
          : reasons.joined(separator: " "),
        sections: sections, isAnswered: reasons.isEmpty)
    }
  }

  /// A phrase that says how often documents are resampled, by the setting of each section that has
  /// intervals.
  package static func resamples(_ file: StudyFile) -> String {
    let counts = KnownObjection.noIntervals.sections().map { ($0, file.size(of: $0, "resamples")) }
    let sizes = Set(counts.map(\.1)).sorted(by: >)
    let parts = sizes.map { size in
      "\(size.grouped) times in \(Wording.list(counts.filter { $0.1 == size }.map(\.0)))"
    }
    return " Resamples: \(parts.joined(separator: "; "))."
  }

  package struct Objection: Codable, Sendable, Equatable {
    package var objection: String
    /// How the report meets the objection, or why it is open.
    package var answer: String
    /// The ids of the sections that answer it.
    package var sections: [String]
    package var isAnswered: Bool

    enum CodingKeys: String, CodingKey {
      case objection, answer, sections
      case isAnswered = "answered"
    }
  }

  package func section(_ result: [Objection], in study: FindingsStudy) -> Section? {
    let open = result.filter { !$0.isAnswered }
    func table(_ title: String, _ objections: [(offset: Int, element: Objection)]) -> DataTable {
      DataTable(
        title: title, header: ["objection", "what was done", "section"],
        rows: objections.map { _, objection in
          [
            .text(objection.objection), .text(objection.answer),
            .text(objection.sections.joined(separator: ", ")),
          ]
        }, isStacked: true)
    }
    let list = Array(result.enumerated())
    let opened = list.filter { !$0.element.isAnswered }
    let answered = list.filter(\.element.isAnswered)
    return Section(
      id: Self.id, title: "Objections and answers", part: .limits,
      blocks: [
        .prose(
          open.isEmpty
            ? "Of \(result.count.of("known objection")) to such a study, none is open."
            : "Of \(result.count.of("known objection")) to such a study, "
              + "\(open.count) \(open.count == 1 ? "is" : "are") open:")
      ] + (opened.isEmpty ? [] : [.table(table("Open objections", opened))])
        + (answered.isEmpty
          ? []
          : [
            .fold(
              "\(answered.count.of("answered objection"))",
              [.table(table("Answered objections", answered))])
          ]))
  }
}
