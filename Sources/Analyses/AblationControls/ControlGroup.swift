import ReportModel

/// The control edits of one kind: what they are called, and how they change the loss.
package struct ControlGroup {
  /// One of them and several of them, in a caption.
  let name: String
  let names: String
  /// Their name in a row of a chart.
  let short: String
  /// Changes of loss, in nats per token.
  let changes: [Double]

  package init(name: String, names: String, short: String, changes: [Double]) {
    self.name = name
    self.names = names
    self.short = short
    self.changes = changes
  }

  /// How many controls of the first two groups lie below a change, such as
  /// `, above that under all 40 random neurons (highest +0.0100)`; empty without controls. Changes
  /// have signs, so that their order is said and not which of them is larger.
  package static func below(_ change: Double, _ groups: [ControlGroup]) -> String {
    let parts = groups.prefix(2).map { group in
      let below = group.changes.count { $0 < change }
      let share =
        switch below {
        case 0: "none of "
        case group.changes.count: below == 1 ? "" : "all "
        default: "\(below) of "
        }
      return share + group.changes.count.of(group.name, plural: group.names)
        + " (highest \(Wording.signedNumber(group.changes.max() ?? 0)))"
    }
    return parts.isEmpty ? "" : ", above that under \(Wording.list(parts))"
  }
}
