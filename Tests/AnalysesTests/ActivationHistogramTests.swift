import Analyses
import Corpora
import StudyFile
import Testing

struct ActivationHistogramTests {
  private static let neuron = NeuronAddress(layer: 3, neuron: 436)

  private static func caption(target: [Float], other: [Float]) throws -> String {
    let result = ActivationHistogram.result(neuron: neuron, target: target, other: other)
    let section = ActivationHistogram().section(result, in: try VerdictSamples.study())
    return try #require(section?.figures.first).caption
  }

  @Test func classesOfDifferentSizesShareEdgesAndEachMakesAHundredPercent() {
    let result = ActivationHistogram.result(
      neuron: Self.neuron, target: [1, 2, 3, 6], other: [-1, 0, 0, 0, 0, 0, 0, 1])
    #expect(result.mean == ClassPair(target: 3, other: 0))
    #expect(result.rows == ClassPair(target: 4, other: 8))
    #expect(result.edges[0] <= -1)
    #expect(result.edges[result.edges.count - 1] >= 6)
    for percent in [result.percent.target, result.percent.other] {
      #expect(percent.count == result.edges.count - 1)
      #expect(abs(percent.reduce(0, +) - 100) < 1e-9)
    }
    #expect(!result.isConstant)
  }

  @Test func theCaptionHasBothMeansAndTheirSizes() throws {
    #expect(
      try Self.caption(target: [1, 2, 3, 6], other: [0, 0.5]) == """
        L3N436 is higher on Dutch: its mean activation is 3.00 on Dutch (4 tokens) and 0.250 on \
        the other class (2 tokens).
        """)
  }

  @Test func aNeuronThatIsLowerOnTheTargetFiresOnEverythingElse() throws {
    #expect(
      try Self.caption(target: [-0.1, 0], other: [2, 3])
        .hasPrefix("L3N436 fires on everything but Dutch: its mean activation is −0.050 on"))
  }

  @Test(arguments: [0, 0.1, -3] as [Float])
  func aConstantNeuronIsReportedAsConstant(value: Float) throws {
    let result = ActivationHistogram.result(
      neuron: Self.neuron, target: Array(repeating: value, count: 7),
      other: Array(repeating: value, count: 10))
    #expect(result.isConstant)
    #expect(result.mean == ClassPair(target: Double(value), other: Double(value)))
    #expect(result.percent == ClassPair(target: [100], other: [100]))
    let caption = try Self.caption(target: [value], other: [value, value])
    #expect(caption.hasPrefix("L3N436 is constant:"))
  }

  @Test func theDataHaveARowForEachBin() throws {
    let result = ActivationHistogram.result(neuron: Self.neuron, target: [1, 2], other: [0, 4])
    let section = ActivationHistogram().section(result, in: try VerdictSamples.study())
    let figure = try #require(section?.figures.first)
    #expect(figure.data.header == ["from", "to", "Dutch, %", "other, %"])
    #expect(figure.data.rows.count == result.edges.count - 1)
  }
}
