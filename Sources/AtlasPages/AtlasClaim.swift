import Atlas

/// What an atlas found, in sentences that hold for all findings.
struct AtlasClaim {
  /// The first sentence; below, the others.
  let lead: String
  let detail: String

  init(_ report: AtlasReport) {
    let findings = report.findings
    let labels = findings.orderedLabels
    lead = Self.labels(labels.filter { $0.confirmed > 0 }.map(\.name), of: labels.count)
    detail = [Self.neurons(findings), Self.first(findings), Self.null(findings)]
      .compactMap(\.self).joined(separator: " ")
  }

  /// `4 of 8 labels have a confirmed neuron: Dutch, French, German and Italian.`
  static func labels(_ names: [String], of count: Int) -> String {
    switch names.count {
    case 0: "None of \(count) labels has a confirmed neuron."
    case count: "All \(count) labels have a confirmed neuron."
    case 1: "1 of \(count) labels has a confirmed neuron: \(names[0])."
    default:
      "\(names.count) of \(count) labels have a confirmed neuron"
        + (names.count <= 12 ? ": \(AtlasText.list(names))." : ".")
    }
  }

  /// How many neurons have a grade for some label; a neuron counts once, by its best grade.
  private static func neurons(_ findings: AtlasFindings) -> String {
    let grades = findings.bestGrades
    let confirmed = grades.count { $0 == .confirmed }
    let suggestive = grades.count { $0 == .suggestive }
    return "Of \(findings.model.neurons.of("neuron")), "
      + AtlasText.grades(confirmed: confirmed, suggestive: suggestive) + "."
  }

  /// What became of the neurons that the discovery documents rank first.
  private static func first(_ findings: AtlasFindings) -> String {
    let labels = findings.orderedLabels
    let confirmed = labels.indices.count {
      findings.cells[$0].grade(labels[$0].best) == .confirmed
    }
    let start = "The neuron that the discovery documents rank first is confirmed for "
    return switch confirmed {
    case 0: start + "no label."
    case labels.count: start + "every label."
    default: start + "\(confirmed) of \(labels.count) labels."
    }
  }

  /// What chance reaches; nil without permutations.
  private static func null(_ findings: AtlasFindings) -> String? {
    guard let null = findings.nulls.last, let share = NullLine.shares.firstIndex(of: 0.95),
      findings.file.permutations > 0
    else { return nil }
    let auc = null.auc.isEmpty ? "" : " (an AUC of \(AtlasText.fixed(null.auc[share])))"
    return "With shuffled labels the largest of all z passes \(AtlasText.fixed(null.z[share], 2))"
      + "\(auc) in 5 % of \(findings.file.permutations.of("permutation"))."
  }
}

extension AtlasFindings {
  /// The best grade that each neuron has for any label.
  var bestGrades: [LabelColumns.Grade] {
    (0..<model.neurons).map { place in
      cells.map { $0.grade(place) }.max { $0.rawValue < $1.rawValue } ?? .none
    }
  }

  /// The label that a neuron stands for most: by grade, then by its rank among the label's neurons,
  /// then in the order of the labels.
  func mainLabel(_ place: Int) -> Int {
    func isBetter(_ a: LabelColumns, than b: LabelColumns) -> Bool {
      (b.grade[place], a.rank[place]) < (a.grade[place], b.rank[place])
    }
    return cells.indices.dropFirst().reduce(0) {
      isBetter(cells[$1], than: cells[$0]) ? $1 : $0
    }
  }

  /// Whether a neuron has the same activation on every token.
  func isConstant(_ place: Int) -> Bool { neurons.deviation[place] == 0 }

  /// The share of permutations that reach a neuron, as p, for the label and for the atlas.
  func p(_ place: Int, _ label: Int) -> (label: Double, atlas: Double) {
    (
      LabelColumns.p(cells[label].reachedLabel[place], of: file.permutations),
      LabelColumns.p(cells[label].reachedAtlas[place], of: file.permutations)
    )
  }
}
