import Analyses
import ReportModel
import Statistics
import Testing

struct LanguagesTests {
  /// Two corpora of two documents of one token each: MCC and mean of the second.
  private static func second(_ values: [Float]) -> (mcc: Double, mean: Double) {
    let row = OneVersusRest([[1, 1], [1, 1]]).row(7, values)
    return (row.mcc[1], row.means[1])
  }

  @Test func aRuleIsNeverJudgedByTheDocumentsItIsMadeOf() {
    // Documents at even places part at 0.5, those at odd ones at 10.5: each half is judged by the
    // other's threshold.
    #expect(Self.second([0, 10, 1, 11]) == (0, 6))
  }

  @Test func aNeuronThatIsLowerOnACorpusHasANegativeMCC() {
    #expect(Self.second([1, 1, 0, 0]) == (-1, 0))
  }

  @Test func aConstantNeuronTellsNothing() {
    #expect(Self.second([2, 2, 2, 2]) == (0, 2))
  }

  @Test func ofOneFeatureTheNearerMeanDecidesAndTiesAreNegative() {
    let rule = NearestCentroid(positiveMean: 3, negativeMean: 1)
    #expect(rule.predicts(2.1) && !rule.predicts(2) && !rule.predicts(-5))
    let turned = NearestCentroid(positiveMean: 1, negativeMean: 3)
    #expect(turned.predicts(1.9) && !turned.predicts(2))
  }

  /// Activations are float32 on both sides, summed in different orders; a token whose activation
  /// lies within that of the threshold may change sides.
  @Test func equalsTheReference() throws {
    let analysis = Languages()
    let evidence = try EvidenceStudy.evidence(for: analysis)
    let golden = try EvidenceStudy.golden("languages")
    let result = try analysis.run(evidence)
    #expect(result.corpora.map(\.name) == [evidence.study.file.target] + evidence.study.file.other)
    for corpus in result.corpora {
      let expected = golden[corpus.name]
      let quantiles = zip(corpus.quantiles, expected?["quantiles"]?.doubles ?? [])
      #expect(quantiles.allSatisfy { abs(($0 ?? .nan) - $1) < 2e-4 })
      #expect(abs(corpus.mcc - (expected?["mcc"]?.double ?? .nan)) < 2e-3)
      #expect(corpus.best.neuron == expected?["best"]?.double.map { Int($0) })
      for (name, mean) in zip(result.corpora.map(\.name), corpus.best.means) {
        #expect(abs(mean - (expected?["means"]?[name]?.double ?? .nan)) < 2e-4)
      }
    }
    let section = try #require(
      analysis.section(result, in: FindingsStudy(evidence.study, neuron: evidence.neuron)))
    #expect(section.figures.map(\.id) == ["languages-activations", "languages-matrix"])
    #expect(section.figures[1].caption.hasPrefix("L3N436 tells Dutch from the rest with an MCC of"))
  }
}
