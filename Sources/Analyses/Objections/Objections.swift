import Passes
import ReportModel
import StudyFile

/// What a reviewer would object to in such a study, and what this report does about it: the list of
/// eighteen, each answered by sections of the report or said to be open, and why.
package struct Objections: Analysis {
  package static let id = "objections"
  package static let parts: StudyParts = [.prompts, .evaluation]
  package static let settings = Set(EvidenceSettings.known.keys)

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> [Objection] {
    let present = Set(Registry.analyses(of: evidence.study.file).map(\.id))
    let open = Condition.allCases.reduce(into: [:]) { $0[$1] = $1.shortfall(in: evidence.study) }
    return Self.all.map { entry in
      let reasons =
        entry.sections.filter { !present.contains($0) }.map { "The study leaves \($0) out." }
        + entry.conditions.compactMap { open[$0] }
      return Objection(
        objection: entry.objection,
        answer: reasons.isEmpty
          ? entry.answer + Self.resamples(entry, evidence.study.file)
          : reasons.joined(separator: " "),
        sections: entry.sections, isAnswered: reasons.isEmpty)
    }
  }

  /// How often documents are resampled, by the setting of each section; empty where none is.
  private static func resamples(_ entry: Entry, _ file: StudyFile) -> String {
    guard entry.isResampled else { return "" }
    let counts = entry.sections.map { ($0, file.size(of: $0, "resamples")) }
    let sizes = Set(counts.map(\.1)).sorted(by: >)
    let parts = sizes.map { size in
      "\(size.grouped) times in \(Wording.list(counts.filter { $0.1 == size }.map(\.0)))"
    }
    return " Resamples: \(parts.joined(separator: "; "))."
  }

  package struct Objection: Codable, Sendable, Equatable {
    package var objection: String
    /// What is done about it, or why nothing is.
    package var answer: String
    /// Ids of the sections that do it.
    package var sections: [String]
    package var isAnswered: Bool

    enum CodingKeys: String, CodingKey {
      case objection, answer, sections
      case isAnswered = "answered"
    }
  }

  /// What an answer takes of a study.
  private enum Condition: CaseIterable {
    case laterLayers, prompts, answers, positions, heldOut

    /// Why a study does not meet it; nil where it does.
    func shortfall(in study: ResolvedStudy) -> String? {
      switch self {
      case .laterLayers:
        study.laterLayers.isEmpty ? "The studied layer is the last: nothing comes later." : nil
      case .prompts: study.prompts.isEmpty ? "The study has no prompts." : nil
      case .answers:
        study.prompts.contains { $0.answers.count > 1 }
          ? nil : "No prompt of the study has two answers."
      case .positions:
        study.file.positions.corpora.isEmpty ? "The study names no corpus for positions." : nil
      case .heldOut:
        DocumentSample(of: .target, in: study).size.holdsSelection
          ? "The target has no documents but those that the neuron was chosen on; the sections say "
            + "so, and their numbers flatter it." : nil
      }
    }
  }

  private struct Entry {
    let objection: String
    let answer: String
    let sections: [String]
    var conditions: [Condition] = []
    /// Whether the answer says how often documents are resampled.
    var isResampled = false
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

  private static let all: [Entry] = [
    .init(
      objection: "Training accuracy is shown.",
      answer: "Held-out accuracy leads; the training one stands beside it.",
      sections: ["sparse_probe", "neuron_accuracy"]),
    .init(
      objection: "Tokens of one document land in both parts of a random split.",
      answer: "The sweep of probes splits by document.", sections: ["probe_sweep"]),
    .init(
      objection: "Accuracy is averaged by rank across splits.",
      answer: "It is averaged by neuron.", sections: ["neuron_accuracy"]),
    .init(
      objection: "One layer is searched.",
      answer: "Every neuron of every layer is probed, beside as many random directions.",
      sections: ["probe_sweep"]),
    .init(
      objection: "The other class is cut at its end; languages are lumped together.",
      answer: "Each corpus is shown by itself.", sections: ["languages"]),
    .init(
      objection: "The neuron is ablated on the documents it was chosen on.",
      answer: "It is chosen on some documents and measured on others, drawn at random.",
      sections: ["ablation_controls", "effects", "neuron_logits", "upstream"],
      conditions: [.heldOut]),
    .init(
      objection: "BOS is ablated too, and to one value.",
      answer: "Ablation starts at position 1, to two means, zero and two resamplings.",
      sections: ["ablation_controls"]),
    .init(
      objection: "A loss is a mean of batch means.",
      answer: "It is weighted by token and, beside it, by document.",
      sections: ["ablation", "ablation_controls"]),
    .init(
      objection: "A fraction is called percent.",
      answer: "Changes are given in nats and in percent.",
      sections: ["ablation", "ablation_controls"]),
    .init(
      objection: "There are no controls.",
      answer:
        "Edits of equal size, of random neurons and along random directions, and other corpora.",
      sections: ["ablation_controls"]),
    .init(
      objection: "There are no intervals.",
      answer: "95 % intervals over documents, none for fewer than ten.",
      sections: [
        "ablation_controls", "effects", "neuron_logits", "upstream", "position_response",
      ], isResampled: true),
    .init(
      objection: "Histograms choose bins for each class and call percent probability.",
      answer: "Classes share edges, and the axis says percent.",
      sections: ["activation_histogram"]),
    .init(
      objection: "Similarities have no null.",
      answer: "Beside them stand random directions, random neurons, and edits of equal size.",
      sections: ["weight_similarity", "upstream"], conditions: [.laterLayers]),
    .init(
      objection: "Downstream differences cancel.",
      answer:
        "Changes are standardised by the clean spread, beside those under edits of equal size.",
      sections: ["upstream"], conditions: [.laterLayers]),
    .init(
      objection: "Logit attribution leaves out b_U, and each run has its own scale.",
      answer: "Sum check with b_U, own and frozen scale, and the neuron's own term.",
      sections: ["logit_attribution", "neuron_logits"], conditions: [.answers]),
    .init(
      objection: "Signs change from plot to plot.",
      answer: "Always first answer minus second, said in each caption.",
      sections: ["logit_attribution"], conditions: [.answers]),
    .init(
      objection: "A probability can rise while the logit falls.",
      answer: "Rank, logit and log-probability are given, for prompts and averaged over documents.",
      sections: ["prompts", "neuron_logits"], conditions: [.prompts]),
    .init(
      objection: "Late positions hold only long documents.",
      answer: "Each position's count, and a fixed cohort with intervals.",
      sections: ["positions", "position_response"], conditions: [.positions]),
  ]
}
