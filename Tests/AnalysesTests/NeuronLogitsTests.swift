import Analyses
import Study
import Testing

struct NeuronLogitsTests {
  /// Cosines and sums of float32 numbers: 1e-5, and 2e-4 for sums over a run's own scale.
  @Test func equalsTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try NeuronLogits().run(golden.evidence)
    let expected = golden.expected["logits"]
    for moment in result.output.moments {
      PatchingGolden.close(
        moment.value, expected?["moments"]?[moment.name], 2e-5, moment.name)
      let below = (expected?["below"]?[moment.name]?.double ?? 0) / 511
      // A neuron whose moment is the same but for rounding may change sides.
      #expect(abs(moment.below - below) <= 1.5 / 511)
    }
    for (tokens, key) in [
      (result.output.promoted, "promoted"), (result.output.suppressed, "suppressed"),
    ] {
      let ids = expected?[key]?.array?.compactMap(\.integer) ?? []
      let effects = expected?["\(key)_effects"]?.array ?? []
      #expect(Set(tokens.map(\.id)) == Set(ids))
      for (token, effect) in zip(tokens, effects) {
        PatchingGolden.close(token.effect, effect, 1e-5, token.token)
      }
    }
    for part in result.attribution {
      PatchingGolden.close(
        part.clean, expected?["attribution"]?[part.label], 2e-5, part.label)
    }
    PatchingGolden.close(
      result.own.clean, expected?["attribution"]?["neuron"], 2e-5, "the neuron itself")
    PatchingGolden.close(result.bias, expected?["attribution"]?["b_U"]?.array?.first, 1e-5, "b_U")
    #expect(result.sumError < 1e-4)
    let lens = (expected?["lens_clean"]?.array ?? [], expected?["lens_ablated"]?.array ?? [])
    #expect(result.lens.count == 7 && lens.0.count == 7)
    for (index, place) in result.lens.enumerated() {
      PatchingGolden.close(place.clean.value, lens.0[index], 2e-5, place.label)
      PatchingGolden.close(place.ablated.value, lens.1[index], 2e-5, place.label)
    }
  }

  /// Dividing by the clean scale, nothing before the neuron moves; by its own, everything does.
  @Test func aFrozenScaleLeavesEarlierComponentsAlone() throws {
    let result = try NeuronLogits().run(try PatchingGolden().evidence)
    for part in result.attribution.prefix(1 + 3 * 6) {
      #expect(abs(part.frozen.value - part.clean.value) < 1e-6)
    }
    let moved = result.attribution.prefix(1 + 3 * 6).contains {
      abs($0.ablated.value - $0.clean.value) > 1e-3
    }
    #expect(moved)
    let section = try #require(NeuronLogits().section(result, in: try VerdictSamples.study()))
    #expect(section.figures.count == 3)
  }
}
