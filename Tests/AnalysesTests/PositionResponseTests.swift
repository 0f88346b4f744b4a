import Analyses
import Charts
import Corpora
import Foundation
import JSON
import Statistics
import Storage
import Testing

struct PositionResponseTests {
  /// Activations and losses are float32 on both sides, summed in different orders: 2e-4 for those of
  /// a single document, which late positions come down to.
  private static let tolerance = 2e-4

  private static func golden() throws -> JSON {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/evidence-positions.json").path
    return try JSON(parsing: FileBytes(reading: path))
  }

  private static func check(
    _ curve: PositionResponse.Curve, _ expected: JSON?, _ what: String
  ) {
    let rows = expected?.array ?? []
    #expect(curve.mean.count == rows.count && !rows.isEmpty, "\(what)")
    for (position, row) in rows.enumerated() where position < curve.mean.count {
      let found = [curve.mean[position], curve.low[position], curve.high[position]]
      for (value, number) in zip(found, row.array ?? []) {
        switch (value, number.double) {
        case (nil, nil): break
        case (let value?, let number?):
          #expect(abs(value - number) < tolerance, "\(what), position \(position)")
        default: Issue.record("\(what), position \(position)")
        }
      }
    }
  }

  private static func check(_ passage: PositionResponse.Crossing?, _ expected: JSON?) {
    let parts = expected?.array ?? []
    guard let passage, parts.count == 4 else {
      #expect(passage == nil && parts.isEmpty)
      return
    }
    #expect(passage.documents == parts[0].integer)
    #expect(passage.passed == parts[1].integer)
    #expect(passage.quartiles == parts[2].array?.map(\.integer))
    #expect(passage.mean == parts[3].integer)
    #expect(
      passage.share.last == Double(passage.passed) / Double(passage.documents))
  }

  @Test func equalsTransformerLensAndNumPy() throws {
    let golden = try Self.golden()
    let evidence = try PatchingGolden().evidence
    let result = try PositionResponse().run(evidence)
    #expect(abs(result.side.midpoint - (golden["midpoint"]?.double ?? .nan)) < 1e-5)
    #expect(result.side.sign == golden["sign"]?.integer)
    #expect(result.corpora.map(\.corpus) == ["Dutch", "other"])
    for (corpus, name) in zip(result.corpora, ["target", "other"]) {
      let expected = try #require(golden["corpora"]?[name])
      #expect(corpus.counts == expected["counts"]?.array?.compactMap(\.integer))
      Self.check(corpus.activation, expected["activation"], "\(name) activation")
      Self.check(corpus.loss, expected["loss"], "\(name) loss")
      let cohort = expected["cohort"]
      #expect(corpus.cohort.tokens == cohort?["tokens"]?.integer)
      #expect(corpus.cohort.documents == cohort?["documents"]?.integer)
      Self.check(corpus.cohort.activation, cohort?["activation"], "\(name) cohort activation")
      Self.check(corpus.cohort.loss, cohort?["loss"], "\(name) cohort loss")
      Self.check(corpus.cohort.passage, cohort?["passage"])
    }
    let switches = try #require(result.switches)
    #expect(switches.tokens == golden["switches"]?["tokens"]?.integer)
    let runs = golden["switches"]?["runs"]?.array ?? []
    #expect(switches.runs.count == 4 && runs.count == 4)
    for (run, expected) in zip(switches.runs, runs) {
      #expect(run.documents == golden["switches"]?["documents"]?.integer)
      Self.check(run.activation, expected["activation"], "\(run.from) to \(run.to)")
      Self.check(run.passage, expected["passage"])
    }

    let section = try #require(
      PositionResponse().section(result, in: try VerdictSamples.study()))
    #expect(
      section.figures.map(\.id) == [
        "position-response-passage", "position-response-switch", "position-response-target",
        "position-response-other", "position-response-loss",
      ])
    for figure in section.figures {
      let svg = figure.chart.svg(slug: figure.id, description: figure.caption, form: .file)
      #expect(svg.utf8.count <= Chart.budget, "\(figure.id)")
    }
    #expect(section.figures[0].caption.contains("median 6 ("))
    let read: PositionResponse.Result = try VerdictSamples.decoded(
      try VerdictSamples.encoded(result))
    #expect(read == result)
  }

  /// A cohort has the same documents at every position; all documents do not.
  @Test func theCohortIsTheLongHalf() {
    let corpus = PositionResponse.CorpusCurves(
      "Dutch", activations: [[0, 1, 5, 9], [0, 3], [0, 2, 7]], losses: [[1, 1, 1], [2], [3, 3]],
      side: .init(target: 8, other: 2), bootstrap: Bootstrap(resamples: 50))
    #expect(corpus.counts == [3, 3, 2, 1])
    #expect(corpus.activation.mean == [0, 2, 6, 9])
    // Three documents carry no interval.
    #expect(corpus.activation.low.allSatisfy { $0 == nil })
    #expect(corpus.cohort.tokens == 2 && corpus.cohort.documents == 2)
    #expect(corpus.cohort.activation.mean == [0, 1.5, 6])
    #expect(corpus.cohort.loss.mean == [2, 2])
    #expect(corpus.cohort.passage.quartiles == [2, 2, nil])
    #expect(corpus.cohort.passage.share == [0, 0.5])
    #expect(corpus.cohort.passage.passed == 1 && corpus.cohort.passage.mean == 2)
  }

  @Test func aNeuronThatIsLowerOnTheTargetSpeaksByFalling() {
    let side = PositionResponse.Side(target: -1, other: 3)
    #expect(side.sign == -1 && side.midpoint == 1)
    #expect(side.holds(0.5) && !side.holds(1) && !side.holds(2))
  }

  @Test func documentsOfNothingGiveEmptyCurves() throws {
    let corpus = PositionResponse.CorpusCurves(
      "Dutch", activations: [[0], []], losses: [[], []], side: .init(target: 1, other: 0),
      bootstrap: Bootstrap(resamples: 50))
    #expect(corpus.cohort.tokens == 0)
    #expect(corpus.cohort.passage.share.isEmpty && corpus.cohort.passage.mean == nil)
    let result = PositionResponse.Result(
      layer: 3, neuron: 436, seed: 0, resamples: 50, side: .init(target: 1, other: 0),
      corpora: [corpus], switches: nil)
    let section = try #require(
      PositionResponse().section(result, in: try VerdictSamples.study()))
    #expect(section.figures.count == 3)
    #expect(section.figures[0].caption.contains("not half of the documents (0 of"))
  }
}
