import Foundation
import Testing

/// A study of a set through the whole command: planned, built, checked, verified, compared, rendered
/// and refused as a study of one neuron is.
struct SetCommandTests {
  private static let yaml = """
    title: A tiny set
    slug: tiny
    model: model
    corpora:
      - {name: A, path: a.txt}
      - {name: B, path: b.txt}
    target: A
    neurons: [L0N3, L1N5, L0N9]
    evidence:
      set_probe: {random: 3, resamples: 100}
      set_ablation: {random: 3, matched: 2, scaled: 3, directions: 2, resamples: 100}
    expect:
      - {figure: set_probe.together.accuracy, at_least: 0}
      - {figure: set_ablation.curve.2.size, equals: 3}
    notes: notes.md

    """

  private static func study() throws -> TinyStudy {
    let study = try TinyStudy()
    try study.folder.write(yaml, to: "study.yml")
    try study.folder.write(
      "See {{figure:set-ablation-alone}}: {{set_ablation.corpora.A.sum.value | %.3f}} nats.\n",
      to: "notes.md")
    return study
  }

  @Test func isPlannedBuiltCheckedVerifiedAndRendered() throws {
    let study = try Self.study()
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("  neurons     3 of layers 0, 1 together: L0N3, L1N5, L0N9\n"))
    #expect(plan.output.contains("set_ablation"))
    let json = try study.run(["plan", "study.yml", "--json"])
    #expect(json.output.contains(#""layer": "0, 1""#) || json.output.contains(#""layer":"0, 1""#))
    let built = try study.build()
    #expect(built.status == 0, "\(built.errors)")
    #expect(try study.run(["check", TinyStudy.report]).status == 0)
    let page = study.folder.text(TinyStudy.report + "/index.html")
    try study.folder.remove("a.txt")
    let kept = study.folder.text(TinyStudy.report + "/findings.json")
    #expect(try study.run(["render"]).status == 0)
    #expect(study.folder.text(TinyStudy.report + "/index.html") == page)
    #expect(study.folder.text(TinyStudy.report + "/findings.json") == kept)
    let verified = try study.run(["verify", TinyStudy.report])
    #expect(verified.status == 0, "\(verified.errors)")
    for words in [
      "3 neurons of layers 0 and 1 (L0N3, L1N5 and L0N9)", "These 3 neurons", "set-ablation-curve",
      "set-probe-correlations", "set-examples-3",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    // Nothing on the page is said of the notebook, whose analyses are of one neuron.
    #expect(!page.contains("notebook's probes"))
    #expect(study.folder.text("Site/index.html").contains("set of 3 neurons"))
    let summary = study.folder.text(TinyStudy.report + "/summary.md")
    #expect(summary.contains("set of 3 neurons, A"))
  }

  @Test func aRerunGivesTheNumbersAndACachedBuildTheBytes() throws {
    let study = try Self.study()
    #expect(try study.build().status == 0)
    let rerun = try study.run(["verify", TinyStudy.report, "--rerun", "--threads", "1"])
    #expect(rerun.status == 0, "\(rerun.errors)")
    #expect(rerun.output.contains("the largest difference is 0."), "\(rerun.output)")
    let before = study.folder.text(TinyStudy.report + "/findings.json")
    #expect(try study.run(["build", "study.yml", "--no-cache", "--threads", "2"]).status == 0)
    #expect(study.folder.text(TinyStudy.report + "/findings.json") == before)
  }

  @Test func twoSetsAreComparedByTheirNeurons() throws {
    let study = try Self.study()
    #expect(try study.build().status == 0)
    try study.folder.write(
      Self.yaml.replacing("slug: tiny", with: "slug: other")
        .replacing("L0N9]", with: "L0N8]"), to: "other.yml")
    let built = try study.run(["build", "other.yml"])
    #expect(built.status == 0, "\(built.errors)")
    let compared = try study.run(["compare", TinyStudy.report, "Site/reports/other"])
    #expect(compared.output.contains("L0N3, L1N5, L0N9"), "\(compared.output)")
    #expect(compared.output.contains("L0N3, L1N5, L0N8"))
    // A set and a neuron are compared, too: what one has, the other lacks.
    try study.folder.write(TinyStudy.yaml.replacing("slug: tiny", with: "slug: one"), to: "one.yml")
    #expect(try study.run(["build", "one.yml"]).status == 0)
    let mixed = try study.run(["compare", TinyStudy.report, "Site/reports/one"])
    #expect([0, 1].contains(mixed.status), "\(mixed.errors)")
    #expect(mixed.output.contains("L0N3, L1N5, L0N9"))
  }

  @Test(arguments: [
    (["activations", "study.yml", "ae"], "neurons: expected a study of one neuron, found a set"),
    (
      ["build", "study.yml", "--export-activations", "tokens.csv"],
      "neurons: expected one neuron, with --export-activations, found a set"
    ),
  ]) func whatIsOfOneNeuronIsRefused(arguments: [String], words: String) throws {
    let study = try Self.study()
    let run = try study.run(arguments)
    #expect(run.status == 2)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test(arguments: [
    ("target: A", "target: A\nlayer: 0", "layer: expected no layer beside neurons"),
    (
      "set_probe: {", "effects: on\n  set_probe: {",
      "evidence.effects: expected an analysis of a set"
    ),
    ("L0N9]", "L2N9]", "neurons[2]: expected a neuron from L0N0 to L1N31, found L2N9"),
    (
      "set_ablation.curve.2.size", "effects.total.value",
      "expected a figure of an analysis of a set, found \"effects\""
    ),
    (
      "set_ablation.curve.2.size", "set_ablation.curve.3.size", "expected an item from 0 to 2"
    ),
  ]) func aWrongStudyIsRefusedBeforeTheModelRuns(old: String, new: String, words: String) throws {
    let study = try Self.study()
    try study.folder.write(Self.yaml.replacing(old, with: new), to: "study.yml")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 2)
    #expect(plan.errors.contains(words), "\(plan.errors)")
  }
}
