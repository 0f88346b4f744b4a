import Analyses
import Foundation
import LanguageModel
import Passes
import ReportModel
import StudyFile
import Testing

/// `ablation.value` reaches every analysis that ablates, and every page words it.
struct AblationValueTests {
  private static let values: [AblationSettings.Value] = [
    .otherMean, .ownMean, .zero, .number(2.5), .resample,
  ]

  /// One number of each analysis that follows from the ablation, and the words of its section.
  private static func found(
    _ value: AblationSettings.Value
  ) throws -> [String: (number: Double, prose: String)] {
    var file = try PatchingGolden.file()
    file.ablation.value = value
    file.compare = [.number(31)]
    file.evidence = nil
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let evidence = try Sweep(
      study, needs: Registry.needs(of: study), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
    let shown = FindingsStudy(study, neuron: evidence.neuron)
    func prose(_ section: ReportModel.Section?) -> String {
      func text(_ blocks: [ReportModel.Section.Block]) -> String {
        blocks.map { block in
          switch block {
          case .prose(let text): text
          case .figure(let figure): figure.caption + " " + figure.note
          case .fold(_, let inside): text(inside)
          default: ""
          }
        }.joined(separator: " ")
      }
      return text(section?.blocks ?? [])
    }
    let ablation = Ablation().run(evidence)
    let controls = try AblationControls().run(evidence)
    let comparison = try Comparison().run(evidence)
    let effects = try Effects().run(evidence)
    let logits = try NeuronLogits().run(evidence)
    let upstream = try Upstream().run(evidence)
    let downstream = try Downstream().run(evidence)
    let prompts = try Prompts().run(evidence)
    let attribution = try LogitAttribution().run(evidence)
    return [
      "ablation": (
        ablation.corpora["Dutch"]?.masked.ablated ?? .nan,
        prose(Ablation().section(ablation, in: shown))
      ),
      "ablation_controls": (
        controls.controls.studied.change.value,
        prose(AblationControls().section(controls, in: shown))
      ),
      "comparison": (
        comparison.neurons[1].change.target.change.value,
        prose(Comparison().section(comparison, in: shown))
      ),
      "effects": (effects.total.value, prose(Effects().section(effects, in: shown))),
      "neuron_logits": (
        logits.next.logit.ablated.value, prose(NeuronLogits().section(logits, in: shown))
      ),
      "upstream": (upstream.downstream[0].meanAbsolute, ""),
      "downstream": (
        downstream[0].masked.selected[0], prose(Downstream().section(downstream, in: shown))
      ),
      "prompts": (prompts[0].ablated[0].logit, prose(Prompts().section(prompts, in: shown))),
      "logit_attribution": (
        attribution[0].logitDifference.ablated,
        prose(LogitAttribution().section(attribution, in: shown))
      ),
    ]
  }

  @Test func everyValueChangesWhatEveryAnalysisFindsAndSays() throws {
    let found = try Self.values.map(Self.found)
    for analysis in found[0].keys {
      let numbers = found.map { $0[analysis]?.number ?? .nan }
      let areFinite = numbers.allSatisfy(\.isFinite)
      #expect(areFinite, "\(analysis)")
      #expect(Set(numbers).count == Self.values.count, "\(analysis): \(numbers)")
      for (value, found) in zip(Self.values, found) {
        let prose = found[analysis]?.prose ?? ""
        // Sentences are wrapped where they are written.
        let text = prose.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
          analysis == "upstream" || text.contains(value.words)
            || text.contains(value.wordsOfSeveral),
          "\(analysis), \(value): \(text)")
      }
    }
  }

  @Test func anAblationToItsOwnNumberIsThatNumbers() throws {
    let mean = try Self.found(.otherMean)
    var file = try PatchingGolden.file()
    file.ablation.value = .otherMean
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let value = try #require(
      try Sweep(study, needs: Needs(), environment: ["TMPDIR": NSTemporaryDirectory()])
        .run(in: model).value)
    let number = try Self.found(.number(Double(value)))
    #expect(mean["ablation"]?.number == number["ablation"]?.number)
    #expect(mean["effects"]?.number == number["effects"]?.number)
    #expect(mean["prompts"]?.number == number["prompts"]?.number)
  }
}
