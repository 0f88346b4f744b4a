import Charts
import ReportModel
import StudyFile

// The claim about a set: what all its neurons together read and cost, and whether that is more than
// each alone.
extension Claim {
  /// Nil where the study has neither the set's reading nor its ablation.
  init?(set findings: Findings, tests: [Verdict.Test]) {
    let study = findings.study
    let probe = findings.result(of: SetProbe.self)
    let ablation = findings.result(of: SetAblation.self)
    let own = ablation?.corpora[study.file.target]
    guard probe != nil || own != nil else { return nil }
    self.init(
      lead: Self.setLead(
        study.subject, study.file.target, probe.map(Verdict.Detection.init),
        Verdict.Numbers(set: findings).loss?.tested),
      detail: [
        own.map { Self.setCost($0.together, study) },
        ablation.flatMap { result in
          own.flatMap { Self.setBeside(result.controls.equal, studied: $0.together.change.value) }
        },
        own.map(SetAblation.additivity),
      ].compactMap(\.self).joined(separator: " "),
      weaknesses: Self.setWeaknesses(findings, tests: tests))
  }

  /// `These 2 neurons together tell Dutch from other text, and the model uses them.`
  package static func setLead(
    _ subject: String, _ target: String, _ detection: Verdict.Detection?, _ change: Measured?
  ) -> String {
    let first = subject.prefix(1).uppercased() + subject.dropFirst()
    let tells = detection?.isAboveChance
    let reading =
      switch (tells, detection?.mcc.hasInterval) {
      case (true?, _): "\(first) together tell \(target) from other text"
      case (_, true?):
        "\(first) together do not tell \(target) "
          + (detection?.directions == 0
            ? "from other text" : "better than random sets of their layers")
      case (_, false?): "Whether \(subject) together tell \(target) from other text is not known"
      default: nil as String?
      }
    guard let change else { return "\(reading ?? first)." }
    let isDetector = tells == true
    let need =
      if !change.hasInterval {
        "whether the model needs them is not known"
      } else if change.mayBeZero {
        "the model hardly misses them there"
      } else if change.value > 0 {
        "the model uses them there"
      } else {
        "the model does better without them there"
      }
    guard let reading else {
      return "Of \(subject) only the ablation on \(target) is known: \(need)."
    }
    if !change.hasInterval { return "\(reading); \(need)." }
    if change.value > 0, !change.mayBeZero {
      return isDetector ? "\(reading), and \(need)." : "\(reading), and yet \(need)."
    }
    return isDetector ? "\(reading), but \(need)." : "\(reading), and \(need)."
  }

  /// A sentence on the change of the target's loss when all are ablated at once.
  package static func setCost(_ change: LossChange, _ study: FindingsStudy) -> String {
    let value = study.file.ablation.value.wordsOfSeveral
    let start = "\(study.subjectFirst), ablated together, each set to \(value),"
    let target = study.file.target
    guard change.change.hasInterval, !change.change.mayBeZero else {
      let unclear =
        change.change.hasInterval ? " by less than can be told from zero:" : " by"
      return "\(start) change the loss on \(target)\(unclear) \(change.change.words) nats per "
        + "token (\(change.percent.words) %)."
    }
    let amount = change.change.value < 0 ? change.change.negated : change.change
    let verb = change.change.value > 0 ? "cost" : "save"
    return "\(start) \(verb) the model \(amount.unsignedWords) nats per token of \(target) "
      + "(\(change.percent.words) %)."
  }

  /// How the change stands to those under edits of equal size; nil without any.
  package static func setBeside(_ equal: [Double], studied: Double) -> String? {
    guard !equal.isEmpty else { return nil }
    let below = equal.count { $0 < studied }
    return "That change is above those under \(below.grouped) of "
      + "\(equal.count.of("edit of equal size", plural: "edits of equal size"))."
  }

  /// The findings that speak against the claim: the effect was not measured on new text, tests that
  /// are not passed, a set that is no better than its best neuron.
  static func setWeaknesses(_ findings: Findings, tests: [Verdict.Test]) -> [String] {
    let target = findings.study.file.target
    var found: [String] = []
    if let sample = findings.result(of: SetAblation.self)?.corpora[target]?.sample,
      sample.holdsSelection
    {
      let choosers = sample.chosenOn ?? sample.documents
      found.append(
        "The effect is not from new text: "
          + (choosers < sample.documents ? "\(choosers.grouped) of " : "")
          + "the \(sample.documents.of("document")) of \(target) it is measured on took part in "
          + "fitting the set.")
    }
    let open = tests.filter { $0.outcome != .passed }
    if let first = open.first(where: { $0.name != .newText || found.isEmpty }) {
      found.append("\(count(open.count, of: tests.count, first)): \(first.words).")
    }
    if let probe = findings.result(of: SetProbe.self), let sentence = setAgainstBest(probe) {
      found.append(sentence)
    }
    return found
  }

  /// A sentence if the best neuron alone tells the target as well as all together do: its MCC is not
  /// below the set's. Nil where the set's is higher.
  package static func setAgainstBest(_ probe: SetProbe.Result) -> String? {
    guard let best = probe.neurons.max(by: { $0.mcc.value < $1.mcc.value }),
      best.mcc.value >= probe.together.mcc.value
    else { return nil }
    return "\(best.address) alone tells the target no worse than all together: MCC "
      + "\(Wording.fixed(best.mcc.value, 3)) and \(Wording.fixed(probe.together.mcc.value, 3))."
  }
}
