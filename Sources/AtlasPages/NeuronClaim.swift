import Atlas

/// What an atlas found for one neuron: its verdict in sentences that hold for all findings.
struct NeuronClaim {
  let lead: String
  let detail: String
  /// The label that it is about.
  let label: Int
  let grade: LabelColumns.Grade

  init(_ report: AtlasReport, _ place: Int) {
    let findings = report.findings
    let name = report.paths.name(place)
    label = findings.mainLabel(place)
    let column = findings.cells[label]
    grade = column.grade(place)
    guard !findings.isConstant(place) else {
      lead = "\(name) has the same activation on every token."
      detail = ""
      return
    }
    let own = findings.labelNames[label]
    let auc = AtlasText.auc(column.auc[place], column.low[place], column.high[place])
    lead =
      switch grade {
      case .confirmed: "\(name) is confirmed for \(own): AUC \(auc) on confirmation documents."
      case .suggestive: "\(name) is suggestive for \(own): AUC \(auc) on confirmation documents."
      case .none:
        "\(name) stands for no label; of the labels it ranks highest for \(own) "
          + "(\(column.rank[place].grouped) of \(findings.model.neurons.grouped) on the discovery "
          + "documents), with an AUC of \(auc) on confirmation documents."
      }
    detail = [
      Self.next(findings, place, label), Self.missing(findings, place, label),
      Self.others(findings, place, label), Self.cluster(report, place),
    ].compactMap(\.self).joined(separator: " ")
  }

  /// How it tells the label from the next best one.
  private static func next(_ findings: AtlasFindings, _ place: Int, _ label: Int) -> String {
    let column = findings.cells[label]
    return
      "Against \(findings.labelNames[column.next[place]]) alone, the next best label, its AUC is "
      + "\(AtlasText.fixed(column.nextAUC[place])), lower bound "
      + "\(AtlasText.fixed(column.nextLow[place]))."
  }

  /// Which conditions of the next grade are not met; nil for a confirmed neuron, and where the digits
  /// of the file do not tell: a bound that is rounded to the limit may lie on either side.
  static func missing(_ findings: AtlasFindings, _ place: Int, _ label: Int) -> String? {
    let column = findings.cells[label]
    let limits = findings.file.grades
    let level = AtlasText.p(limits.level)
    func fixed(_ value: Double) -> String { AtlasText.fixed(value) }
    var reasons: [String] = []
    switch column.grade(place) {
    case .confirmed: return nil
    case .suggestive:
      let p = findings.p(place, label).atlas
      if p >= limits.level { reasons.append("p of \(AtlasText.p(p)) is not below \(level)") }
      if column.low[place] < limits.confirmed {
        reasons.append(
          "lower bound of \(fixed(column.low[place])) is not above \(fixed(limits.confirmed))")
      }
      if column.nextLow[place] < limits.next {
        reasons.append(
          "lower bound against \(findings.labelNames[column.next[place]]) of "
            + "\(fixed(column.nextLow[place])) is not above \(fixed(limits.next))")
      }
      return reasons.isEmpty
        ? nil : "It is not confirmed: its \(reasons.joined(separator: ", and its "))."
    case .none:
      if column.q[place] >= limits.level {
        reasons.append("q of \(AtlasText.p(column.q[place])) is not below \(level)")
      }
      if column.auc[place] < limits.suggestive {
        reasons.append("AUC is not above \(fixed(limits.suggestive))")
      }
      return reasons.isEmpty
        ? nil : "It is not suggestive: its \(reasons.joined(separator: ", and its "))."
    }
  }

  /// Other labels that it has a grade for.
  private static func others(_ findings: AtlasFindings, _ place: Int, _ label: Int) -> String? {
    let graded = findings.cells.indices.filter {
      $0 != label && findings.cells[$0].grade[place] > 0
    }
    guard !graded.isEmpty else { return nil }
    let names = graded.map {
      "\(findings.labelNames[$0]) (\(findings.cells[$0].grade(place).words))"
    }
    return "It has a grade for \(AtlasText.list(names)), too."
  }

  /// The neurons that say nearly the same.
  private static func cluster(_ report: AtlasReport, _ place: Int) -> String? {
    let index = report.findings.neurons.cluster[place]
    guard index >= 0 else { return nil }
    let cluster = report.findings.clusters[index]
    let others = cluster.members.filter { $0 != place }
    guard !others.isEmpty else { return nil }
    let names = others.prefix(5).map(report.paths.name)
    let rest = others.count - names.count
    return "It says nearly the same (|r| ≥ \(AtlasText.fixed(cluster.r, 2)) along the cluster) as "
      + "\(AtlasText.list(names + (rest > 0 ? ["\(rest.grouped) more"] : [])))."
  }
}
