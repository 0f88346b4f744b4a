import Analyses
import Charts
import Foundation
import LanguageModel
import Passes
import Statistics
import StudyFile
import Testing

struct AblationControlsTests {
  /// Losses are compared as means over 700 tokens: float32 rounding stays below 1e-5 there.
  @Test func equalsTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try AblationControls().run(golden.evidence)
    PatchingGolden.close(result.value, golden.expected["value"], 1e-5, "value")
    let dutch = try #require(result.corpora["Dutch"])
    #expect(dutch.sample.documents == 24)
    #expect(dutch.sample.leftOut == 14)
    #expect(!dutch.sample.holdsSelection)
    for kind in AblationControls.Kind.allCases {
      let change = dutch.ablations[kind.rawValue]
      let expected = golden.expected["ablations"]?[kind.rawValue]
      PatchingGolden.close(change?.clean, expected?["clean"], 1e-5, "\(kind) clean")
      PatchingGolden.close(change?.change, expected?["change"], 1e-5, "\(kind) change")
      PatchingGolden.close(change?.percent, expected?["percent"], 1e-3, "\(kind) percent")
      PatchingGolden.close(
        change?.byDocument, expected?["by_document"], 1e-5, "\(kind) by document")
      PatchingGolden.close(
        change?.percentByDocument, expected?["percent_by_document"], 1e-3,
        "\(kind) percent by document")
      // A ratio of small numbers: rounding of the mean counts for more.
      PatchingGolden.close(
        change?.effectSize, expected?["effect_size"], 2e-3, "\(kind) effect size")
      PatchingGolden.close(change?.worse, expected?["worse"], 1e-6, "\(kind) worse")
    }
    #expect(dutch.donors == ["resample_own": 23, "resample_other": 24])
    // One number for one question.
    #expect(dutch.ablations["mean_other"]?.change == result.controls.studied.change)
    let worst = try #require(result.tokens.hurt.first)
    #expect(worst.ablated > worst.clean)
  }

  /// Random neurons, neurons with an edit of the same size, and edits scaled to its size, for every
  /// ablation that a study can ask for. Losses are means over 550 tokens, and what an edit of equal
  /// size is scaled by is a ratio of float32 sums: rounding of both stays below 1e-5 nats.
  @Test(arguments: ["other-mean", "zero", "own-mean", "resample"])
  func controlsEqualTransformerLens(value: String) throws {
    let golden = try PatchingGolden(ablation: VerdictSamples.decoded("\"\(value)\""))
    let controls = try AblationControls().run(golden.evidence).controls
    let expected = try #require(
      value == "other-mean"
        ? golden.expected["controls"] : golden.expected["controls_by_value"]?[value])
    PatchingGolden.close(controls.studied.size, expected["size"], 1e-5, "size")
    PatchingGolden.close(controls.studied.change.value, expected["studied"], 1e-5, "studied")
    for (found, name) in [(controls.random, "random"), (controls.matched, "matched")] {
      let rows = expected[name]?.array?.map(\.doubles) ?? []
      #expect(found.count == 20 && rows.count == 20)
      for (control, row) in zip(found, rows) {
        #expect(control.neuron == Int(row[0]))
        #expect(abs((control.size ?? .nan) - row[1]) < 1e-5)
        #expect(abs(control.change.value - row[2]) < 1e-5, "\(name) \(control.neuron)")
      }
    }
    let (scaled, directions) = (controls.scaled ?? [], controls.directions ?? [])
    let rows = expected["scaled"]?.array?.map(\.doubles) ?? []
    #expect(scaled.count == 40 && rows.count == 40)
    for (edit, row) in zip(scaled, rows) {
      #expect(edit.neuron == Int(row[0]))
      #expect(abs(edit.change.value - row[1]) < 1e-5, "scaled \(row[0])")
    }
    let changes = expected["directions"]?.doubles ?? []
    #expect(directions.count == 40 && changes.count == 40)
    for (edit, change) in zip(directions, changes) {
      #expect(edit.neuron == nil && abs(edit.change.value - change) < 1e-5)
    }
    #expect(!(controls.random + controls.matched).contains { $0.neuron == 436 })
  }

  /// Each document is its own donor.
  @Test func ablatingAtItsOwnValueChangesNothing() throws {
    let golden = try PatchingGolden()
    for document in golden.sample.documents {
      let documents = DocumentSet([document.ids])
      let edit = Intervention(
        golden.evidence.neuron,
        to: .resampled(.init(donors: documents, isAmongDonors: false, seed: 0)), from: 1)
      let clean = try golden.evidence.outcome(of: Pass(documents, reading: [.loss]))
      let edited = try golden.evidence.outcome(
        of: Pass(documents, interventions: [edit], reading: [.loss]))
      #expect(edited.tokens(.loss) == clean.tokens(.loss))
    }
  }

  /// Two documents of 2 and 1 tokens: changes 0.5 and 1 per token, 2/3 over all.
  @Test func tokensAndDocumentsAreWeighedApart() {
    let change = LossChange(
      clean: [[1, 3], [2]], edited: [[1, 4], [3]], bootstrap: Bootstrap(resamples: 200))
    #expect(change.clean == 2)
    #expect(abs(change.change.value - 2.0 / 3) < 1e-12)
    #expect(abs(change.percent.value - 100.0 / 3) < 1e-12)
    #expect(change.byDocument.value == 0.75)
    #expect(change.worse == 1)
    #expect(abs((change.effectSize ?? 0) - 0.75 / 0.125.squareRoot()) < 1e-12)
    // Two documents carry no interval.
    #expect(!change.byDocument.hasInterval)
  }

  @Test func oneDocumentHasNoInterval() {
    let change = LossChange(clean: [[1]], edited: [[1]], bootstrap: Bootstrap())
    #expect(change.change == Measured(0))
    #expect(change.effectSize == nil)
    #expect(change.worse == 0)
    #expect(change.change.mayBeZero && !change.change.isAboveZero)
  }

  @Test func theSampleSaysWhenTheNeuronWasChosenOnIt() throws {
    let study = try DemoStudy.resolved()
    let sample = DocumentSample(of: .target, in: study)
    #expect(sample.size.holdsSelection && sample.size.chosenOn == 4)
    #expect(sample.size.leftOut == 0)
    #expect(sample.size.documents == 4)
    #expect(sample.documents.allSatisfy { $0.ids.count <= 65 })
    #expect(DocumentSample(of: .target, in: study, documents: 2, window: 5).size.tokens == 10)
  }

  /// With few documents there is nobody to take activations from.
  @Test func resamplingNeedsTwentyOtherDocuments() throws {
    var file = try PatchingGolden.file()
    file.probe.documents = 20
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let evidence = try Sweep(
      study, needs: Needs(), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
    let dutch = try #require(try AblationControls().run(evidence).corpora["Dutch"])
    #expect(dutch.sample.documents == 20)
    #expect(dutch.donors?["resample_own"] == nil && dutch.donors?["resample_other"] == 24)
    #expect(dutch.ablations["resample_own"] == nil && dutch.ablations["zero"] != nil)
  }

  /// The study's own resampling runs with any number of donors, and the page says where a test of
  /// the verdict takes more.
  @Test func theStudysOwnResamplingSaysHowFewItsDonorsAre() throws {
    var file = try PatchingGolden.file()
    file.probe.documents = 20
    file.ablation.value = .resample
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let evidence = try Sweep(
      study, needs: Needs(), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
    let result = try AblationControls().run(evidence)
    #expect(result.corpora["Dutch"]?.donors?["resample_own"] == 19)
    var shown = try VerdictSamples.study { $0.ablation.value = .resample }
    shown.corpora = []
    let section = try #require(AblationControls().section(result, in: shown))
    #expect(
      section.figures[2].note.contains(
        "at least 19 other documents, fewer than the 20 that a test of the verdict takes."))
    let findings: Findings = try VerdictSamples.decoded(
      """
      {"format": 1, "study": \(try VerdictSamples.encoded(shown)),
        "findings": {"ablation_controls": \(try VerdictSamples.encoded(result))}}
      """)
    let verdict = try #require(Verdict(findings: findings))
    #expect(verdict.tests[1].outcome == .notRun && verdict.tests[1].words.contains("19 other"))
  }

  /// A loss that falls by less is above one that falls by more; neither is larger.
  @Test(
    arguments: [
      (0.05, [0.01, 0.02], ", above that under all 2 random sets (highest +0.0200)"),
      (0.05, [0.01], ", above that under 1 random set (highest +0.0100)"),
      (-0.05, [-0.06, 0.01], ", above that under 1 of 2 random sets (highest +0.0100)"),
      (-0.05, [-0.07, -0.06], ", above that under all 2 random sets (highest -0.0600)"),
      (-0.05, [0.01], ", above that under none of 1 random set (highest +0.0100)"),
      (0.05, [0.05, 0.06], ", above that under none of 2 random sets (highest +0.0600)"),
      (0.05, [], ""),
    ] as [(Double, [Double], String)])
  func controlsBelowAChange(change: Double, controls: [Double], words: String) {
    let group = ControlGroup(
      name: "random set", names: "random sets", short: "random sets", changes: controls)
    #expect(
      ControlGroup.below(change, controls.isEmpty ? [] : [group])
        == words.replacingOccurrences(of: "highest -", with: "highest \u{2212}"))
  }

  @Test func theCaptionsSayWhatWasFound() throws {
    let result = try AblationControls().run(try PatchingGolden().evidence)
    var study = try VerdictSamples.study()
    study.corpora = []
    let caption = AblationControls.corporaCaption(result, in: study)
    #expect(caption.contains("changes the loss on Dutch by +"))
    let controls = AblationControls.controlsCaption(
      result.controls, NeuronAddress(layer: 3, neuron: 436), "Dutch")
    #expect(controls.contains(" 40 random neurons scaled to the size of its edit"))
    #expect(controls.contains(" 40 random directions moved along as far"))
    let section = try #require(AblationControls().section(result, in: study))
    #expect(section.figures.count == 3)
    #expect(section.figures[0].note.contains("24 documents of Dutch"))
    #expect(section.prose.contains("after leaving out the 14 documents"))
    let read: AblationControls.Result = try VerdictSamples.decoded(
      try VerdictSamples.encoded(result))
    #expect(read == result)
  }
}
