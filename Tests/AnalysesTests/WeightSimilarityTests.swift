import Analyses
import Foundation
import LinearAlgebra
import StudyFile
import Testing

struct WeightSimilarityTests {
  /// Rows at 0°, 90°, 180° and about 53° of (3, 0); a zero row.
  private static let similarities = Similarities(
    of: [3, 0],
    to: Matrix(rows: 5, columns: 2, elements: [2, 0, 0, 1, -4, 0, 3, 4, 0, 0]))

  @Test func cosineAndDotAreThoseComputedByHand() {
    #expect(Self.similarities.dot == [6, 0, -12, 9, 0])
    #expect(zip(Self.similarities.cosine, [1, 0, -1, 0.6, 0]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  /// torch.nn.CosineSimilarity with (1e-9, 0) and (1, 0): 1e-9 / (1 · 1e-8).
  @Test func shortVectorsAreHeldToTorchsEpsilon() {
    let found = Similarities(of: [1, 0], to: Matrix(rows: 1, columns: 2, elements: [1e-9, 0]))
    #expect(abs(found.cosine[0] - 0.1) < 1e-7)
  }

  @Test func topIsByAbsoluteValueAndTiesGoToTheLowerIndex() {
    let top = WeightSimilarity.LayerTop(layer: 4, values: [0.1, -0.3, 0.3, 0.2, -0.1], count: 4)
    #expect(top.neurons == [1, 2, 3, 0])
    #expect(top.values == [-0.3, 0.3, 0.2, 0.1])
  }

  /// NumPy draws: 0.1592 ± 0.001 (200 of them), 0.2831 ± 0.0013 (400), 0.9094 ± 0.0006 (20,000),
  /// 0.6350 ± 0.001 (100,000); the last is 2/π exactly. Four standard errors.
  @Test(arguments: [
    (512, 2048, 0.1592, 0.004), (128, 512, 0.2831, 0.0053), (3, 10, 0.9094, 0.0024),
    (2, 1, 2 / Double.pi, 1e-6), (1, 5, 1, 0), (8, 0, 0, 0),
  ])
  func randomDirectionsReachWhatDrawsReach(
    dimensions: Int, count: Int, expected: Double, tolerance: Double
  ) {
    let found = RandomDirections(dimensions: dimensions).expectedLargest(of: count)
    #expect(abs(found - expected) <= tolerance)
  }

  @Test func standardDeviationOfRandomDirections() {
    #expect(RandomDirections(dimensions: 64).standardDeviation == 0.125)
  }

  private static let sample = WeightSimilarity.Result(
    NeuronAddress(layer: 3, neuron: 436),
    later: [(layer: 4, similarities: similarities, gate: nil)],
    dimensions: 64, neurons: 5)

  @Test func histogramsAreInPercentOfAllLaterNeurons() {
    let histogram = Self.sample.histogram
    #expect(abs(histogram.cosine.reduce(0, +) - 100) < 1e-9)
    #expect(abs(histogram.dot.reduce(0, +) - 100) < 1e-9)
    #expect(histogram.edges.count == histogram.cosine.count + 1)
    #expect(histogram.dotEdges.count == histogram.dot.count + 1)
  }

  @Test func keysAreThoseThatOtherProgramsRelyOn() throws {
    let data = try JSONEncoder().encode(Self.sample)
    let result = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(result.keys) == ["layer", "neuron", "cosine", "dot", "histogram", "random"])
    let histogram = try #require(result["histogram"] as? [String: Any])
    #expect(Set(histogram.keys) == ["edges", "cosine", "dot_edges", "dot"])
    #expect(try JSONDecoder().decode(WeightSimilarity.Result.self, from: data) == Self.sample)
  }

  @Test func captionSaysWhatRandomDirectionsReach() {
    let caption = WeightSimilarity.cosineCaption(Self.sample)
    for words in [
      "3 of 5 later neurons read a direction closer to what L3N436 writes", "layer 4: L4N0 (1.00)",
    ] {
      #expect(caption.contains(words), "\(words)")
    }
  }

  @Test func theLastLayerHasNoSection() throws {
    let empty = WeightSimilarity.Result(
      NeuronAddress(layer: 5, neuron: 0), later: [], dimensions: 64, neurons: 5)
    #expect(empty.cosine.isEmpty && empty.histogram.edges.isEmpty)
    let study = try DemoStudy.findings()
    #expect(WeightSimilarity().section(empty, in: study) == nil)
    #expect(WeightSimilarity().section(Self.sample, in: study)?.blocks.count == 5)
  }

  @Test func theDemosLaterLayersAreCompared() throws {
    let study = try DemoStudy.resolved()
    let evidence = try DemoStudy.evidence(study, for: WeightSimilarity())
    let found = try WeightSimilarity().run(evidence)
    #expect(found.cosine.map(\.layer) == [4, 5])
    #expect(found.dot.map(\.neurons.count) == [10, 10])
    #expect(found.random.compared == 2 * study.architecture.dMLP)
    let top = WeightSimilarity.topCosine(evidence.neuron, layer: 5, in: evidence.model)
    #expect(top == found.cosine[1])
  }
}
