import Analyses
import Study
import Testing

struct UpstreamTests {
  /// Means over 700 tokens of sums of float32 products: 1e-5.
  @Test func equalsTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try Upstream().run(golden.evidence)
    let expected = golden.expected["upstream"]
    for part in result.parts {
      PatchingGolden.close(
        part.target.value, expected?["target"]?[part.label], 1e-5, "\(part.label) target")
      PatchingGolden.close(
        part.other.value, expected?["other"]?[part.label], 1e-5, "\(part.label) other")
    }
    PatchingGolden.close(result.bias, expected?["target"]?["b_in"], 1e-6, "b_in")
    PatchingGolden.close(result.pre.target.value, expected?["target"]?["pre"], 1e-5, "pre")
    PatchingGolden.close(result.pre.other.value, expected?["other"]?["pre"], 1e-5, "pre")
    #expect(result.parts.count == 1 + 3 * 6)
    #expect(result.sumError < 1e-5)

    for layer in result.downstream {
      let expected = golden.expected["downstream"]?["\(layer.layer)"]
      let neurons = expected?["neurons"]?.array?.compactMap(\.integer) ?? []
      #expect(layer.neurons.prefix(5) == neurons.prefix(5))
      for (change, value) in zip(layer.changes, expected?["change"]?.array ?? []) {
        PatchingGolden.close(change, value, 1e-4, "L\(layer.layer) change")
      }
      PatchingGolden.close(
        layer.meanAbsolute, expected?["mean_absolute"], 1e-5, "L\(layer.layer) mean")
      #expect(layer.null.count == 20)
    }
    #expect(result.downstream.count == 2)
    let section = try #require(Upstream().section(result, in: try VerdictSamples.study()))
    #expect(section.figures.count == 2)
    #expect(section.figures[0].caption.contains("L2H2"))
  }
}
