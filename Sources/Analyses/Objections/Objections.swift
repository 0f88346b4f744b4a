import Study

/// What a reviewer would object to in such a study, and what this report does about it.
package struct Objections: Analysis {
  package static let id = "objections"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> [Objection] {
    let present = Set(Registry.all.map(\.id))
    return Self.all.map { objection in
      var objection = objection
      objection.isAnswered = objection.sections.allSatisfy { present.contains($0) }
      return objection
    }
  }

  package struct Objection: Codable, Sendable, Equatable {
    package var objection: String
    /// What is done about it, where it is.
    package var answer: String
    /// Ids of the sections that do it.
    package var sections: [String]
    /// Whether the report has all of them.
    package var isAnswered = true

    enum CodingKeys: String, CodingKey {
      case objection, answer, sections
      case isAnswered = "answered"
    }
  }

  package func section(_ result: [Objection], in study: FindingsStudy) -> Section? {
    let open = result.count { !$0.isAnswered }
    let table = DataTable(
      header: ["objection", "what was done", "section"],
      rows: result.map { objection in
        [
          .text(objection.objection),
          .text(objection.isAnswered ? objection.answer : "Open: not answered by this report."),
          .text(objection.isAnswered ? objection.sections.joined(separator: ", ") : "–"),
        ]
      })
    let summary =
      open == 0
      ? "all are answered" : "\(open) of \(result.count) are open, and the table says which"
    return Section(
      id: Self.id, title: "Objections",
      blocks: [
        .prose(
          """
          What a reviewer would object to in the usual way of showing such a neuron, and what this \
          report does about it: \(summary). Sections are named by their anchors.
          """), .table(table),
      ])
  }

  private static let all: [Objection] = [
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
      answer: "Every neuron of every layer is probed, beside random directions.",
      sections: ["probe_sweep"]),
    .init(
      objection: "The other class is cut at its end; languages are lumped together.",
      answer: "Each corpus is shown by itself.", sections: ["languages"]),
    .init(
      objection: "The neuron is ablated on the documents it was chosen on.",
      answer: "They are left out where the corpus has others; where not, the section says so.",
      sections: ["ablation_controls"]),
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
      answer: "Random and activation-matched neurons are ablated, and other corpora measured.",
      sections: ["ablation_controls"]),
    .init(
      objection: "There are no intervals.",
      answer: "95 % intervals by resampling documents, 10,000 times.",
      sections: ["ablation_controls", "effects", "neuron_logits"]),
    .init(
      objection: "Histograms choose bins for each class and call percent probability.",
      answer: "Classes share edges, and the axis says percent.",
      sections: ["activation_histogram"]),
    .init(
      objection: "Similarities have no null.",
      answer: "The largest cosine to expect of random directions stands beside them.",
      sections: ["weight_similarity"]),
    .init(
      objection: "Downstream differences cancel.",
      answer: "Changes are standardised by the clean spread, beside those of random neurons.",
      sections: ["upstream"]),
    .init(
      objection: "Logit attribution leaves out b_U, and each run has its own scale.",
      answer: "Sum check with b_U, own and frozen scale, and the neuron's own term.",
      sections: ["logit_attribution", "neuron_logits"]),
    .init(
      objection: "Signs change from plot to plot.",
      answer: "Always first answer minus second, said in each caption.",
      sections: ["logit_attribution"]),
    .init(
      objection: "A probability can rise while the logit falls.",
      answer: "Rank, logit and log-probability are given.", sections: ["prompts"]),
    .init(
      objection: "Late positions hold only long documents.",
      answer: "Each position's count, and a fixed cohort with intervals.",
      sections: ["positions", "position_response"]),
  ]
}
