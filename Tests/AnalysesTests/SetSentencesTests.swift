import Analyses
import Foundation
import JSON
import ReportModel
import Statistics
import StudyFile
import Testing

/// The sentences about a set, each with findings that turn it.
struct SetSentencesTests {
  private static func measured(_ value: Double, _ reach: Double?) -> Measured {
    Measured(value, low: reach.map { value - $0 }, high: reach.map { value + $0 })
  }

  private static func decoded<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
  }

  private static func text(_ measured: Measured) -> String {
    let ends = [("low", measured.low), ("high", measured.high)]
      .compactMap { name, end in end.map { ", \"\(name)\": \($0)" } }
    return "{\"value\": \(measured.value)\(ends.joined())}"
  }

  private static func loss(_ change: Measured) -> String {
    """
    {"clean": 4, "change": \(text(change)), "percent": \(text(change)), "by_document": {"value": 0},
     "percent_by_document": {"value": 0}, "worse": 0.5}
    """
  }

  private static func change(
    together: Measured, sum: Measured, beyond: Measured
  ) throws -> SetAblation.Change {
    try decoded(
      """
      {"sample": {"documents": 20, "tokens": 400, "available": 40, "left_out": 18,
        "holds_selection": false}, "together": \(loss(together)), "alone": [],
       "sum": \(text(sum)), "beyond": \(text(beyond))}
      """)
  }

  @Test(arguments: [
    // All at once, the sum, the difference and its interval's reach, and words.
    (
      0.30, 0.10, 0.20, 0.05, "loses 0.200 [0.150, 0.250] more than the sum, as where neurons"
    ),
    (
      0.10, 0.30, -0.20, 0.05, "loses 0.200 [0.150, 0.250] less than the sum, as where effects"
    ),
    (0.31, 0.30, 0.01, 0.05, "cannot be told from zero, so nothing shows that"),
    (-0.30, 0.10, -0.40, 0.05, "the change of all at once is below that sum by 0.400"),
    (-0.10, -0.30, 0.20, 0.05, "the change of all at once is above that sum by 0.200"),
    (0.10, -0.10, 0.20, 0.05, "the change of all at once is above that sum by 0.200"),
  ]) func additivity(together: Double, sum: Double, beyond: Double, reach: Double, words: String)
    throws
  {
    let found = SetAblation.additivity(
      try Self.change(
        together: Self.measured(together, 0.02), sum: Self.measured(sum, 0.02),
        beyond: Self.measured(beyond, reach)))
    #expect(found.contains(words), "\(found)")
    #expect(found.hasPrefix("Together they change the loss by "))
  }

  @Test func withoutAnIntervalNothingIsSaidOfTheSum() throws {
    let found = SetAblation.additivity(
      try Self.change(
        together: Measured(0.3), sum: Measured(0.1), beyond: Measured(0.2)))
    #expect(found.hasSuffix("whether these differ is not known."))
  }

  private static func detection(_ mcc: Measured, best: Double) -> Verdict.Detection {
    Verdict.Detection(
      mcc: mcc, bestDirection: best, directions: 20, place: nil, neurons: 0, documents: 40,
      isNew: true)
  }

  @Test(
    arguments: [
      // MCC, its reach, the best random set, the change and its reach, the sentence.
      (
        0.8, 0.05, 0.3, 0.1, 0.02,
        "These 2 neurons together tell Dutch from other text, and the model uses them there."
      ),
      (
        0.8, 0.05, 0.3, -0.1, 0.02,
        "These 2 neurons together tell Dutch from other text, but the model does better without them "
          + "there."
      ),
      (
        0.8, 0.05, 0.3, 0.01, 0.02,
        "These 2 neurons together tell Dutch from other text, but the model hardly misses them there."
      ),
      (
        0.8, 0.05, 0.78, 0.1, 0.02,
        "These 2 neurons together do not tell Dutch better than random sets of their layers, and yet "
          + "the model uses them there."
      ),
      (
        0.02, 0.05, -0.2, 0.01, 0.02,
        "These 2 neurons together do not tell Dutch better than random sets of their layers, and the "
          + "model hardly misses them there."
      ),
      (
        0.8, nil, 0.3, 0.1, nil,
        "Whether these 2 neurons together tell Dutch from other text is not known; whether the model "
          + "needs them is not known."
      ),
    ] as [(Double, Double?, Double, Double, Double?, String)]) func lead(
      mcc: Double, reach: Double?, best: Double, change: Double, changeReach: Double?, words: String
    )
  {
    #expect(
      Claim.setLead(
        "these 2 neurons", "Dutch", Self.detection(Self.measured(mcc, reach), best: best),
        Self.measured(change, changeReach)) == words)
  }

  @Test func leadWithoutRandomSetsSpeaksOfNone() {
    var detection = Self.detection(Self.measured(0.02, 0.05), best: 0)
    detection.directions = 0
    #expect(
      Claim.setLead("these 2 neurons", "Dutch", detection, nil)
        == "These 2 neurons together do not tell Dutch from other text.")
  }

  @Test func leadOfOneAnalysisAlone() {
    let change = Self.measured(0.1, 0.02)
    #expect(
      Claim.setLead("these 2 neurons", "Dutch", nil, change)
        == "Of these 2 neurons only the ablation on Dutch is known: the model uses them there.")
    let detection = Self.detection(Self.measured(0.8, 0.05), best: 0.3)
    #expect(
      Claim.setLead("these 2 neurons", "Dutch", detection, nil)
        == "These 2 neurons together tell Dutch from other text.")
  }

  @Test(
    arguments: [
      (0.1, 0.02, "cost the model 0.100 [0.080, 0.120] nats per token of Dutch ("),
      (-0.1, 0.02, "save the model 0.100 [0.080, 0.120] nats per token of Dutch ("),
      (0.01, 0.02, "change the loss on Dutch by less than can be told from zero: +0.010 [−0.010"),
      (0.1, nil, "change the loss on Dutch by +0.100 nats per token ("),
    ] as [(Double, Double?, String)]) func cost(value: Double, reach: Double?, words: String) throws
  {
    let found: LossChange = try Self.decoded(Self.loss(Self.measured(value, reach)))
    let study = try FindingsStudy(try SetStudySample.resolved(), neuron: nil)
    let sentence = Claim.setCost(found, study)
    #expect(sentence.contains(words), "\(sentence)")
    #expect(
      sentence.hasPrefix(
        "These 3 neurons, ablated together, each set to its own mean over the other class, "))
  }

  @Test func theOrderOfSignedChangesIsSaid() {
    #expect(
      Claim.setBeside([0.1, -0.2, 0.4], studied: 0.2)
        == "That change is above those under 2 of 3 edits of equal size.")
    #expect(
      Claim.setBeside([0.1], studied: -0.2)
        == "That change is above those under 0 of 1 edit of equal size.")
    #expect(Claim.setBeside([], studied: 0.2) == nil)
  }

  private static func probe(_ together: Double, _ alone: [Double]) throws -> SetProbe.Result {
    let neurons = alone.enumerated().map {
      "{\"layer\": 3, \"neuron\": \($0), \"mcc\": {\"value\": \($1)}, \"auc\": {\"value\": 0.5}, "
        + "\"lower\": false}"
    }
    let size = "{\"documents\": 20, \"tokens\": 400}"
    return try decoded(
      """
      {"neurons": [\(neurons.joined(separator: ", "))],
       "together": {"mcc": {"value": \(together)}, "auc": {"value": 0.9}, "accuracy": 0.9,
         "coefficients": [], "intercept": 0},
       "random": [], "correlations": [], "rows": 10, "new": true, "seed": 0, "resamples": 100,
       "fitted": {"target": \(size), "other": \(size)},
       "judged": {"target": \(size), "other": \(size)}}
      """)
  }

  @Test func theBestAloneIsAWeaknessWhereTheSetIsNoBetter() throws {
    #expect(Claim.setAgainstBest(try Self.probe(0.8, [0.7, 0.6])) == nil)
    let found = try #require(Claim.setAgainstBest(try Self.probe(0.8, [0.6, 0.81])))
    #expect(found == "L3N1 alone tells the target no worse than all together: MCC 0.810 and 0.800.")
  }

  @Test func theCaptionNamesTheBestAloneAndTheBestRandomSet() throws {
    var probe = try Self.probe(0.8, [0.6, 0.7])
    #expect(
      SetProbe.caption(probe, "Dutch")
        == "Together they tell tokens of Dutch with an MCC of 0.800; the best alone, L3N1, with 0.700."
    )
    probe.random = try Self.decoded(
      "[{\"neurons\": [], \"mcc\": 0.2}, {\"neurons\": [], \"mcc\": 0.4}]")
    #expect(
      SetProbe.caption(probe, "Dutch").hasSuffix("; the best of 2 random sets with 0.400."))
  }

  @Test func theVerdictSpeaksOfASet() {
    func verdict(_ mcc: Double, _ change: Double, best: Double = 0.3) -> Verdict {
      var numbers = Verdict.Numbers(
        subject: .init(subject: .set, name: "these 2 neurons"), target: "Dutch",
        detection: Self.detection(Self.measured(mcc, 0.05), best: best),
        loss: Verdict.Loss(
          change: Self.measured(change, 0.02), percent: Self.measured(change * 20, 0.4),
          documents: 20, isNew: true),
        controls: Verdict.Specificity(beaten: 80, count: 80),
        others: [.init(corpus: "German", percent: Measured(0.1))])
      numbers.names = "L3N436 and L4N52"
      return Verdict(numbers)
    }
    let strong = verdict(0.8, 0.1)
    #expect(strong.label == .strong)
    #expect(
      strong.sentence.hasPrefix(
        "The evidence that these 2 neurons together stand for Dutch is strong: 4 of 4 tests"))
    #expect(strong.sentence.contains("the best of 20 random sets of their layers"))
    #expect(strong.keyFigures.first?.label == "Neurons")
    #expect(strong.keyFigures.first?.value == "L3N436 and L4N52")
    #expect(!strong.keyFigures.contains { $0.label == "Rank by that" })
    let none = verdict(0.02, 0.01)
    #expect(none.label == .none)
    #expect(
      none.sentence.hasPrefix("Without these 2 neurons no change of the loss on Dutch larger"))
    #expect(verdict(0.8, -0.1).label == .weak)
    let unlike = verdict(0.8, 0.1, best: 0.78)
    #expect(unlike.tests[0].outcome == .failed)
  }

  @Test func aSetWithoutRandomSetsIsNotSaidToDetect() {
    var detection = Self.detection(Self.measured(0.8, 0.05), best: 0)
    detection.directions = 0
    let numbers = Verdict.Numbers(
      subject: .init(subject: .set, name: "these 2 neurons"), target: "Dutch",
      detection: detection)
    let verdict = Verdict(numbers)
    #expect(verdict.tests[0].outcome == .notRun)
    #expect(verdict.tests[0].words == "no random sets of their layers were judged")
    #expect(verdict.tests[1].words == "the study leaves out set_ablation")
  }

  @Test func theRuleOfASetIsItsOwn() {
    #expect(Verdict.rule(of: .set).contains("all neurons of the set"))
    #expect(Verdict.rule(of: .set).contains("at least 0.60"))
    #expect(!Verdict.rule().contains("set"))
  }
}
