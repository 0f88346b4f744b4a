import Analyses
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
    // The parts and b_in are the pre-activation.
    #expect(result.sumError < 1e-5)
    for (found, key) in [(result.inputs.excite, "excite"), (result.inputs.inhibit, "inhibit")] {
      let tokens = golden.expected["inputs"]?[key]?.array ?? []
      #expect(found.count == 12 && tokens.count == 12)
      for (token, pair) in zip(found, tokens) {
        #expect(token.id == pair.array?.first?.integer)
        PatchingGolden.close(token.effect, pair.array?.last, 1e-5, token.token)
      }
    }
    let active = golden.expected["inputs"]?["active"]?.array?.map(\.doubles) ?? []
    #expect(result.inputs.active.count == 12 && active.count == 12)
    for (token, row) in zip(result.inputs.active, active) {
      #expect([token.id, token.count.target, token.count.other].map(Double.init) == row.dropLast())
      #expect(abs(token.mean - row[3]) < 1e-4)
    }
    let section = try #require(Upstream().section(result, in: try VerdictSamples.study()))
    #expect(
      section.figures.map(\.id) == [
        "upstream-reads", "upstream-tokens", "upstream-moves", "upstream-weights",
      ])
    #expect(section.figures[0].caption.contains("L2H2"))
  }

  /// Changes are differences of means over 700 tokens in units of a spread: 1e-4 of float32
  /// rounding; cosines 1e-5.
  @Test func changesAndCosinesOfLaterNeuronsEqualTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try Upstream().run(golden.evidence)
    #expect(result.downstream.map(\.layer) == [4, 5])
    for layer in result.downstream {
      let name = "L\(layer.layer)"
      let expected = try #require(golden.expected["downstream"]?["\(layer.layer)"])
      let neurons = expected["neurons"]?.array?.compactMap(\.integer) ?? []
      #expect(layer.neurons == neurons)
      func close(_ found: [Double], _ key: String, _ tolerance: Double) {
        let numbers = expected[key]?.doubles ?? []
        #expect(found.count == numbers.count, "\(name) \(key)")
        for (found, number) in zip(found, numbers) {
          #expect(abs(found - number) < tolerance, "\(name) \(key): \(found) for \(number)")
        }
      }
      close(layer.changes, "change", 1e-4)
      close(layer.cosines, "cosine", 1e-5)
      close([layer.meanAbsolute], "mean_absolute", 1e-5)
      close(layer.null, "null", 1e-5)
      close([layer.nullLargest], "null_largest", 1e-4)
      close(layer.equal ?? [], "equal", 1e-5)
      close([try #require(layer.equalLargest)], "equal_largest", 1e-4)
      close([layer.largestCosine], "largest_cosine", 1e-5)
      close(layer.cosineNull, "cosine_null", 1e-5)
      close([try #require(layer.correlation)], "correlation", 1e-4)
      #expect(layer.beyond == expected["beyond"]?.integer)
      #expect(layer.cosineBeyond == expected["cosine_beyond"]?.integer)
      #expect(layer.both == expected["both"]?.integer)
      #expect(layer.null.count == 10 && layer.cosineNull.count == 10)
    }
  }
}
