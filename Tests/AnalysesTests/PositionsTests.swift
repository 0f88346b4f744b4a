import Analyses
import Charts
import Testing

struct PositionsTests {
  /// Documents of 3, 1 and 2 tokens; the first two are one batch, and the second is computed
  /// further than its batch.
  private static let activations: [[Float]] = [[1, 2, 3], [4, 10, 20, 99], [5, 6]]
  private static let losses: [[Float]] = [[1, 2], [7, 8], [3]]

  private static func curves(
    _ corpus: String = "Dutch", neuron: Int = 436, padded: Bool = true
  ) -> Positions.Curves {
    Positions.Curves(
      corpus: corpus, neuron: neuron, real: [3, 1, 2], batched: padded ? [3, 3, 2] : nil,
      activation: { activations[$0][...] }, loss: { losses[$0][...] })
  }

  @Test func countsAreRealTokensAtEachPosition() {
    #expect(Self.curves().counts == [3, 2, 1])
  }

  @Test func maskedCurvesAverageRealTokensAndRealTargets() {
    let masked = Self.curves().masked
    #expect(masked.activation == [10.0 / 3, 4, 3])
    #expect(masked.loss == [2, 2, nil])
  }

  @Test func paddedCurvesCountPadsAboveTheLineAndNotBelow() {
    let padded = Self.curves().padded
    #expect(padded?.activation == [10.0 / 3, 9, 23])
    #expect(padded?.loss == [11.0 / 3, 1, nil])
  }

  @Test func gapsAreNullAndPaddingIsAbsentUnlessAskedFor() throws {
    let curves = Self.curves(padded: false)
    #expect(curves.padded == nil)
    #expect(
      try VerdictSamples.encoded(curves.masked).hasSuffix(#""loss":[2,2,null]}"#))
    #expect(try !VerdictSamples.encoded(curves).contains("padded"))
    let decoded: Positions.Curves = try VerdictSamples.decoded(
      try VerdictSamples.encoded(Self.curves()))
    #expect(decoded == Self.curves())
  }

  @Test func documentsOfNothingGiveEmptyCurves() {
    let curves = Positions.Curves(
      corpus: "x", neuron: 0, real: [0, 0], batched: [0, 0], activation: { _ in [] },
      loss: { _ in [] })
    #expect(curves.counts.isEmpty)
    #expect(curves.masked.activation.isEmpty)
    #expect(curves.padded?.loss.isEmpty == true)
  }

  @Test func eachCorpusHasAnActivationAndALossChart() throws {
    let result = [
      Self.curves(), Self.curves(neuron: 31), Self.curves("other"), Self.curves("Stories"),
    ]
    let section = try #require(Positions().section(result, in: try VerdictSamples.study()))
    #expect(
      section.figures.map(\.id) == [
        "positions-target-activation", "positions-target-loss", "positions-other-activation",
        "positions-other-loss", "positions-corpus-3-activation", "positions-corpus-3-loss",
      ])
    guard case .line(let chart) = section.figures[0].chart else { throw Wrong() }
    #expect(
      chart.series.map(\.name) == [
        "L3N436, real tokens", "L3N436, padded", "L3N31, real tokens", "L3N31, padded",
      ])
    #expect(chart.support?.points.map(\.y) == [3, 2, 1])
    #expect(section.figures[1].data.header == ["position", "documents", "real tokens", "padded"])
    #expect(section.figures[1].data.rows[2][2] == .missing)
  }

  @Test func captionsHaveTheirNumbers() throws {
    let section = try #require(
      Positions().section([Self.curves()], in: try VerdictSamples.study()))
    #expect(
      section.figures[0].caption == """
        On Dutch, up to position 1, L3N436 has 4.00 at position 1 and at most 4.00 (position 1).
        """)
    #expect(section.figures[0].note.contains("off by up to 20.0, at position 2"))
    #expect(section.figures[1].caption.contains("2.00 nats over the first"))
    #expect(section.figures[1].note.contains("off by up to 1.67, at position 0"))
  }

  @Test func withoutPaddingNothingIsSaidOfIt() throws {
    let section = try #require(
      Positions().section([Self.curves(padded: false)], in: try VerdictSamples.study()))
    #expect(!section.prose.contains("padded"))
    #expect(section.figures.allSatisfy { !($0.caption + $0.note).contains("padded") })
    #expect(section.figures[1].data.header == ["position", "documents", "real tokens"])
  }

  private struct Wrong: Error {}
}
