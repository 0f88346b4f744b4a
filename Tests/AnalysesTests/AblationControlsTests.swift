import Analyses
import Charts
import LanguageModel
import Passes
import Statistics
import Testing

struct AblationControlsTests {
  /// Losses are compared as means over 700 tokens: float32 rounding stays below 1e-5 there.
  @Test func equalsTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try AblationControls().run(golden.evidence)
    PatchingGolden.close(result.value, golden.expected["value"], 1e-5, "value")
    let dutch = try #require(result.corpora["Dutch"])
    #expect(dutch.sample.documents == 4)
    #expect(dutch.sample.leftOut == 4)
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
      PatchingGolden.close(change?.worse, expected?["worse"], 0, "\(kind) worse")
    }
    #expect(result.controls.random.count == 50)
    #expect(result.controls.matched.count == 20)
    let controls = result.controls.random + result.controls.matched
    #expect(!controls.contains { $0.neuron == 436 })
    let worst = try #require(result.tokens.hurt.first)
    #expect(worst.ablated > worst.clean)
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
    #expect(change.byDocument.low == 0.5 && change.byDocument.high == 1)
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
    let sample = DocumentSample(of: .target, in: study, tokens: 100_000)
    #expect(sample.size.holdsSelection)
    #expect(sample.size.leftOut == 0)
    #expect(sample.size.documents == 4)
    #expect(DocumentSample(of: .target, in: study, tokens: 0).size.documents == 2)
  }

  @Test func theCaptionsSayWhatWasFound() throws {
    let result = try AblationControls().run(try PatchingGolden().evidence)
    var study = try VerdictSamples.study()
    study.corpora = []
    let caption = AblationControls.corporaCaption(result, in: study)
    #expect(caption.contains("changes the loss on Dutch by +"))
    let section = try #require(AblationControls().section(result, in: study))
    #expect(section.figures.count == 3)
    #expect(section.figures[0].note.contains("4 documents of Dutch"))
    #expect(section.prose.contains("after leaving out the 4 documents"))
    let read: AblationControls.Result = try VerdictSamples.decoded(
      try VerdictSamples.encoded(result))
    #expect(read == result)
  }
}
