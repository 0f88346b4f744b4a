import Atlas

/// What ablating sets of neurons shows, in sentences that hold for all findings.
struct SetClaim {
  let findings: AtlasFindings
  let sets: SetEffects
  /// The size of the sets that the matrix shows.
  let size: Int

  init?(_ findings: AtlasFindings) {
    guard let sets = findings.sets, !sets.sizes.isEmpty else { return nil }
    self.findings = findings
    self.sets = sets
    size = sets.sizes.last { $0 <= 16 } ?? sets.sizes[0]
  }

  /// The change of a label's loss in percent of its loss without an edit; nil where it was not
  /// measured.
  func percent(_ ranking: SetEffects.Ranking, label: Int, on other: Int, size: Int) -> Estimate? {
    guard let effect = sets.effect(ranking, label: label, size: size), sets.loss[other] > 0
    else { return nil }
    let unit = sets.loss[other] / 100
    return Estimate(
      value: effect.change[other] / unit, low: effect.low[other] / unit,
      high: effect.high[other] / unit, hasInterval: effect.hasIntervals)
  }

  struct Estimate {
    let value: Double
    let low: Double
    let high: Double
    let hasInterval: Bool
  }

  /// What a note says of the intervals of a figure's estimates.
  static func intervals(_ estimates: [Estimate?]) -> String {
    estimates.contains { $0?.hasInterval == true }
      ? "with 95 % intervals over documents" : "without intervals"
  }

  /// `Without its 16 best neurons, 7 of 8 labels lose more than any other label does.`
  var matrix: String {
    let own = findings.cells.indices.count { label in
      let row = findings.cells.indices.map {
        percent(.auc, label: label, on: $0, size: size)?.value
      }
      guard let value = row[label] else { return false }
      return value > 0
        && row.enumerated().allSatisfy { $0.offset == label || ($0.element ?? -.infinity) < value }
    }
    let count = findings.cells.count
    let set = "a label's \(size == 1 ? "best neuron" : "\(size) best neurons")"
    return switch own {
    case 0: "Without \(set), no label is itself the one whose loss rises most."
    case count: "Without \(set), the loss of that label rises most, for all \(count) labels."
    default:
      "Without \(set), the loss of that label rises most for \(own) of \(count) labels."
    }
  }

  /// Whether a label's loss rises by more than under both kinds of control sets; nil without
  /// intervals or controls.
  func beatsControls(_ label: Int, size: Int) -> Bool? {
    guard let own = percent(.auc, label: label, on: label, size: size), own.hasInterval else {
      return nil
    }
    let controls = [SetEffects.Ranking.random, .matched].compactMap {
      percent($0, label: label, on: label, size: size)
    }
    guard !controls.isEmpty, controls.allSatisfy(\.hasInterval) else { return nil }
    return controls.allSatisfy { own.low > $0.high }
  }

  /// `For 6 of 8 labels the rise is above the intervals of both control sets.`
  var controls: String {
    let results = findings.cells.indices.map { beatsControls($0, size: size) }
    let judged = results.compactMap(\.self)
    let set = size == 1 ? "the best neuron" : "the \(size) best neurons"
    guard !judged.isEmpty else {
      return "What \(set) of each label do to its loss, beside control sets; there are too few "
        + "documents for intervals."
    }
    let above = judged.count { $0 }
    let rest =
      judged.count < results.count
      ? " (\(results.count - judged.count) could not be judged)" : ""
    let what = "the rise without \(set) lies above random and matched sets, intervals apart"
    return switch above {
    case 0: "For none of \(judged.count.of("label")) \(what)\(rest)."
    case judged.count where judged.count > 1: "For all \(judged.count) labels \(what)\(rest)."
    default: "For \(above) of \(judged.count.of("label")) \(what)\(rest)."
    }
  }

  /// What the curve of one label shows at its largest size.
  func curve(_ label: Int) -> String {
    let name = findings.labelNames[label]
    let measured = sets.sizes.last { percent(.auc, label: label, on: label, size: $0) != nil }
    guard let size = measured, let own = percent(.auc, label: label, on: label, size: size) else {
      return "No set of \(name) was measured."
    }
    let change = AtlasText.change(own.value, own.low, own.high, hasInterval: own.hasInterval)
    let set = size == 1 ? "its best neuron" : "its \(size) best neurons"
    let start = "Without \(set), the loss on \(name) changes by \(change) %"
    switch beatsControls(label, size: size) {
    case true?: return "\(start), above both control sets, intervals apart."
    case false?: return "\(start); that is not clear of the control sets."
    case nil: return "\(start)."
    }
  }
}
