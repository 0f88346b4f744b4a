import Analyses
import Foundation
import JSON
import LanguageModel
import Storage
import StudyFile
import Testing

struct LogitAttributionTests {
  private static let neuron = NeuronAddress(layer: 0, neuron: 5)
  /// As `findings.json` has it.
  private static func sample() throws -> LogitAttribution.Attribution {
    let text = """
      {"prompt": "De leden", "tokens": ["<|endoftext|>", "De", " leden"],
       "answers": [" van", " of"], "labels": ["embed", "0_attn_out", "0_mlp_out"],
       "clean": [0.5, -0.25, 1], "ablated": [0.6, -0.3, 0.2], "activation": [-0.16, 3.41, 1.22],
       "bias": 0.125, "logit_difference": {"clean": 1.375, "ablated": 0.6252},
       "scale": {"clean": 2.5, "ablated": 2.25}}
      """
    return try JSONDecoder().decode(LogitAttribution.Attribution.self, from: Data(text.utf8))
  }

  /// Small random models of the language model's tests; TransformerLens's numbers in float64.
  private static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "LanguageModelTests/Goldens")
  private static let models =
    (try? FileManager.default.contentsOfDirectory(atPath: goldens.path))?.sorted() ?? []

  @Test func goldensAreThere() { #expect(Self.models.count >= 6) }

  /// float32 against float64 over a few layers, summed over up to 48 dimensions: below 1e-4.
  @Test(arguments: models) func partsEqualTransformerLens(name: String) throws {
    let path = Self.goldens.appending(path: name).path
    let architecture = try Architecture(folder: Folder(path: path))
    let model = try Transformer(
      architecture: architecture,
      checkpoint: Checkpoint(folder: Folder(path: path), architecture: architecture))
    let expected = try JSON(parsing: FileBytes(reading: path + "/expected.json"))
    let answers = try #require(expected["answers"]?.integers)
    let difference = AnswerDifference(first: answers[0], second: answers[1], in: model)
    var compared = 0
    for (ids, run) in zip(
      expected["sequences"]?.array ?? [], expected["float64"]?["runs"]?.array ?? [])
    {
      guard let golden = run["logit_difference"] else { continue }
      compared += 1
      let trace = Trace(of: ids.integers, in: model, layer: 0)
      let parts = difference.contributions(in: trace)
      let goldenParts = golden["parts"]?.array?.compactMap(\.double) ?? []
      let labels = golden["labels"]?.array?.compactMap(\.string)
      #expect(trace.components.map(\.label) == labels)
      #expect(parts.count == goldenParts.count)
      #expect(zip(parts, goldenParts).allSatisfy { abs($0 - $1) < 1e-4 })
      let (bias, total) = (
        try #require(golden["bias"]?.double), try #require(golden["total"]?.double)
      )
      #expect(abs(difference.bias - bias) < 1e-5)
      #expect(abs(difference.logits(in: trace) - total) < 1e-4)
      #expect(abs(parts.reduce(difference.bias, +) - difference.logits(in: trace)) < 1e-4)
      let centred = trace.components.map { component in
        (0..<component.output.count).map { axis in
          AnswerDifference.contribution(
            of: component.output, scale: Double(trace.scale),
            along: component.output.indices.map { $0 == axis ? 1 : 0 },
            norm: model.architecture.norm)
        }
      }
      for (found, stack) in zip(centred, run["apply_ln_to_stack"]?.array ?? []) {
        let stack = stack.array?.compactMap(\.double) ?? []
        #expect(zip(found, stack).allSatisfy { abs($0 - $1) < 5e-5 * (1 + abs($1)) })
      }
    }
    #expect(compared > 0)
  }

  /// ((1, 2, 6) − 3) / 2 · (1, 0, 1) = (−2 + 3) / 2
  @Test func aComponentIsCentredScaledAndDotted() {
    let layer = AnswerDifference.contribution(
      of: [1, 2, 6], scale: 2, along: [1, 0, 1], norm: .layer(epsilon: 0))
    #expect(layer == 0.5)
    let rms = AnswerDifference.contribution(
      of: [1, 2, 6], scale: 2, along: [1, 0, 1], norm: .rms(epsilon: 0))
    #expect(rms == 3.5)
  }

  @Test func aConstantComponentContributesNothing() {
    let part = AnswerDifference.contribution(
      of: [4, 4, 4], scale: 2, along: [1, 7, -3], norm: .layer(epsilon: 0))
    #expect(part == 0)
  }

  @Test func theSumCheckCountsBothRuns() throws {
    let sample = try Self.sample()
    #expect(sample.sums.clean == 1.375)
    // Ablated: 0.6 − 0.3 + 0.2 + 0.125 = 0.625 beside 0.6252.
    #expect(abs(sample.largestSumError - 2e-4) < 1e-12)
  }

  @Test func captionHasItsNumbersAndItsSign() throws {
    let sample = try Self.sample()
    let caption = LogitAttribution.caption(sample, neuron: Self.neuron)
    for words in [
      "After “De leden”, the logit of “ van” minus that of “ of” is 1.38 clean and 0.63",
      "without L0N5 (−0.75)",
    ] {
      #expect(caption.contains(words), "\(words)")
    }
    let activation = LogitAttribution.activationCaption(sample, neuron: Self.neuron)
    for words in ["After BOS (−0.160)", "highest at “De” with 3.41", "last token it has 1.22"] {
      #expect(activation.contains(words), "\(words)")
    }
    // Where BOS is higher than every token, "highest" speaks of what comes after it, and says so.
    var bos = sample
    bos.activation[0] = 9
    bos.activation[1...] = [-0.0007, -0.071]
    #expect(
      LogitAttribution.activationCaption(bos, neuron: Self.neuron)
        == "After BOS (9.00), L0N5 is highest at “De” with −0.001; at the last token it has −0.071."
    )
  }

  @Test func theSectionSaysHowFarTheSumsAreOff() throws {
    let (sample, study) = (try Self.sample(), try DemoStudy.findings())
    let section = try #require(LogitAttribution().section([sample], in: study))
    #expect(section.prose.contains("within 0.000200"))
    #expect(section.tables.map(\.rows.count) == [2])
    #expect(LogitAttribution().section([], in: study) == nil)
  }

  /// A report is drawn from a file that may have been tampered with.
  @Test func listsOfUnequalLengthDoNotTrap() throws {
    var ragged = try Self.sample()
    ragged.ablated = []
    ragged.tokens = ["<|endoftext|>"]
    ragged.answers = []
    let study = try DemoStudy.findings()
    #expect(LogitAttribution().section([ragged], in: study) != nil)
  }

  @Test func onlyPromptsWithTwoAnswersAreAttributed() throws {
    let study = try DemoStudy.resolved()
    let found = try LogitAttribution().run(DemoStudy.evidence(study, for: LogitAttribution()))
    #expect(found.map(\.prompt) == ["De leden", "The members"])
    for attribution in found {
      #expect(attribution.largestSumError < 1e-3)
      #expect(attribution.labels.count == 13)
      #expect(attribution.activation.count == attribution.tokens.count)
      #expect(attribution.tokens.first == "<|endoftext|>")
      // Layers before the edit write the same; only the scale differs.
      let ratio = attribution.scale.clean / attribution.scale.ablated
      for (_, clean, ablated) in attribution.components.prefix(7) {
        #expect(abs(clean * ratio - ablated) < 1e-5 * (1 + abs(ablated)))
      }
    }
  }
}

extension JSON {
  fileprivate var integers: [Int32] { array?.compactMap(\.integer).map { Int32($0) } ?? [] }
}
