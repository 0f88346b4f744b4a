import StudyFile

/// How far the findings support the claim that the neuron, or the set, is one for the target: four tests,
/// each with its number and its limit, and a label that follows from them.
package struct Verdict: Sendable, Equatable {
  package enum Label: String, Sendable, Codable, CaseIterable {
    case strong
    case strongInSample = "strong_in_sample"
    case weak, none
  }

  package let label: Label
  /// The tests: detects, matters, specific and new text, always all four in this order.
  package let tests: [Test]
  /// One paragraph of plain text that says the verdict with its numbers.
  package let sentence: String
  package let keyFigures: [Headline]

  /// One of the four tests.
  package struct Test: Sendable, Equatable {
    package enum Name: String, Sendable, CaseIterable {
      case detects, matters, specific
      case newText = "new text"
    }

    package enum Outcome: String, Sendable {
      case passed, failed
      case notRun = "not run"
    }

    package let name: Name
    package let outcome: Outcome
    /// The test's number and limit, or why it was not run, as plain text without a full stop.
    package let words: String
  }

  /// A number for the top of the page, as plain text.
  package struct Headline: Sendable, Equatable {
    package let label: String
    package let value: String
    /// How the number was measured; may be empty.
    package let note: String
    /// The numbers that `value` shows, as they are printed; empty for a name.
    package var numbers: [Double] = []
    /// The 95 % interval of the number, if it has one; `note` says it, too.
    package var interval: String?
  }

  /// A change of the loss smaller than this, in percent, is worded as hardly a change.
  static let smallestChange = 0.1

  /// The rule in words, for the page.
  package static func rule(
    _ limits: VerdictLimits = VerdictLimits(), of subject: Subject = .neuron
  ) -> String {
    if subject == .set { return setRule(limits) }
    return """
      Detects: by MCC on held-out documents, the neuron higher on the target, the lower end of the \
      95 % interval is at least \(Wording.fixed(limits.detects, 2)) and above the best random \
      direction of its layer. Matters: without it the target's loss rises by at \
      least \(Wording.fixed(limits.matters, 2)) %, the lower end above zero. Specific: by more than \
      under at least \(Wording.fixed(100 * limits.specific, 0)) % of the edits of equal size, and by \
      a larger share of its loss than on any other corpus. New text: these hold on documents that \
      took no part in choosing the neuron. Strong: all four. Strong, in sample: the first three. \
      Weak: a lower end above its null. None: every interval includes its null. A test that was not \
      run makes the verdict weak at best.
      """
  }

  package static var rule: String { rule() }

  /// Judges the findings; nil where they hold none of the numbers that it judges or shows.
  package init?(findings: Findings) {
    let numbers =
      findings.study.file.subject == .set ? Numbers(set: findings) : Numbers(neuron: findings)
    guard numbers.detection != nil || numbers.loss != nil || numbers.notebook.accuracy != nil
    else { return nil }
    self.init(numbers)
  }

  package init(_ numbers: Numbers) {
    tests = Self.tests(numbers)
    label = Self.label(numbers, tests)
    sentence = Self.sentence(numbers, label, tests)
    keyFigures = Self.keyFigures(numbers)
  }

  private static func label(_ numbers: Numbers, _ tests: [Test]) -> Label {
    if tests.allSatisfy({ $0.outcome == .passed }) { return .strong }
    if tests.prefix(3).allSatisfy({ $0.outcome == .passed }) { return .strongInSample }
    let percent = testedPercent(numbers)
    let isSomething = numbers.detection?.isAboveChance == true || percent?.isAboveZero == true
    let isUnknown = numbers.detection?.mcc.hasInterval != true && percent?.hasInterval != true
    return isSomething || isUnknown ? .weak : .none
  }

  /// The change of the target's loss, where a test can go by it.
  static func testedPercent(_ numbers: Numbers) -> Measured? {
    numbers.loss.flatMap { $0.shortfall == nil ? $0.percent : nil }
  }
}
