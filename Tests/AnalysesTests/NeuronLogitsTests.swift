import Analyses
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
    let attribution = expected?["attribution"]
    for part in result.attribution + result.layers + [result.own] {
      let name = part.label == "L3N436" ? "neuron" : part.label
      PatchingGolden.close(part.clean, attribution?["clean"]?[name], 2e-5, name)
      PatchingGolden.close(part.ablated, attribution?["ablated"]?[name], 2e-5, "\(name) ablated")
      PatchingGolden.close(part.frozen, attribution?["frozen"]?[name], 2e-5, "\(name) frozen")
    }
    #expect(result.layers.map(\.label) == (0..<6).map { "L\($0)" })
    PatchingGolden.close(
      result.bias, attribution?["clean"]?["b_U"]?.array?.first, 1e-5, "b_U")
    #expect(result.sumError < 1e-4)
    let lens = (expected?["lens_clean"]?.array ?? [], expected?["lens_ablated"]?.array ?? [])
    #expect(result.lens.count == 7 && lens.0.count == 7)
    for (index, place) in result.lens.enumerated() {
      PatchingGolden.close(place.clean.value, lens.0[index], 2e-5, place.label)
      PatchingGolden.close(place.ablated.value, lens.1[index], 2e-5, place.label)
    }
  }

  /// Logits are float32 on both sides; a rank moves by one where rounding turns two tokens round,
  /// so that the mean over 700 tokens may be off by a few of them.
  @Test func theNextTokensRankLogitAndLogProbabilityEqualTransformerLens() throws {
    let golden = try PatchingGolden()
    let result = try NeuronLogits().run(golden.evidence)
    let expected = golden.expected["logits"]?["next"]
    for (name, found, tolerance) in [
      ("rank", result.next.rank, 5e-3), ("first", result.next.first, 2e-3),
      ("logit", result.next.logit, 2e-5), ("log_probability", result.next.logProbability, 2e-5),
    ] {
      for (kind, value) in [
        ("clean", found.clean), ("ablated", found.ablated), ("change", found.change),
      ] {
        PatchingGolden.close(value, expected?[name]?[kind], tolerance, "\(name) \(kind)")
      }
    }
    let last = try #require(result.lens.last)
    #expect(abs(last.clean.value + result.next.logProbability.clean.value) < 1e-12)
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
