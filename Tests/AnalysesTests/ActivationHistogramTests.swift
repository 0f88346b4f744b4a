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
        The mean activation of L3N436 is higher on Dutch (3.00) than on the other class taken \
        together (0.250).
        """)
  }

  /// A mean of the other class says nothing of each corpus in it.
  @Test func aLowerMeanIsCalledLowerAndNoMore() throws {
    let caption = try Self.caption(target: [-0.1, 0], other: [2, 3])
    #expect(caption.contains("is lower on Dutch (−0.050) than"))
    #expect(!caption.contains("everything"))
    #expect(
      try Self.caption(target: [1, 0], other: [0, 1, 0, 1]).contains("is the same on Dutch"))
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
