import Charts
import ReportModel
import StudyFile

/// The claim of a report in two or three sentences, and its main weaknesses, all from the findings.
package struct Claim: Sendable, Equatable {
  /// The first sentence: `L3N436 fires on Dutch, and the model uses it.`
  package let lead: String
  /// What the ablation costs on the target, how that compares with the controls, and what it
  /// changes elsewhere.
  package let detail: String
  /// The first one or two of `weaknesses`; nil where the findings show none.
  package let weakness: String?

  /// The most characters that two weaknesses may have together to be shown; the first screen has no
  /// room for more.
  private static let weaknessLength = 200

  /// The claim of the findings; nil where they hold no mean of the neuron.
  package init?(_ findings: Findings, tests: [Verdict.Test] = []) {
    if findings.study.file.subject == .set {
      self.init(set: findings, tests: tests)
      return
    }
    guard let activity = Activity(findings) else { return nil }
    let study = findings.study
    let target = study.file.target
    let controls = findings.result(of: AblationControls.self)
    let kind = AblationControls.Kind(study.file.ablation.value).rawValue
    let change = controls?.corpora[target]?.ablations[kind]
    // What no test can go by says nothing of what the model needs.
    let isTested =
      controls?.corpora[target]?.donors?[kind].map { $0 >= AblationControls.fewestDonors } ?? true
    self.init(
      lead: Self.lead(activity, change.map { isTested ? $0.change : Measured($0.change.value) }),
      detail: [
        change.map { Self.cost($0, target, study.file.ablation.value) },
        controls.flatMap { result in
          Self.beside(
            result.controls, isSameSample: result.controls.sample == result.corpora[target]?.sample)
        },
        controls.flatMap { Self.elsewhere($0, study) },
      ].compactMap(\.self).joined(separator: " "),
      weaknesses: Self.weaknesses(findings, tests: tests))
  }

  /// - Parameter weaknesses: the heaviest first
  init(lead: String, detail: String, weaknesses: [String]) {
    self.lead = lead
    self.detail = detail
    let both = weaknesses.prefix(2).joined(separator: " ")
    weakness = both.count <= Self.weaknessLength ? (both.isEmpty ? nil : both) : weaknesses[0]
  }

  /// The first sentence: what the neuron fires on, and whether the model's loss depends on it.
  package static func lead(_ activity: Activity, _ change: Measured?) -> String {
    let isDetector = [.firesOnTarget, .highestOnTarget].contains(activity.kind)
    guard let change else { return "\(activity.neuron) \(activity.predicate)." }
    let need =
      if change.low == nil || change.high == nil {
        "; whether the model needs it is not known"
      } else if change.mayBeZero {
        isDetector
          ? ", but the model hardly misses it" : ", and the model hardly misses it there"
      } else if change.value > 0 {
        isDetector ? ", and the model uses it" : ", and yet the model uses it there"
      } else {
        ", and the model does better without it there"
      }
    return "\(activity.neuron) \(activity.predicate)\(need)."
  }

  /// A sentence on the change of the target's loss under the ablation.
  package static func cost(
    _ change: LossChange, _ target: String, _ value: AblationSettings.Value = .otherMean
  ) -> String {
    guard change.change.low != nil else {
      return "Set to \(value.words), it changes the loss on \(target) by "
        + "\(change.change.words) nats per token."
    }
    let verb =
      change.change.mayBeZero
      ? "changes the model's loss by less than can be told from zero:"
      : change.change.value > 0 ? "costs the model" : "saves the model"
    let amount = change.change.value < 0 ? change.change.negated : change.change
    let size = change.change.mayBeZero ? change.change.words : amount.unsignedWords
    return "Set to \(value.words), it \(verb) \(size) nats per token of \(target) "
      + "(\(change.percent.words) %)."
  }

  /// How the studied edit compares with the control edits, of which the largest is named. "That"
  /// refers to the effect in the sentence before, if it was measured on the same documents.
  package static func beside(
    _ controls: AblationControls.Controls, isSameSample: Bool = true
  ) -> String? {
    let values = controls.equal
    guard let largest = values.max() else { return nil }
    let studied = controls.studied.change.value
    let below = values.count { $0 < studied }
    let count = controls.count
    guard isSameSample else {
      return "On \(controls.sample.documents.of("document")) with controls its change is "
        + "\(Wording.signedNumber(studied)), above that under \(below.grouped) of \(count) "
        + "(highest \(Wording.signedNumber(largest)))."
    }
    // "More" and "less" of a loss that falls say two things; the order of signed changes says one.
    guard studied > 0 else {
      return "Its change is above that under \(below.grouped) of \(count)."
    }
    guard below == values.count else {
      return "That is more than \(below.grouped) of \(count) "
        + "\(values.count == 1 ? "costs" : "cost")."
    }
    guard largest > 0, studied / largest > 2 else {
      return "That is more than each of \(count) costs."
    }
    return "The costliest of \(count) costs less than one \(Self.part(studied / largest)) of that."
  }

  /// The name of the fraction that the smaller effect is below: `half`, `third` or `tenth`, from
  /// the ratio of the larger effect to the smaller one, rounded down.
  private static func part(_ ratio: Double) -> String {
    let names = [
      2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth",
      9: "ninth", 10: "tenth",
    ]
    return names[min(Int(min(ratio.nextDown, 10)), 10)] ?? "half"
  }

  /// The range of the change over all corpora of the other class.
  package static func elsewhere(
    _ controls: AblationControls.Result, _ study: FindingsStudy
  ) -> String? {
    let kind = AblationControls.Kind(study.file.ablation.value).rawValue
    let others = study.file.other.compactMap { name in
      controls.corpora[name]?.ablations[kind].map {
        (name, $0.percent.value)
      }
    }
    guard let low = others.map(\.1).min(), let high = others.map(\.1).max() else { return nil }
    let digits = NumberText.decimals(low: low, high: high)
    func percent(_ value: Double) -> String { Wording.signed(value, digits) }
    if others.count == 1 { return "On \(others[0].0) it changes the loss by \(percent(low)) %." }
    return "On the \(others.count) other corpora it changes the loss by \(percent(low)) to "
      + "\(percent(high)) %."
  }

  // MARK: Weaknesses

  /// The findings that speak against the claim, in this order: the effect was not measured on new
  /// text, tests that are not passed, what the neuron misses on its own, and prompts whose answer
  /// became more likely without it.
  static func weaknesses(_ findings: Findings, tests: [Verdict.Test]) -> [String] {
    let study = findings.study
    let target = study.file.target
    var found: [String] = []
    if let sample = findings.result(of: AblationControls.self)?.corpora[target]?.sample,
      sample.holdsSelection
    {
      let measured = "\(sample.documents.of("document")) of \(target) it is measured on"
      let choosers = sample.chosenOn ?? sample.documents
      found.append(
        "The effect is not from new text: "
          + (choosers < sample.documents ? "\(choosers.grouped) of " : "")
          + "the \(measured) took part in choosing the neuron.")
    }
    // The test of new text is not named first if the first weakness already says this.
    let open = tests.filter { $0.outcome != .passed }
    if let first = open.first(where: { $0.name != .newText || found.isEmpty }) {
      found.append("\(Self.count(open.count, of: tests.count, first)): \(first.words).")
    }
    if let probe = findings.result(of: Examples.self)?.probe,
      probe.falseNegatives.of > 0, probe.falsePositives.of > 0
    {
      let missed = Double(probe.falseNegatives.tokens) / Double(probe.falseNegatives.of)
      let mistaken = Double(probe.falsePositives.tokens) / Double(probe.falsePositives.of)
      found.append(
        "On its own it misses \(Wording.percent(missed)) of the tokens of \(target) and takes "
          + "\(Wording.percent(mistaken)) of the others for \(target).")
    }
    if let rose = Limits.answersThatRose(findings) { found.append(rose) }
    return found
  }

  /// How many tests are not passed, and which is told.
  package static func count(_ open: Int, of tests: Int, _ told: Verdict.Test) -> String {
    let name = "“\(told.name.rawValue)”"
    switch open {
    case 1: return "The test \(name) is \(told.outcome == .failed ? "not passed" : "not run")"
    case tests: return "No test is passed; \(name)"
    default: return "\(open) of \(tests) tests are not passed, among them \(name)"
    }
  }
}
