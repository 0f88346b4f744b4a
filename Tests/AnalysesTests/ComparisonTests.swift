import Analyses
import Foundation
import LanguageModel
import Passes
import ReportModel
import StudyFile
import Testing

struct ComparisonTests {
  private static func evidence(_ neurons: [NeuronReference]?) throws -> Evidence {
    var file = try PatchingGolden.file()
    file.compare = neurons
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    return try Sweep(
      study, needs: Needs(), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
  }

  /// Losses are compared as means over 700 tokens: float32 rounding stays below 1e-5 there.
  @Test func everyNeuronsLossEqualsTransformerLens() throws {
    var evidence = try Self.evidence([.number(31), .number(436), .number(7)])
    evidence.record(try ProbeSweep().run(evidence), of: ProbeSweep.id)
    let result = try Comparison().run(evidence)
    let golden = try PatchingGolden.golden()
    #expect(result.neurons.map(\.neuron) == [436, 31, 7])
    #expect(result.samples?.target.documents == 24 && result.samples?.other.documents == 24)
    for row in result.neurons {
      let expected = golden["compared"]?[String(row.neuron)]
      PatchingGolden.close(row.change.target.change, expected?["target"], 1e-5, "target")
      PatchingGolden.close(row.change.other.change, expected?["other"], 1e-5, "other")
      #expect(row.probe != nil)
    }
    let controls = try AblationControls().run(evidence)
    #expect(
      result.neurons[0].change.target
        == controls.corpora["Dutch"]?.ablations[AblationControls.Kind.otherMean.rawValue])
    let section = try #require(
      Comparison().section(result, in: FindingsStudy(evidence.study, neuron: evidence.neuron)))
    #expect(section.figures[0].data.rows.count == 3)
    #expect(
      section.figures[0].caption.hasPrefix(
        "Change of the loss on Dutch without each neuron, in nats: L3N436 "))
  }

  @Test func ranksAreThoseOfTheSweep() throws {
    let evidence = try Self.evidence([.number(31)])
    let sweep = try ProbeSweep().run(evidence)
    let all = sweep.layers.flatMap(\.tokens.mcc)
    let compared = try #require(sweep.compared.first)
    #expect(compared.scores.neuron == 31 && compared.scores.layer == 3)
    // Every neuron's scores are rounded to four decimals.
    let above = all.count { $0 > compared.scores.tokens.mcc.mean + 5e-5 }
    let near = all.count { abs($0 - compared.scores.tokens.mcc.mean) <= 5.1e-5 }
    #expect((1 + above...above + near).contains(compared.rank.tokens))
  }

  @Test func withoutNamesThereIsNothingToCompare() throws {
    let evidence = try Self.evidence([.number(436)])
    let result = try Comparison().run(evidence)
    #expect(result.neurons.isEmpty)
    #expect(
      Comparison().section(result, in: FindingsStudy(evidence.study, neuron: evidence.neuron))
        == nil)
  }
}
