import Analyses
import Corpora
import Passes
import ReportModel
import StudyFile
import Testing

/// Against NearestCentroid, LogisticRegression and the metrics of scikit-learn on activations of
/// TransformerLens, see `Tests/reference/evidence_neurons.py`.
struct ProbeSweepTests {
  private static let found = Result {
    let evidence = try EvidenceStudy.evidence(for: ProbeSweep())
    return (evidence, try ProbeSweep().run(evidence), try EvidenceStudy.golden("sweep"))
  }

  /// Activations are float32 on both sides: a token within rounding of a threshold may change
  /// sides, one of 1,500 held-out tokens.
  private static let tolerance = 3e-3

  @Test func everyNeuronOfEveryLayerEqualsNearestCentroid() throws {
    let (_, result, golden) = try Self.found.get()
    let expected = golden["mcc"]?.array?.map(\.doubles) ?? []
    #expect(result.layers.count == expected.count && expected.count == 6)
    for (layer, expected) in zip(result.layers, expected) {
      #expect(layer.tokens.mcc.count == expected.count)
      let worst = zip(layer.tokens.mcc, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst < Self.tolerance, "layer \(layer.layer)")
    }
    #expect(result.layers.map { Double($0.constant) } == golden["constant"]?.doubles)
    #expect(result.layers.map { Double($0.dead) } == golden["dead"]?.doubles)
  }

  private static let measures = [
    "mcc", "f1", "precision", "recall", "balanced_accuracy", "roc_auc",
  ]

  private static func ranges(_ scores: ProbeSweep.Result.Scores) -> [ProbeSweep.Result.Range] {
    [
      scores.mcc, scores.f1, scores.precision, scores.recall, scores.balancedAccuracy,
      scores.rocAUC,
    ]
  }

  /// All folds together, with the lowest and the highest fold; of AUC the mean over the folds.
  @Test func theStudiedNeuronHasEveryMeasureOfScikitLearn() throws {
    let (_, result, golden) = try Self.found.get()
    let expected = try #require(
      golden["neurons"]?.array?.first { $0["layer"]?.double == 3 && $0["neuron"]?.double == 436 })
    for (scores, part) in [
      (result.studied.tokens, "tokens"), (result.studied.documents, "documents"),
    ] {
      for (range, name) in zip(Self.ranges(scores), Self.measures) {
        let folds = (expected[part]?["folds"]?.array ?? []).compactMap { $0[name]?.double }
        #expect(folds.count == 3)
        let all = try #require(
          name == "roc_auc" ? folds.reduce(0, +) / 3 : expected[part]?["all"]?[name]?.double)
        #expect(abs(range.mean - all) < Self.tolerance, "\(part) \(name)")
        #expect(abs(range.low - (folds.min() ?? .nan)) < Self.tolerance, "\(part) \(name)")
        #expect(abs(range.high - (folds.max() ?? .nan)) < Self.tolerance, "\(part) \(name)")
      }
    }
    #expect(result.right?.documents == golden["documents_right"]?.integer)
    #expect(result.right?.of == 24 && result.right?.share.hasInterval == true)
  }

  @Test func everyMeasureOfEveryShownNeuronEqualsScikitLearn() throws {
    let (_, result, golden) = try Self.found.get()
    let shown = try #require(golden["neurons"]?.array)
    #expect(shown.count == 24)
    for expected in shown {
      let layer = try #require(expected["layer"]?.double)
      let neuron = Int(try #require(expected["neuron"]?.double))
      let found = result.layers[Int(layer)]
      for (every, part) in [(found.tokens, "tokens"), (found.documents, "documents")] {
        let values = [
          every.mcc, every.f1, every.precision, every.recall, every.balancedAccuracy, every.rocAUC,
        ]
        for (values, name) in zip(values, Self.measures) {
          let folds = (expected[part]?["folds"]?.array ?? []).compactMap { $0[name]?.double }
          let all = try #require(
            name == "roc_auc" ? folds.reduce(0, +) / 3 : expected[part]?["all"]?[name]?.double)
          #expect(
            abs(values[neuron] - all) < Self.tolerance, "L\(layer)N\(neuron) \(part) \(name)")
        }
      }
    }
  }

  @Test func theIntervalIsTheJackknifesOverDocuments() throws {
    let (_, result, golden) = try Self.found.get()
    let found = result.interval.tokens
    let expected = golden["mcc_interval"]?.doubles ?? []
    let values = [found.value, found.low ?? .nan, found.high ?? .nan]
    #expect(expected.count == 3)
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < Self.tolerance })
    // One number for one question.
    #expect(found.value == result.studied.tokens.mcc.mean)
  }

  @Test func probesOfSeveralNeuronsEqualLogisticRegression() throws {
    let (_, result, golden) = try Self.found.get()
    for (ranges, name) in [
      (result.sparse.byDifference, "difference"), (result.sparse.byCoefficient, "coefficient"),
    ] {
      let splits = golden["k_sparse"]?.array?.map { $0[name]?.doubles ?? [] } ?? []
      #expect(ranges.count == 7 && splits.count == 3)
      for (index, range) in ranges.enumerated() {
        let values = splits.map { $0[index] }
        #expect(abs(range.mean - values.reduce(0, +) / 3) < 5e-3, "\(name), size \(index)")
      }
    }
  }

  /// One dealing of labels serves all folds, and the best of all neurons makes the p value.
  @Test func shuffledLabelsAndRandomDirectionsEqualNumPy() throws {
    let (_, result, golden) = try Self.found.get()
    let highest = golden["shuffled"]?["highest"]?.doubles ?? []
    #expect(highest.count == 99 && result.shuffled.labelings == 99)
    #expect(abs(result.shuffled.best - (highest.max() ?? .nan)) < Self.tolerance)
    #expect(
      abs(result.shuffled.studied - (golden["shuffled"]?["studied"]?.doubles.max() ?? .nan))
        < Self.tolerance)
    #expect(result.shuffled.pValue == golden["shuffled"]?["p"]?.double)
    #expect(abs(result.shuffled.mean) < 0.05 && result.shuffled.quantile <= result.shuffled.best)
    #expect(result.directions.perLayer == 512)
    let expected = golden["directions"]?.array?.map(\.doubles) ?? []
    #expect(expected.count == 6)
    for (layer, pair) in expected.enumerated() {
      #expect(abs(result.directions.median[layer] - pair[0]) < Self.tolerance)
      #expect(abs(result.directions.best[layer] - pair[1]) < Self.tolerance)
    }
  }

  @Test func ranksAndTopFollowFromTheScores() throws {
    let (_, result, _) = try Self.found.get()
    let all = result.layers.flatMap(\.tokens.mcc)
    #expect(result.neurons == all.count)
    // Every neuron's scores are rounded to four decimals.
    #expect(
      result.rank.tokens == 1 + all.count { $0 > result.studied.tokens.mcc.mean + 5e-5 })
    let top = result.top.map(\.tokens.mcc.mean)
    #expect(zip(top, all.sorted(by: >)).allSatisfy { abs($0 - $1) <= 5.1e-5 } && top.count == 50)
    for layer in result.layers {
      #expect(abs(layer.best.tokens.mcc.mean - (layer.tokens.mcc.max() ?? .nan)) <= 5.1e-5)
    }
  }

  @Test func anOpenLayerIsTheOneWithTheBestNeuron() throws {
    let (evidence, _, _) = try Self.found.get()
    let choice = try ProbeSweep.choice(
      of: EvidenceStudy.resolved(layer: .auto), by: evidence.engine)
    #expect(choice.layer == 3 && choice.best[3].neuron == 436 && choice.best.count == 6)
    #expect(evidence.study.choosing(choice).layer == 3)
  }

  @Test func theBestNeuronIsChosenOnTheChoosingDocumentsAlone() throws {
    let (evidence, _, _) = try Self.found.get()
    let golden = try EvidenceStudy.golden("choice")
    let study = try EvidenceStudy.resolved(neuron: .best)
    let settled = try ProbeSweep.settled(study, by: evidence.engine)
    let choice = try #require(settled.neuronChoice)
    #expect(choice.neuron == golden["neuron"]?.integer && choice.layer == 3)
    #expect(abs(choice.mcc - (golden["mcc"]?.double ?? .nan)) < Self.tolerance)
    let wins = choice.winners.map { [Double($0.neuron), Double($0.splits)] }
    #expect(wins.sorted { $0[0] < $1[0] } == golden["wins"]?.array?.map(\.doubles))
    #expect(choice.documents == ClassPair(target: 6, other: 6) && choice.splits == 3)
    let chose = Set(
      [CorpusReference.target, .other].flatMap { settled.choosingDocuments(of: $0).documents }
        .map { "\($0.corpus) \($0.index)" })
    let measured = [CorpusReference.target, .other].flatMap {
      settled.measuringDocuments(of: $0).documents
    }
    #expect(chose.count == 12 && measured.count == 6 + 14)
    #expect(measured.allSatisfy { !chose.contains("\($0.corpus) \($0.index)") })
  }

  /// The share of documents stands on the page with Wilson's interval, n/(n + z²) to 1 where all
  /// are right; fewer than ten carry none.
  @Test(arguments: [
    (
      24, 24, "24 of 24 held-out documents are on their", "100.0 %; 95 % interval 86.2 to 100.0 %, "
    ),
    (0, 10, "0 of 10 held-out documents are on their", "0.0 %; 95 % interval 0.0 to 27.8 %, "),
    (1, 9, "1 of 9 held-out documents is on its", "11.1 %"),
    (1, 1, "1 of 1 held-out document is on its", "100.0 %"),
  ])
  func theShareOfDocumentsIsSaidWithItsInterval(
    right: Int, of: Int, count: String, share: String
  ) throws {
    let words = "\(count) class's side (\(share)\(of < 10 ? "" : "Wilson's"))."
    let (evidence, found, _) = try Self.found.get()
    var result = found
    result.right?.documents = right
    result.right?.of = of
    result.right?.share = Measured(share: right, of: of)
    #expect(ProbeSweep.rightWords(result) == "By its mean " + words)
    let study = FindingsStudy(evidence.study, neuron: evidence.neuron)
    let section = try #require(ProbeSweep().section(result, in: study))
    #expect(section.figures[0].note.contains(words))
    result.right = nil
    #expect(ProbeSweep.rightWords(result) == nil)
  }

  /// The MCC of a neuron that is lower on the target is negative in figures and tests; the strip,
  /// where all neurons stand by how well they tell, says it in words.
  @Test(arguments: [1, -1]) func theMCCHasTheNeuronsSign(sign: Int) throws {
    let (evidence, found, _) = try Self.found.get()
    var result = found
    result.studied.sign = sign
    result.studied.tokens.mcc.mean = 0.5
    result.interval.tokens = Measured(0.5, low: 0.4, high: 0.7)
    #expect(
      result.signedMCC
        == (sign > 0
          ? Measured(0.5, low: 0.4, high: 0.7) : Measured(-0.5, low: -0.7, high: -0.4)))
    let marks = ClaimFigure.strip(result).rows[0].marks
    #expect(marks[0].label == "L3N436" + (sign > 0 ? "" : ", lower on the target"))
    #expect(
      marks.suffix(2).map(\.label) == [
        "best random direction of any layer", "best with shuffled labels",
      ])
    let study = FindingsStudy(evidence.study, neuron: evidence.neuron)
    let caption = try #require(ProbeSweep().section(result, in: study)).figures[0].caption
    #expect(caption.contains("It is lower on Dutch.") == (sign < 0))
    // Without an end there is none to turn.
    result.interval.tokens = Measured(0.5)
    #expect(result.signedMCC == Measured(sign > 0 ? 0.5 : -0.5))
  }

  /// Which training tokens the sparse curves take: what was fitted is said, not what the classes
  /// have.
  @Test(arguments: [
    ([1000, 999], [1000, 999], "every training token (at most 1,000 of a split)"),
    (
      [20_001, 20_000], [10_001, 20_000],
      "evenly spaced training tokens of each split, at most 20,000 of 20,001"
    ),
    ([48_000], [16_000], "evenly spaced training tokens of each split, at most 16,000 of 48,000"),
    ([], [], "evenly spaced training tokens, at most 20,000"),
  ])
  func theTokensOfTheSparseCurveAreSaid(
    training: [Int], fitted: [Int], words: String
  ) throws {
    let (evidence, found, _) = try Self.found.get()
    var result = found
    // Every token of these few documents is fitted on, of two thirds of them.
    #expect(result.sparse.training == result.sparse.fitted && result.sparse.training?.count == 3)
    let tokens = result.classes.target.tokens + result.classes.other.tokens
    #expect(result.sparse.training?.reduce(0, +) == 2 * tokens)
    (result.sparse.training, result.sparse.fitted) = (training, fitted)
    // Classes whose tokens pass the limit may have training parts that do not.
    result.classes.target.tokens = 20_000
    #expect(ProbeSweep.fitted(result) == words)
    let study = FindingsStudy(evidence.study, neuron: evidence.neuron)
    let section = try #require(ProbeSweep().section(result, in: study))
    #expect(section.figures[2].note.contains("fitted on \(words). Neurons by mean"))
    #expect(section.prose.contains("Sparse curves are fitted on \(words)."))
  }

  @Test func theSectionHasItsFiguresAndTheTableOfTen() throws {
    let (evidence, result, _) = try Self.found.get()
    let section = try #require(
      ProbeSweep().section(result, in: FindingsStudy(evidence.study, neuron: evidence.neuron)))
    #expect(
      section.figures.map(\.id) == [
        "probe-sweep-layers", "probe-sweep-measures", "probe-sweep-sparse",
      ])
    #expect(section.figures[0].caption.contains("of 3,072 neurons"))
    // The studied neuron stands once, being among the first.
    #expect(section.tables.map(\.rows.count) == [10])
    #expect(result.top.count == 50)
  }
}
