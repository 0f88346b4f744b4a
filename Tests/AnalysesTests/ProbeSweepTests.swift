import Analyses
import ReportModel
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

  @Test func theStudiedNeuronHasEveryMeasureOfScikitLearn() throws {
    let (_, result, golden) = try Self.found.get()
    let expected = try #require(
      golden["neurons"]?.array?.first { $0["layer"]?.double == 3 && $0["neuron"]?.double == 436 })
    for (scores, part) in [
      (result.studied.tokens, "tokens"), (result.studied.documents, "documents"),
    ] {
      let splits = expected[part]?.array ?? []
      for (range, name) in [
        (scores.mcc, "mcc"), (scores.f1, "f1"), (scores.precision, "precision"),
        (scores.recall, "recall"), (scores.balancedAccuracy, "balanced_accuracy"),
        (scores.rocAUC, "roc_auc"),
      ] {
        let values = splits.compactMap { $0[name]?.double }
        #expect(values.count == 3)
        #expect(abs(range.mean - values.reduce(0, +) / 3) < Self.tolerance, "\(part) \(name)")
        #expect(abs(range.low - (values.min() ?? .nan)) < Self.tolerance, "\(part) \(name)")
        #expect(abs(range.high - (values.max() ?? .nan)) < Self.tolerance, "\(part) \(name)")
      }
    }
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
        for (values, name) in [
          (every.mcc, "mcc"), (every.f1, "f1"), (every.precision, "precision"),
          (every.recall, "recall"), (every.balancedAccuracy, "balanced_accuracy"),
          (every.rocAUC, "roc_auc"),
        ] {
          let splits = (expected[part]?.array ?? []).compactMap { $0[name]?.double }
          let mean = splits.reduce(0, +) / Double(splits.count)
          #expect(
            abs(values[neuron] - mean) < Self.tolerance, "L\(layer)N\(neuron) \(part) \(name)")
        }
      }
    }
  }

  @Test func theIntervalIsNumPysOverTheSameResamples() throws {
    let (_, result, golden) = try Self.found.get()
    for (found, part) in [
      (result.interval.tokens, "tokens"), (result.interval.documents, "documents"),
    ] {
      let expected = golden["mcc_interval"]?[part]?.doubles ?? []
      let values = [found.value, found.low ?? .nan, found.high ?? .nan]
      #expect(expected.count == 3)
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) < Self.tolerance }, "\(part)")
    }
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

  @Test func shuffledLabelsAreChanceAndRandomDirectionsFallShort() throws {
    let (_, result, _) = try Self.found.get()
    #expect(abs(result.shuffled.mean) < 0.05)
    #expect(result.studied.tokens.mcc.mean > 3 * result.shuffled.quantile)
    #expect(result.directions.best.allSatisfy { $0 < result.studied.tokens.mcc.mean })
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
    let (evidence, result, golden) = try Self.found.get()
    let choice = try ProbeSweep.choice(of: evidence.study, by: evidence.engine)
    let expected = golden["mcc"]?.array?.map(\.doubles) ?? []
    #expect(choice.best.map(\.mcc) == result.layers.map(\.best.tokens.mcc.mean))
    for (best, layer) in zip(choice.best, expected) {
      #expect(abs(best.mcc - (layer.max() ?? .nan)) < Self.tolerance)
    }
    #expect(choice.layer == 3 && choice.best[3].neuron == 436)
    #expect(evidence.study.choosing(choice).layer == 3)
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
