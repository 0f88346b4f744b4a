import Analyses
import JSON
import LanguageModel
import Passes
import StudyFile
import Testing

/// The joint reading and the joint ablation of a set against TransformerLens and scikit-learn.
struct SetStudyTests {
  /// Float32 passes on both sides, whose sums are taken in different orders.
  private static let lossTolerance = 2e-5
  /// scikit-learn stops at a gradient of 1e-10 of doubles, this program at a step; the activations
  /// are float32.
  private static let fitTolerance = 2e-3

  @Test func equalsTheReference() throws {
    let more = "evidence: {set_ablation: {random: 1, matched: 1, scaled: 1, directions: 2}}"
    let findings = try SetStudySample.findings(more)
    let golden = try SetStudySample.golden()
    try Self.probeEquals(golden, try #require(findings.result(of: SetProbe.self)))
    try Self.ablationEquals(golden, try #require(findings.result(of: SetAblation.self)))
  }

  private static func probeEquals(_ golden: JSON, _ probe: SetProbe.Result) throws {
    let expected = try #require(golden["together"])
    func check(_ found: Double?, _ expected: JSON?, _ tolerance: Double, _ what: String) {
      PatchingGolden.close(found, expected, tolerance, what)
    }
    #expect(probe.isNew)
    #expect(probe.rows == expected["rows"]?.double.map { Int($0) })
    #expect([probe.fitted.target.documents, probe.fitted.other.documents] == [16, 16])
    #expect([probe.judged.target.documents, probe.judged.other.documents] == [20, 20])
    for (index, coefficient) in probe.together.coefficients.enumerated() {
      check(
        coefficient, expected["coefficients"]?.array?[index], fitTolerance, "coefficient \(index)")
    }
    check(probe.together.intercept, expected["intercept"], fitTolerance, "intercept")
    // One token on the other side of the threshold moves these by about a thousandth.
    check(probe.together.mcc.value, expected["mcc"], 3e-3, "mcc")
    check(probe.together.accuracy, expected["accuracy"], 2e-3, "accuracy")
    check(probe.together.auc.value, expected["auc"], 1e-6, "auc")
    for (index, single) in probe.neurons.enumerated() {
      check(single.mcc.value, golden["alone"]?.array?[index], 3e-3, "mcc of \(single.address)")
      check(
        single.auc.value, expected["auc_of_means"]?.array?[index], 1e-6, "auc of \(single.address)")
      for other in probe.neurons.indices {
        check(
          probe.correlations[index][other], golden["correlations"]?.array?[index].array?[other],
          1e-4, "correlation \(index), \(other)")
      }
    }
    #expect(probe.random.count == 20)
    let random = golden["random_set"]?.array?.compactMap { pair in
      NeuronAddress(layer: Int(pair.doubles[0]), neuron: Int(pair.doubles[1]))
    }
    #expect(probe.random.first?.neurons == random)
    check(probe.random.first?.mcc, golden["random_mcc"], 3e-3, "mcc of the random set")
  }

  private static func ablationEquals(_ golden: JSON, _ ablation: SetAblation.Result) throws {
    let own = try #require(ablation.corpora["Dutch"])
    func check(_ found: Measured?, _ key: String, _ what: String) {
      PatchingGolden.close(found, golden[key], lossTolerance, what)
    }
    for (index, neuron) in ablation.neurons.enumerated() {
      PatchingGolden.close(
        neuron.value, golden["values"]?.array?[index], 1e-5, "value of \(index)")
    }
    PatchingGolden.close(own.together.clean, golden["clean"], lossTolerance, "clean")
    check(own.together.change, "change", "all together")
    for (index, alone) in own.alone.enumerated() {
      PatchingGolden.close(
        alone.change, golden["singles"]?.array?[index], lossTolerance, "alone \(index)")
    }
    check(own.sum, "sum", "sum")
    check(own.beyond, "beyond", "beyond")
    check(ablation.corpora["German"]?.together.change, "german", "German")
    #expect(ablation.curve.map(\.size) == [1, 2, 3])
    check(ablation.curve[1].change, "first_two", "the first two")
    // The last point is the set, the first its first neuron, in a run beside others.
    #expect(abs(ablation.curve[2].change.value - own.together.change.value) < 1e-6)
    #expect(abs(ablation.curve[0].change.value - own.alone[0].change.value) < 1e-6)
    PatchingGolden.close(
      ablation.curve[2].random.first, golden["random"], lossTolerance, "the random set")
    #expect(ablation.controls.scaled.count == 1 && ablation.controls.directions.count == 2)
    #expect(ablation.curve.allSatisfy { $0.random.count == 1 && $0.matched.count == 1 })
  }

  @Test func theEngineCountsWhatThePlanSaid() throws {
    for more in [
      "evidence: {set_ablation: {random: 3, matched: 2, scaled: 4, directions: 2}}",
      "ablation: {value: resample}\nevidence: {set_ablation: {scaled: 2, directions: 1}}",
      "ablation: {value: zero}\nevidence: {set_probe: off, set_examples: off}",
    ] {
      let study = try SetStudySample.resolved(more)
      let evidence = try SetStudySample.evidence(study)
      _ = try Findings(evidence)
      let sweep = Sweep(study, needs: Registry.needs(of: study), environment: [:])
      #expect(evidence.engine.operations == Registry.plan(sweep).operations, "\(more)")
    }
  }

  @Test func controlSetsHaveTheSetsLayersAndNoNeuronTwice() {
    let set = SetStudySample.set
    let firing = [3, 4].reduce(into: [Int: [Double]]()) { shares, layer in
      shares[layer] = (0..<512).map { Double(($0 * 37) % 512) / 512 }
    }
    let varies = firing.mapValues { $0.indices.map { $0 % 3 > 0 } }
    let fitted = FittedNeurons(target: [:], other: [:], firing: firing, varies: varies)
    let found = SetControls(
      of: set, width: 512, seed: 7, random: 12, matched: 5, fitted: fitted)
    #expect([found.random.count, found.matched.count] == [12, 5])
    let all = [set.neurons] + found.random + found.matched
    for other in all { #expect(other.map(\.layer) == [3, 4, 3]) }
    #expect(Set(all.joined()).count == 3 * all.count)
    #expect(found.random.joined().allSatisfy { varies[$0.layer]?[$0.neuron] == true })
    // Of the free neurons none fires more alike than the first set's.
    for (own, other) in zip(set.neurons, found.matched[0]) {
      let shares = firing[own.layer] ?? []
      #expect(abs(shares[own.neuron] - shares[other.neuron]) < 0.05)
    }
    // A plan takes as many, and no neuron twice either.
    let planned = SetControls(of: set, width: 512, seed: 7, random: 12, matched: 5, fitted: nil)
    #expect(Set(planned.random.joined()).union(planned.matched.joined()).count == 51)
    // A layer of five neurons has room for one more set of two, which is drawn at random.
    let small = NeuronSet([.init(layer: 0, neuron: 0), .init(layer: 0, neuron: 4)])!
    func counts(_ width: Int, _ random: Int) -> [Int] {
      let found = SetControls.counts(small, width: width, random: random, matched: 4)
      return [found.random, found.matched]
    }
    #expect(counts(5, 4) == [1, 0])
    #expect(counts(9, 1) == [1, 2])
    #expect(counts(3, 4) == [0, 0])
  }

  @Test func theCurveHasEverySmallSizeThenPowersOfTwoThenAll() {
    #expect(SetAblation.sizes(2) == [1, 2])
    #expect(SetAblation.sizes(8) == Array(1...8))
    #expect(SetAblation.sizes(21) == Array(1...8) + [16, 21])
    #expect(SetAblation.sizes(64) == Array(1...8) + [16, 32, 64])
  }

  @Test func correlationsAreOneOnTheDiagonalAndZeroWithAConstant() {
    let found = SetProbe.correlations([[1, 2, 3], [3, 2, 1], [5, 5, 5]])
    #expect(found[0][0] == 1 && found[2][2] == 1)
    #expect(abs(found[0][1] + 1) < 1e-12)
    #expect(found[0][2] == 0 && found[2][1] == 0)
    let pair = SetProbe.strongest(found)
    #expect(pair?.first == 0 && pair?.second == 1)
  }
}
