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
    detail = [Self.neurons(findings), Self.best(report), Self.null(findings)]
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

  /// The confirmed neuron with the highest lower bound; nil if none is confirmed.
  private static func best(_ report: AtlasReport) -> String? {
    let findings = report.findings
    let confirmed = findings.cells.indices.flatMap { label in
      report.rankings[label].prefix { findings.cells[label].grade($0) == .confirmed }
        .map { (label, $0) }
    }
    func low(_ cell: (Int, Int)) -> Double { findings.cells[cell.0].low[cell.1] }
    guard let top = confirmed.map(low).max() else { return nil }
    let tied = confirmed.filter { low($0) == top }
    guard let first = tied.first else { return nil }
    let column = findings.cells[first.0]
    let auc = AtlasText.auc(column.auc[first.1], column.low[first.1], column.high[first.1])
    let others = tied.count - 1
    return
      "\(others == 0 ? "The highest lower bound is" : "One of the highest lower bounds is") that of "
      + "\(report.paths.name(first.1)) for \(findings.labelNames[first.0]): AUC \(auc)"
      + (others == 0 ? "." : "; \(others.of("other")) \(others == 1 ? "equals" : "equal") it.")
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
