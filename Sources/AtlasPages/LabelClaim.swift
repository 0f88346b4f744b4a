import Atlas

/// What an atlas found for one label, in sentences that hold for all findings.
struct LabelClaim {
  let lead: String
  let detail: String

  init(_ report: AtlasReport, _ label: Int) {
    let findings = report.findings
    let own = findings.orderedLabels[label]
    lead = Self.grades(own)
    detail = [Self.best(report, label), Self.lape(own)].compactMap(\.self).joined(separator: " ")
  }

  /// `Dutch has 3 confirmed neurons in 2 clusters and 12 suggestive ones.`
  static func grades(_ label: AtlasLabel) -> String {
    let name = label.name
    let suggestive = label.suggestive
    guard label.confirmed > 0 else {
      return suggestive == 0
        ? "No neuron is confirmed or suggestive for \(name)."
        : "No neuron is confirmed for \(name); \(suggestive.grouped) "
          + "\(suggestive == 1 ? "is" : "are") suggestive."
    }
    let clusters =
      label.clusters < label.confirmed && label.clusters > 0
      ? ", which make \(label.clusters.of("cluster")),"
      : ""
    return "\(name) has \(label.confirmed.of("confirmed neuron"))\(clusters) and "
      + (suggestive == 0 ? "no suggestive one." : "\(suggestive.of("suggestive one")).")
  }

  /// The neuron that the discovery documents rank first, and what became of it.
  private static func best(_ report: AtlasReport, _ label: Int) -> String {
    let findings = report.findings
    let own = findings.orderedLabels[label]
    let column = findings.cells[label]
    let name = report.paths.name(own.best)
    let top = column.discovery[own.best]
    let tied = column.discovery.count { $0 == top }
    let first =
      tied > 1
      ? "On the discovery documents \(tied.grouped) of \(findings.model.neurons.of("neuron")) share "
        + "the AUC of the first, \(AtlasText.fixed(top)); by Cohen’s d that is \(name)."
      : "On the discovery documents \(name) ranks first of "
        + "\(findings.model.neurons.of("neuron")) (AUC \(AtlasText.fixed(top)))."
    return "\(first) On the \(own.confirmation.documents.of("confirmation document")) of "
      + "\(own.name), beside all others, its AUC is \(AtlasText.auc(own.auc, own.low, own.high)): "
      + "\(column.grade(own.best).words)."
  }

  private static func lape(_ label: AtlasLabel) -> String {
    "LAPE, the measure for language neurons, selects "
      + (label.lape == 0 ? "none for it." : "\(label.lape.of("neuron")) for it.")
  }
}
