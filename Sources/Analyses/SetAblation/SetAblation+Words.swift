import Charts
import Passes
import ReportModel
import StudyFile

// The sentences on what ablating a set changes.
extension SetAblation {
  /// `Setting each of these 2 neurons to its own mean over the other class changes the loss on Dutch
  /// by +2.1 %, on German by 0.1 %.`
  package static func corporaCaption(_ result: Result, in study: FindingsStudy) -> String {
    guard let own = result.corpora[study.file.target] else { return "" }
    let text =
      "Setting each of \(study.subject) to \(study.file.ablation.value.wordsOfSeveral) changes the "
      + "loss on \(study.file.target) by \(own.together.percent.words) %"
    let others = study.file.other.compactMap { name in
      result.corpora[name].map { (name: name, percent: $0.together.percent) }
    }
    return text + LossChange.range(others) + "."
  }

  /// How the change under all at once stands to the sum of the changes under each alone. Two changes
  /// add up where their difference cannot be told from zero.
  package static func additivity(_ change: Change) -> String {
    let (together, sum, beyond) = (change.together.change, change.sum, change.beyond)
    let numbers =
      "Together they change the loss by \(together.words) nats per token, each alone by "
      + "\(sum.words) in sum"
    guard beyond.hasInterval else {
      return "\(numbers); whether these differ is not known."
    }
    guard !beyond.mayBeZero else {
      return "\(numbers): the difference of \(beyond.words) cannot be told from zero, so nothing "
        + "shows that their effects do not add up."
    }
    // A loss that falls makes "more" and "less" ambiguous; the order of the changes does not.
    guard together.value > 0, sum.value > 0 else {
      return "\(numbers): the change of all at once is "
        + "\(beyond.value > 0 ? "above" : "below") that sum by \(amount(beyond))."
    }
    return beyond.value > 0
      ? "\(numbers): without all at once the model loses \(amount(beyond)) more than the sum, as where "
        + "neurons stand in for each other."
      : "\(numbers): without all at once the model loses \(amount(beyond)) less than the sum, as where "
        + "effects overlap."
  }

  private static func amount(_ beyond: Measured) -> String {
    (beyond.value < 0 ? beyond.negated : beyond).unsignedWords
  }

  /// What the curve shows at its first and its last size.
  package static func curveCaption(_ curve: [Point], _ target: String) -> String {
    guard let first = curve.first, let last = curve.last, curve.count > 1 else { return "" }
    var text =
      "Without the first neuron the loss on \(target) changes by \(first.change.words) nats per "
      + "token, without \(last.size == 2 ? "both" : "all \(last.size)") by \(last.change.words)"
    let controls = last.random + last.matched
    if let low = controls.min(), let high = controls.max() {
      text +=
        controls.count == 1
        ? "; without the control set of \(last.size) by \(Wording.signedNumber(low))"
        : "; without control sets of \(last.size) by \(Wording.signedNumber(low)) to "
          + Wording.signedNumber(high)
    }
    return text + "."
  }

  /// The set's change beside those under edits of equal size, and under other sets.
  package static func controlsCaption(_ result: Result, in study: FindingsStudy) -> String {
    let target = study.file.target
    guard let own = result.corpora[target]?.together.change else { return "" }
    let groups = groups(result)
    return "Ablated together, \(study.subject) change the loss on \(target) by \(own.words) nats"
      + (groups.isEmpty
        ? "; no control set was run." : ControlGroup.below(own.value, groups) + ".")
  }

  /// The control sets that were run, those of equal size first.
  static func groups(_ result: Result) -> [ControlGroup] {
    [
      ControlGroup(
        name: "random set scaled to the size of their edit",
        names: "random sets scaled to the size of their edit", short: "random sets, scaled",
        changes: result.controls.scaled),
      ControlGroup(
        name: "set of random directions moved along as far",
        names: "sets of random directions moved along as far", short: "sets of directions",
        changes: result.controls.directions),
      ControlGroup(
        name: "set that fires as often", names: "sets that fire as often",
        short: "sets that fire as often", changes: result.curve.last?.matched ?? []),
      ControlGroup(
        name: "random set", names: "random sets", short: "random sets",
        changes: result.curve.last?.random ?? []),
    ].filter { !$0.changes.isEmpty }
  }
}

extension DocumentSample.Size {
  /// How the sample stands to the documents that a set is fitted on, and whether it is small.
  var fit: String {
    "\(holdsSelection ? chosenOn.map(\.grouped) ?? "some" : "none") of which the set was fitted on"
      + Self.small(documents)
  }
}
