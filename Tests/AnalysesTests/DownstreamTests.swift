import Analyses
import Foundation
import Passes
import Testing

struct DownstreamTests {
  /// Sums over 4 positions; differences per position 1, −2, 0.5, −0.5.
  private static let change = Downstream.Change(
    clean: [6, 0, 3, 1], ablated: [2, 8, 1, 3], rows: 4, selected: [1, 0])
  private static let sample = [
    Downstream.LayerDifference(layer: 4, neurons: [1, 0], padded: change, masked: change)
  ]

  @Test func selectedNeuronsAreToldApartFromAllOthers() {
    #expect(Self.change.selected == [-2, 1])
    #expect(Self.change.otherMean == 0)
    #expect(Self.change.otherMeanAbsolute == 0.5)
    #expect(Self.change.selectedMean == -0.5)
    #expect(Self.change.selectedMeanAbsolute == 1.5)
    #expect(Self.change.rows == 4)
  }

  @Test func aLayerOfOnlySelectedNeuronsHasNoOthers() {
    let change = Downstream.Change(clean: [1], ablated: [0], rows: 0, selected: [0])
    #expect(change.otherMean == nil)
    #expect(change.selected == [1])
  }

  @Test func keysAreThoseThatOtherProgramsRelyOn() throws {
    let data = try JSONEncoder().encode(Self.sample)
    let list = try #require(
      try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(Set(list[0].keys) == ["layer", "neurons", "padded", "masked"])
    let masked = try #require(list[0]["masked"] as? [String: Any])
    #expect(Set(masked.keys).isSuperset(of: ["selected", "other_mean"]))
    #expect(try JSONDecoder().decode([Downstream.LayerDifference].self, from: data) == Self.sample)
  }

  @Test func captionHasItsNumbersAndWhatTheyAreOver() throws {
    let study = try DemoStudy.findings()
    let corpus = try #require(study.corpora.first { $0.role == .evaluation })
    let caption = Downstream.caption(Self.sample, neuron: study.neuron, corpus: corpus)
    for words in [
      "Without L3N436 the activations",
      "on “Stories” by 1.5000 beside 0.5000 of all others in layer 4",
    ] {
      #expect(caption.contains(words), "\(words)")
    }
  }

  /// The findings keep the notebook's clean − ablated, which the page turns: a neuron that is
  /// driven falls.
  @Test func thePageShowsAblatedMinusClean() throws {
    let section = try #require(
      Downstream().section(Self.sample, in: try DemoStudy.findings()))
    let caption = section.figures[1].caption
    #expect(caption.contains("L4N1 moves furthest, by +2.0000; 1 of 2 is lower."))
    let rows = section.figures[1].data.rows
    #expect(rows.map { $0[2] } == [.number(2, decimals: 4), .number(-1, decimals: 4)])
    let means = section.figures[0].data.rows[0]
    #expect(means[3] == .number(0.5, decimals: 4) && means[5] == .number(1.5, decimals: 4))
    #expect(section.prose.contains("ablated minus clean, as everywhere on this page"))
  }

  @Test(arguments: [true, false]) func theDemosStoriesAreMeasured(padded: Bool) throws {
    let study = try DemoStudy.resolved(padded: padded)
    let found = try Downstream().run(DemoStudy.evidence(study, for: Downstream()))
    #expect(found.map(\.layer) == [4, 5])
    for layer in found {
      #expect(layer.neurons.count == 10 && layer.masked.selected.count == 10)
      #expect((layer.padded != nil) == padded)
      #expect(layer.masked.rows < layer.padded?.rows ?? .max)
    }
    let section = Downstream().section(found, in: try DemoStudy.findings())
    #expect(section?.figures.count == 2)
  }

  @Test func withoutAnEvaluationCorpusThereIsNothingToFind() throws {
    let study = try DemoStudy.resolved(evaluation: false)
    let needs = Downstream().needs(study)
    #expect(
      needs.columns.isEmpty && needs.probed.isEmpty && needs.scan == nil)
    let evidence = try DemoStudy.evidence(study, for: Downstream())
    #expect(try Downstream().run(evidence).isEmpty)
    let findings = try DemoStudy.findings()
    #expect(Downstream().section([], in: findings) == nil)
  }
}
