import Charts
import Passes
import ReportModel
import StudyFile

/// The findings that speak against the claim: what the neuron alone classifies wrongly, answers
/// that become more likely without it, corpora that the model predicts better without it, and ties.
package enum Limits {
  /// The sections of the report's part on limits, without the objections.
  package static func sections(_ findings: Findings) -> [Section] {
    [misses(findings), counterExamples(findings)].compactMap(\.self)
  }

  // MARK: Misses

  private static func misses(_ findings: Findings) -> Section? {
    guard let result = findings.result(of: Examples.self) else { return nil }
    let (study, probe) = (findings.study, result.probe)
    let target = study.file.target
    let rows = [
      (
        "misses", "tokens of \(target) that it does not take for \(target)", probe.falseNegatives
      ),
      (
        "false alarms", "tokens of the other class that it takes for \(target)",
        probe.falsePositives
      ),
    ].filter { $0.2.of > 0 }
    guard !rows.isEmpty else { return nil }
    let rule =
      probe.threshold.map {
        "\(probe.coefficient > 0 ? "above" : "below") an activation of \(Wording.number($0))"
      } ?? "never"
    let table = DataTable(
      title: "Errors of \(study.neuron) on its own",
      header: ["error", "tokens", "wrong", "of", "%"],
      rows: rows.map { name, meaning, errors in
        [
          .text(name), .text(meaning), .integer(errors.tokens), .integer(errors.of),
          .number(100 * Double(errors.tokens) / Double(errors.of), decimals: 1),
        ]
      })
    let figures = Examples.errorFigures(result, study)
    return Section(
      id: "misses", title: "Where it is wrong", part: .limits,
      blocks: [
        .prose(
          """
          A logistic regression on \(study.neuron) alone says \(Markdown.text(target)) \
          \(Markdown.text(rule)). \(fitted(probe.sample))
          """),
        .table(table),
      ]
        + (figures.isEmpty
          ? [] : [.fold("Passages around its errors", figures.map { .figure($0) })]))
  }

  /// Which documents the probe is fitted and judged on, in Markdown.
  package static func fitted(_ sample: Examples.Result.Sample?) -> String {
    guard let sample else {
      return """
        It is fitted on tokens drawn at random from the probe documents (the sparse probe's \
        training part), and judged on the tokens that the table counts, which may be of the same \
        documents.
        """
    }
    let fitted =
      "It is fitted on all tokens of the \(sample.fitted.of("document")) of either class that "
      + "chose the neuron, and judged on "
    return fitted
      + (sample.isNew
        ? "\(sample.judged.grouped) of either class, drawn at random, that took no part in that."
        : "\(sample.judged.grouped) of either class, **which may be the same**: the corpora have "
          + "too few others.")
  }

  // MARK: Counter-examples

  private static func counterExamples(_ findings: Findings) -> Section? {
    let found = statements(findings)
    guard !found.isEmpty else { return nil }
    return Section(
      id: "counter-examples", title: "Counter-examples", part: .limits,
      blocks: [.prose(found.map { "- " + Markdown.text($0) }.joined(separator: "\n"))])
  }

  package static func statements(_ findings: Findings) -> [String] {
    [
      answers(findings), improved(findings), ties(findings), constant(findings),
      few(findings), repeated(findings),
    ].compactMap(\.self)
  }

  /// The prompts whose first answer is more likely in the ablated run.
  private static func risen(_ findings: Findings) -> [(Prompts.Prompt, Prompts.FollowedToken)] {
    (findings.result(of: Prompts.self) ?? []).compactMap { prompt in
      prompt.answers.first.flatMap {
        $0.ablated.logProbability > $0.clean.logProbability ? (prompt, $0) : nil
      }
    }
  }

  /// How many prompts have such an answer, as a sentence for the opening; nil if none has.
  static func answersThatRose(_ findings: Findings) -> String? {
    let risen = risen(findings)
    guard !risen.isEmpty else { return nil }
    let all = (findings.result(of: Prompts.self) ?? []).count { !$0.answers.isEmpty }
    return "In \(risen.count) of \(all.of("prompt")) the first answer gets likelier without it."
  }

  private static func answers(_ findings: Findings) -> String? {
    let prompts = (findings.result(of: Prompts.self) ?? []).filter { !$0.answers.isEmpty }
    if prompts.isEmpty { return nil }
    let risen = risen(findings)
    guard !risen.isEmpty else {
      return "In 0 of \(prompts.count.of("prompt")) the first answer gets likelier without "
        + "\(findings.study.neuron)."
    }
    let list = risen.prefix(3).map { prompt, answer in
      "after \(Wording.quoted(prompt.text, limit: 40)) the answer \(Wording.quoted(answer.token)) "
        + "rises from \(NumberText.significant(100 * answer.clean.probability)) to "
        + "\(NumberText.significant(100 * answer.ablated.probability)) %"
    }
    let rest = risen.count > 3 ? ["\(risen.count - 3) more"] : []
    return "In \(risen.count) of \(prompts.count.of("prompt")) the first answer gets likelier "
      + "without \(findings.study.neuron): \(Wording.list(list + rest))."
  }

  /// The corpora whose loss falls without the neuron and whose interval lies below zero.
  private static func improved(_ findings: Findings) -> String? {
    let study = findings.study
    let measured = ([study.file.target] + study.file.other).compactMap { name in
      findings.change(on: name).map { (name, $0.loss.percent) }
    }.filter(\.1.hasInterval)
    guard !measured.isEmpty else { return nil }
    let better = measured.filter { !$0.1.mayBeZero && $0.1.value < 0 }
    guard !better.isEmpty else {
      let corpora = measured.count.of("corpus", plural: "corpora")
      return "On none of \(corpora) with an interval does the loss fall without \(study.subject) "
        + "by more than that."
    }
    let list = better.map { "\($0.0) \($0.1.words) %" }
    return "The model predicts \(better.count.of("corpus", plural: "corpora")) of "
      + "\(measured.count) better without \(study.subject): \(Wording.list(list))."
  }

  /// The number of neurons with the same MCC on documents.
  private static func ties(_ findings: Findings) -> String? {
    guard let sweep = findings.result(of: ProbeSweep.self) else { return nil }
    let tied = sweep.neurons(withDocumentMCC: sweep.studied.documents.mcc.mean)
    guard tied > 1 else { return nil }
    return "By the mean of whole documents, \(findings.study.neuron) is one of "
      + "\(tied.of("neuron")) with the same MCC of "
      + "\(Wording.fixed(sweep.studied.documents.mcc.mean, 3)): documents do not single it out."
      + (ProbeSweep.rightWords(sweep).map { " " + $0 } ?? "")
  }

  /// A note if setting the neuron to its own mean on the target costs nothing: its variation within
  /// the target then matters little.
  private static func constant(_ findings: Findings) -> String? {
    let target = findings.study.file.target
    guard let ablations = findings.result(of: AblationControls.self)?.corpora[target]?.ablations,
      let own = ablations[AblationControls.Kind.ownMean.rawValue]?.change,
      let other = ablations[AblationControls.Kind.otherMean.rawValue]?.change,
      own.low != nil, own.mayBeZero, other.isAboveZero
    else { return nil }
    return "Set to its own mean on \(target), it costs \(own.words) nats per token, which cannot "
      + "be told from zero: which tokens of \(target) it fires on carries little."
  }

  /// What few documents mean for the interval of the effect.
  private static func few(_ findings: Findings) -> String? {
    let target = findings.study.file.target
    guard
      let sample = findings.change(on: target)?.sample,
      sample.documents < MeasuringSettings.fewest
    else { return nil }
    return "What the model loses without \(findings.study.subject) is measured on "
      + "\(sample.documents.of("document")) of \(target)"
      + "\(DocumentSample.Size.small(sample.documents))."
  }

  /// Corpora whose texts are part of another one.
  private static func repeated(_ findings: Findings) -> String? {
    let repeated = findings.study.repeatedCorpora
    guard !repeated.isEmpty else { return nil }
    let list = repeated.map { "\($0.name) (of \($0.source))" }
    return "\(Wording.list(list)) \(repeated.count == 1 ? "repeats" : "repeat") texts of another "
      + "corpus and \(repeated.count == 1 ? "is" : "are") shown among the notebook's figures only: "
      + "no test on new text."
  }
}

extension ProbeSweep.Result {
  /// The number of the model's neurons with this MCC on documents, to the four decimals that are
  /// kept.
  package func neurons(withDocumentMCC mcc: Double) -> Int {
    layers.reduce(0) { $0 + $1.documents.mcc.count { ($0 - mcc).magnitude < 0.000051 } }
  }
}
