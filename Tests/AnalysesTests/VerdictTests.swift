import Analyses
import Corpora
import StudyFile
import Testing

struct VerdictTests {
  private static func numbers(
    accuracy: Double = 0.91, target: Double = 1.89, other: Double = -0.02, percent: Double? = 1.1
  ) -> Verdict.Numbers {
    Verdict.Numbers(
      neuron: NeuronAddress(layer: 3, neuron: 436), target: "Dutch", accuracy: accuracy,
      splits: 5, mean: ClassPair(target: target, other: other),
      loss: percent.map { LossPair(clean: 4, ablated: 4 + 4 * $0 / 100) })
  }

  /// One case for each side of each bound of the rule.
  @Test(arguments: [
    (Verdict.Label.strong, 0.91, 1.89, 1.1), (.strong, 0.85, 0.1, 0.5001),
    (.weak, 0.8499, 1.89, 1.1), (.weak, 0.91, 1.89, 0.4999), (.weak, 0.91, -1, 1.1),
    (.weak, 0.91, -0.02, 1.1), (.weak, 0.91, 1.89, -2), (.weak, 0.75, 1.89, 0.1001),
    (.none, 0.7499, 1.89, 1.1), (.none, 0.91, 1.89, 0.0999), (.none, 0.91, 1.89, -0.0999),
  ])
  func theRuleHoldsAtItsBounds(
    label: Verdict.Label, accuracy: Double, target: Double, percent: Double
  ) {
    #expect(
      Verdict(Self.numbers(accuracy: accuracy, target: target, percent: percent)).label == label)
  }

  /// Strong needs an interval above zero where there is one; a wide one makes the claim weak.
  @Test(arguments: [(0.01, 0.08, Verdict.Label.strong), (-0.01, 0.09, .weak), (0, 0.09, .weak)])
  func anIntervalThatHoldsZeroIsNotStrong(low: Double, high: Double, label: Verdict.Label) {
    var numbers = Self.numbers()
    numbers.interval = Verdict.Interval(
      change: Measured(0.044, low: low, high: high), documents: 40)
    let verdict = Verdict(numbers)
    #expect(verdict.label == label)
    #expect(verdict.keyFigures.count == 5)
    #expect(verdict.keyFigures[4].note.contains("40 documents"))
    #expect(verdict.sentence.contains("over 40 documents, the change is +0.0440 nats"))
    #expect(verdict.sentence.contains("the interval of its change") == (label == .weak))
  }

  @Test(arguments: [(0.91, Verdict.Label.weak), (0.7, .none)])
  func withoutALossOnTheTargetTheClaimIsWeakAtBest(accuracy: Double, label: Verdict.Label) {
    let verdict = Verdict(Self.numbers(accuracy: accuracy, percent: nil))
    #expect(verdict.label == label)
    #expect(verdict.sentence.contains("the loss on Dutch without it was not measured"))
    #expect(verdict.keyFigures.count == 3)
  }

  @Test func aStrongSentenceHasItsNumbers() {
    #expect(
      Verdict(Self.numbers()).sentence == """
        L3N436 is more active on Dutch than elsewhere (mean activation 1.89 on Dutch, −0.020 on \
        the other class). Alone it tells the two apart in 91.0 % of held-out tokens (chance is \
        50 %); with it set to its mean over the other class the loss on Dutch rises from 4.000 to \
        4.044, by 0.0440 nats per token (1.10 %). By the rule of this report that is strong \
        evidence.
        """)
  }

  @Test func aWeakSentenceSaysWhatFallsShort() {
    let verdict = Verdict(Self.numbers(accuracy: 0.8, target: -0.5, percent: 0.3))
    #expect(verdict.sentence.hasPrefix("The claim is weak. L3N436 fires on everything but Dutch "))
    #expect(
      verdict.sentence.hasSuffix(
        """
        That falls short of strong evidence: its accuracy is below 85 %, the loss does not rise \
        by 0.5 % and the neuron is not higher on Dutch.
        """))
  }

  @Test func noEvidenceIsSaidPlainly() {
    let verdict = Verdict(Self.numbers(accuracy: 0.685, target: -0.08, other: 0.51, percent: 0.02))
    #expect(
      verdict.sentence.hasPrefix(
        "There is no good evidence that L3N436 is a neuron for Dutch. L3N436 fires on everything"))
    #expect(
      verdict.sentence.hasSuffix(
        "no evidence: its accuracy is below 75 % and the loss changes by less than 0.1 %."))
    #expect(verdict.sentence.contains("hardly changes: from 4.000 to 4.001, +0.0008 nats"))
  }

  @Test func aConstantNeuronIsAsActiveHereAsThere() {
    let verdict = Verdict(Self.numbers(accuracy: 0.5, target: 0.3, other: 0.3, percent: 0))
    #expect(verdict.label == .none)
    #expect(verdict.sentence.contains("as active on Dutch as elsewhere"))
  }

  @Test func keyFiguresGiveNatsAndPercent() {
    let figures = Verdict(Self.numbers()).keyFigures
    #expect(figures.map(\.value) == ["L3N436", "91.0 %", "1.89 / −0.020", "+0.0440 nats"])
    #expect(figures[3].label == "Loss on Dutch without it")
    #expect(figures[3].note == "+1.10 % per token, real tokens only")
  }

  @Test func theRankAmongAllNeuronsIsAKeyFigureWhereItIsKnown() {
    var numbers = Self.numbers()
    numbers.rank = Verdict.Rank(
      mcc: Measured(0.8175, low: 0.7954, high: 0.8299), place: 1, neurons: 12_288)
    let verdict = Verdict(numbers)
    #expect(
      verdict.keyFigures.map(\.label).prefix(4) == [
        "Neuron", "Held-out accuracy", "Held-out MCC", "Rank by that",
      ])
    #expect(verdict.keyFigures[2].note.contains("95 % interval [0.795, 0.830]"))
    #expect(verdict.keyFigures[2].interval == "[0.795, 0.830]")
    #expect(verdict.keyFigures[3].value == "1")
    #expect(verdict.keyFigures[3].note == "of all 12,288 neurons of the model")
    #expect(verdict.sentence.contains("(0.818) it has rank 1 of all 12,288 neurons; with it set"))
  }

  @Test func theRuleStatesEveryBound() {
    for bound in ["85 %", "75 %", "0.5 %", "0.1 %"] { #expect(Verdict.rule.contains(bound)) }
  }

  @Test func findingsAreJudgedAsTheyAreReadBack() throws {
    let study = try VerdictSamples.encoded(try VerdictSamples.study())
    func verdict(_ findings: String) throws -> Verdict? {
      Verdict(
        findings: try VerdictSamples.decoded(
          #"{"format": 1, "study": \#(study), "findings": {\#(findings)}}"#))
    }
    let accuracy = """
      "neuron_accuracy": {"layer": 3, "splits": [], "studied": [
        {"seed": 0, "neuron": 436, "train_accuracy": 0.9, "test_accuracy": 0.8},
        {"seed": 1, "neuron": 436, "train_accuracy": 0.9, "test_accuracy": 0.9}]},
      "activation_histogram": {"layer": 3, "neuron": 436, "mean": {"target": 2, "other": 0},
        "edges": [0, 1], "percent": {"target": [100], "other": [100]},
        "rows": {"target": 1, "other": 1}, "constant": false}
      """
    let ablation = """
      "ablation": {"layer": 3, "neuron": 436, "value": 0, "corpora": {"Dutch": {
        "documents": 2, "tokens": 9, "masked": {"clean": 4, "ablated": 4.2}}}}
      """
    #expect(try verdict(accuracy + "," + ablation)?.label == .strong)
    #expect(try verdict(accuracy)?.label == .weak)
    #expect(try verdict(ablation) == nil)
  }
}
