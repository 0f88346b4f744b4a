import Analyses
import StudyFile
import Testing

struct VerdictTests {
  private static func numbers(
    mcc: (Double, Double?, Double?) = (0.82, 0.75, 0.87),
    percent: (Double, Double?, Double?) = (1.1, 0.8, 1.4),
    beaten: Int = 79, of count: Int = 80, other: Double = 0.05, isNew: Bool = true
  ) -> Verdict.Numbers {
    Verdict.Numbers(
      subject: .init(name: "L3N436"), target: "Dutch",
      detection: Verdict.Detection(
        mcc: Measured(mcc.0, low: mcc.1, high: mcc.2), bestDirection: 0.4, directions: 512,
        place: 1, neurons: 3_072, documents: 40, isNew: isNew),
      loss: Verdict.Loss(
        change: Measured(0.05, low: 0.04, high: 0.06),
        percent: Measured(percent.0, low: percent.1, high: percent.2), documents: 22,
        isNew: isNew),
      controls: Verdict.Specificity(beaten: beaten, count: count),
      others: [
        .init(corpus: "German", percent: Measured(other, low: -0.1, high: 0.2)),
        .init(corpus: "French", percent: Measured(-0.4, low: -0.5, high: -0.3)),
      ])
  }

  private static func outcomes(_ numbers: Verdict.Numbers) -> [Verdict.Test.Outcome] {
    Verdict(numbers).tests.map(\.outcome)
  }

  @Test func allFourTestsMakeTheEvidenceStrong() {
    let verdict = Verdict(Self.numbers())
    #expect(verdict.label == .strong)
    #expect(verdict.tests.map(\.name) == [.detects, .matters, .specific, .newText])
    #expect(verdict.tests.allSatisfy { $0.outcome == .passed })
    #expect(
      verdict.tests.map(\.words) == [
        "MCC 0.820 [0.750, 0.870]; the lower end should be at least 0.60 and above 0.400, the best "
          + "of 512 random directions of its layer",
        "the loss on Dutch changes by +1.10 % [0.80, 1.40]; it should rise by at least 0.50 %, the "
          + "lower end above zero",
        "its change is above that under 79 of 80 edits of equal size; it should be above 95 % of "
          + "them and above every other corpus's, the highest of which is German's, +0.05 %",
        "on 22 documents of Dutch that took no part in choosing the neuron the other three hold",
      ])
    #expect(
      verdict.sentence.hasPrefix(
        "The evidence that L3N436 is a neuron for Dutch is strong: 4 of 4 tests are passed. MCC "))
    #expect(!verdict.sentence.contains("Not passed"))
  }

  /// The lower end decides, not the number.
  @Test(arguments: [
    (0.9, 0.6, Verdict.Test.Outcome.passed), (0.9, 0.5999, .failed), (-0.9, -0.95, .failed),
  ])
  func detectingTakesTheLowerEnd(mcc: Double, low: Double, outcome: Verdict.Test.Outcome) {
    #expect(Self.outcomes(Self.numbers(mcc: (mcc, low, 0.95)))[0] == outcome)
  }

  @Test func aRandomDirectionThatDetectsAsWellFailsIt() {
    var numbers = Self.numbers()
    numbers.detection?.bestDirection = 0.75
    #expect(Self.outcomes(numbers)[0] == .failed)
    numbers.detection?.bestDirection = 0.7499
    #expect(Self.outcomes(numbers)[0] == .passed)
  }

  @Test(arguments: [
    (0.5, 0.001, Verdict.Test.Outcome.passed), (0.4999, 0.001, .failed), (2.0, 0.0, .failed),
    (2.0, -0.1, .failed), (-2.0, -3.0, .failed),
  ])
  func matteringTakesTheRiseAndItsInterval(
    percent: Double, low: Double, outcome: Verdict.Test.Outcome
  ) {
    #expect(Self.outcomes(Self.numbers(percent: (percent, low, 3)))[1] == outcome)
  }

  @Test(arguments: [
    (76, 80, 0.05, Verdict.Test.Outcome.passed), (75, 80, 0.05, .failed), (80, 80, 1.1, .failed),
    (80, 80, 1.0999, .passed),
  ])
  func specificTakesTheControlsAndTheOtherCorpora(
    beaten: Int, count: Int, other: Double, outcome: Verdict.Test.Outcome
  ) {
    #expect(
      Self.outcomes(Self.numbers(beaten: beaten, of: count, other: other))[2] == outcome)
  }

  @Test func limitsAreTheStudys() {
    var numbers = Self.numbers(beaten: 70)
    numbers.limits.specific = 0.8
    numbers.limits.detects = 0.8
    numbers.limits.matters = 1.2
    #expect(Self.outcomes(numbers) == [.failed, .failed, .passed, .failed])
    #expect(Verdict.rule(numbers.limits).contains("0.80") && Verdict.rule.contains("0.60"))
  }

  /// The first three on the documents that chose the neuron.
  @Test func withoutNewTextTheEvidenceIsInSample() {
    let verdict = Verdict(Self.numbers(isNew: false))
    #expect(verdict.label == .strongInSample)
    #expect(verdict.tests[3].outcome == .notRun)
    #expect(verdict.sentence.contains("strong on the documents that it was chosen on: 3 of 4"))
  }

  @Test func aTestThatWasNotRunMakesTheVerdictWeak() {
    var numbers = Self.numbers()
    numbers.detection = nil
    #expect(Verdict(numbers).label == .weak)
    #expect(Verdict(numbers).tests[0].words == "the study leaves out probe_sweep")
    #expect(Verdict(numbers).tests[3].outcome == .notRun)
    numbers = Self.numbers()
    numbers.loss = nil
    numbers.controls = nil
    numbers.others = []
    #expect(Verdict(numbers).label == .weak)
    #expect(Self.outcomes(numbers) == [.passed, .notRun, .notRun, .notRun])
    numbers = Self.numbers(beaten: 0, of: 0)
    #expect(Self.outcomes(numbers)[2] == .notRun)
    #expect(Verdict(numbers).label == .weak)
  }

  /// No sentence is made of a number without an interval.
  @Test func tooFewDocumentsRunNoTest() {
    var numbers = Self.numbers(mcc: (0.9, nil, nil), percent: (3, nil, nil))
    numbers.detection?.documents = 9
    numbers.loss?.documents = 9
    let verdict = Verdict(numbers)
    #expect(verdict.tests[0].outcome == .notRun && verdict.tests[1].outcome == .notRun)
    #expect(verdict.tests[1].words == "fewer than 10 documents carry no interval")
    #expect(verdict.label == .weak)
    #expect(!verdict.sentence.contains("3.00"))
  }

  /// Activations of few other documents make too few different edits: neither test of the loss
  /// counts, and the interval is nobody's argument.
  @Test(arguments: [
    (nil as Int?, Verdict.Label.strong), (20, .strong), (19, .weak), (1, .weak),
  ])
  func resamplingFromFewDocumentsCapsTheVerdict(donors: Int?, label: Verdict.Label) {
    var numbers = Self.numbers()
    numbers.loss?.donors = donors
    let verdict = Verdict(numbers)
    #expect(verdict.label == label)
    guard label == .weak, let donors else { return }
    #expect(verdict.tests.map(\.outcome) == [.passed, .notRun, .notRun, .notRun])
    let words =
      "its activations come from \(donors == 1 ? "1 other document" : "19 other documents")"
    #expect(verdict.tests[1].words == words + ", fewer than 20")
    #expect(verdict.tests[2].words == verdict.tests[1].words)
    #expect(verdict.sentence.contains("matters (\(words)") && !verdict.sentence.contains("1.10"))
    numbers.detection?.mcc = Measured(0.3, low: 0.2, high: 0.4)
    #expect(Verdict(numbers).label == .none)
    #expect(!Verdict(numbers).sentence.contains("is to be expected"))
    numbers.detection = nil
    #expect(Verdict(numbers).label == .weak)
  }

  @Test func oneLowerEndAboveItsNullIsWeak() {
    #expect(Verdict(Self.numbers(mcc: (0.3, 0.2, 0.4), percent: (0.2, 0.1, 0.3))).label == .weak)
    #expect(Verdict(Self.numbers(mcc: (0.5, 0.45, 0.6), percent: (0, -0.1, 0.1))).label == .weak)
  }

  /// What is ruled out is said, never that there is no such neuron.
  @Test func everyIntervalThatIncludesItsNullIsNone() {
    let verdict = Verdict(Self.numbers(mcc: (0.3, 0.2, 0.4), percent: (0.1, -0.25, 0.45)))
    #expect(verdict.label == .none)
    #expect(
      verdict.sentence.hasPrefix(
        "Without L3N436 no change of the loss on Dutch larger than 0.45 % is to be expected"))
    #expect(!verdict.sentence.contains("no neuron"))
  }

  @Test(arguments: [
    (0, "none of the 4 tests is passed"), (1, "1 of 4 tests is passed"),
    (2, "2 of 4 tests are passed"), (4, "4 of 4 tests are passed"),
  ])
  func passedTestsAreCountedInEnglish(passed: Int, words: String) {
    var numbers = Self.numbers(
      mcc: passed > 0 ? (0.82, 0.75, 0.87) : (0.3, 0.2, 0.4),
      percent: passed > 1 ? (1.1, 0.8, 1.4) : (0.1, -0.2, 0.4))
    if passed < 4 { numbers.controls = .init(beaten: 0, count: 80) }
    #expect(Verdict(numbers).sentence.contains(": \(words). "))
  }

  /// The opening's weakness names a test that is not passed, and never says "4 of 4 are not".
  @Test(arguments: [
    (1, Verdict.Test.Outcome.failed, "The test “detects” is not passed"),
    (1, .notRun, "The test “detects” is not run"),
    (3, .failed, "3 of 4 tests are not passed, among them “detects”"),
    (4, .failed, "No test is passed; “detects”"),
  ])
  func theWeaknessCountsWhatIsOpen(open: Int, outcome: Verdict.Test.Outcome, words: String) {
    var numbers = Self.numbers(mcc: (0.3, 0.2, 0.4))
    if outcome == .notRun { numbers.detection = nil }
    #expect(Claim.count(open, of: 4, Verdict(numbers).tests[0]) == words)
  }

  /// A neuron that is lower on the target: its MCC is below zero with both ends, at zero it has no
  /// sign.
  @Test(arguments: [
    (-0.5, -0.7, -0.4, "MCC −0.500 [−0.700, −0.400];"),
    (0, -0.1, 0.1, "MCC 0.000 [−0.100, 0.100];"),
    (0.5, 0, 0.7, "MCC 0.500 [0.000, 0.700];"),
  ])
  func theSignedMCCFailsItsTestInItsWords(mcc: Double, low: Double, high: Double, words: String) {
    let verdict = Verdict(Self.numbers(mcc: (mcc, low, high)))
    #expect(verdict.tests[0].outcome == .failed && verdict.tests[0].words.hasPrefix(words))
    var numbers = Self.numbers(mcc: (mcc, low, high), percent: (0.1, -0.1, 0.3))
    // Beside directions that tell nothing, an end at zero is no evidence.
    numbers.detection?.bestDirection = -0.2
    #expect(Verdict(numbers).label == .none)
  }

  @Test func keyFiguresCarryTheirIntervals() {
    let figures = Verdict(Self.numbers()).keyFigures
    #expect(
      figures.map(\.label) == [
        "Neuron", "Held-out MCC", "Rank by that", "Loss on Dutch without it",
        "More than edits of equal size",
      ])
    #expect(figures[1].interval == "[0.750, 0.870]" && figures[3].interval == "[0.0400, 0.0600]")
    #expect(figures[3].value == "+0.0500 nats" && figures[4].value == "79 of 80")
  }

  @Test func findingsWithoutEitherAnalysisHaveNoVerdict() throws {
    let study = try VerdictSamples.encoded(try VerdictSamples.study())
    let findings: Findings = try VerdictSamples.decoded(
      #"{"format": 1, "study": \#(study), "findings": {}}"#)
    #expect(Verdict(findings: findings) == nil)
  }

  @Test func findingsAreJudgedAsTheyAreReadBack() throws {
    let evidence = try PatchingGolden().evidence
    let controls = try AblationControls().run(evidence)
    let study = try VerdictSamples.encoded(try VerdictSamples.study())
    let findings: Findings = try VerdictSamples.decoded(
      """
      {"format": 1, "study": \(study),
        "findings": {"ablation_controls": \(try VerdictSamples.encoded(controls))}}
      """)
    let verdict = try #require(Verdict(findings: findings))
    #expect(verdict.tests[0].outcome == .notRun && verdict.tests[1].outcome == .passed)
    #expect(verdict.label == .weak)
  }
}
