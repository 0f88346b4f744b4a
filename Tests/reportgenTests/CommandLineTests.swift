import Foundation
import Testing

/// The command line: what each subcommand promises.
struct CommandLineTests {
  @Test(arguments: [
    [], ["build"], ["init"], ["plan"], ["render"], ["check"], ["verify"], ["activations"],
  ]) func helpIsGiven(_ command: [String]) throws {
    let folder = try ScratchFolder()
    let help = try CommandRun(command + ["--help"], in: folder.path)
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: reportgen"))
    #expect(help.errors.isEmpty && folder.names.isEmpty)
  }

  @Test func theVersionIsGiven() throws {
    let folder = try ScratchFolder()
    let version = try CommandRun(["--version"], in: folder.path)
    #expect(version.status == 0)
    #expect(version.output.split(separator: ".").count == 3)
  }

  @Test(arguments: [
    (["build", "--sit", "x"], "--sit"), (["--unknown"], "--unknown"), (["bild"], "bild"),
    (["check"], "report"), (["init"], "NAME"), (["build", "--threads", "0"], "1 to 1024"),
    (["build", "--threads", "x"], "x"), (["build", "--memory=-3"], "-3"),
    (["build", "--memory", "lots"], "lots"), (["build", "dem"], "demo"),
    (["plan", "pythia-70m-v1"], "pythia-70m-v0"), (["build", "absent.yml"], "absent.yml"),
    (["render", "nothing"], "Site"),
  ]) func usageIsRefused(_ arguments: [String], _ word: String) throws {
    let folder = try ScratchFolder()
    let run = try CommandRun(arguments, in: folder.path)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains(word), "\(run.errors)")
    #expect(folder.names.isEmpty)
  }

  @Test func aWrongDateOfTheEnvironmentIsRefused() throws {
    let study = try TinyStudy()
    let build = try study.build(environment: ["SOURCE_DATE_EPOCH": "yesterday"])
    #expect(build.status == 2)
    #expect(build.errors.contains("SOURCE_DATE_EPOCH"))
  }

  @Test func theTemplateOfInitBuildsOnceItNamesFiles() throws {
    let study = try TinyStudy()
    #expect(try study.run(["init", "mine"]).status == 0)
    for (old, new) in [
      ("EleutherAI/pythia-70m-v0", "model"), ("french.txt", "a.txt"), ("english.txt", "b.txt"),
      ("german.txt", "c.txt"), ("layer: 3 ", "layer: auto "), ("[\" de\", \" is\"]", "[e, i]"),
      ("[\" is\", \" de\"]", "[]"), ("at_least: 0.9", "at_least: 0.5"),
    ] { try study.folder.replace(old, with: new, in: "mine.yml") }
    try study.folder.write(study.folder.text("b.txt"), to: "c.txt")
    let build = try study.run(["build", "mine.yml"])
    #expect(build.status == 0, "\(build.errors)")
    #expect(build.output == "Site/reports/mine/index.html\n")
    let again = try study.run(["init", "mine"])
    #expect(again.status == 2)
    #expect(again.errors.contains("a file of this name"))
  }

  @Test func aLayerMayBeChosenAndNeuronsCompared() throws {
    let study = try TinyStudy()
    try study.study("layer: 0", "layer: auto\ncompare: [probe.2, probe.3, 5]")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.output.contains("layer auto, auto beside probe.2 beside probe.3 beside 5"))
    #expect(try study.build().status == 0)
    let page = study.folder.text(TinyStudy.report + "/report.md")
    #expect(page.contains("The study leaves the layer open (`layer: auto`): layer "))
    #expect(page.contains("Neurons side by side"))
    #expect(try study.run(["verify", TinyStudy.report, "--rerun"]).status == 0)
    let shown = try study.run(["activations", "study.yml", "ae"])
    #expect(shown.status == 0, "\(shown.errors)")
    try study.study("layer: auto", "layer: automatic")
    let refused = try study.run(["plan", "study.yml"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("a layer's number, from 0, or auto"))
  }

  @Test func activationsShowsEveryTokenOfAText() throws {
    let study = try TinyStudy()
    let run = try study.run(["activations", "study.yml", "eins zwei"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("position  L") && lines[0].hasSuffix("token"))
    #expect(lines.count > 1 && lines[1].contains("    1  "))
    // Not a terminal: no escape sequences.
    #expect(!run.output.contains("\u{1B}"))
    let empty = try study.run(["activations", "study.yml", ""])
    #expect(empty.status == 2)
    #expect(empty.errors.contains("tokens"))
  }

  /// `script` pretends to be the terminal.
  @Test(
    .enabled(if: ManualTests.has("script"), "needs script"), arguments: [("", true), ("1", false)])
  func coloursAreForATerminalAlone(noColor: String, isShaded: Bool) throws {
    let study = try TinyStudy()
    let run = try study.run(
      ["activations", "study.yml", "eins"], environment: ["NO_COLOR": noColor],
      shell: #"exec script -qec "'$1' $2 $3 $4" /dev/null"#)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("position  L"))
    #expect(run.output.contains("\u{1B}[30;48;2;") == isShaded)
  }

  @Test func analysesAreSwitchedOffAndTheirCostIsTold() throws {
    let study = try TinyStudy()
    try study.study(
      "layer: 0", "layer: 0\nevidence: {effects: off, neuron_logits: {resamples: 400}}")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 0, "\(plan.errors)")
    for part in ["probe_sweep", "ablation_controls", "neuron_logits", "upstream"] {
      #expect(plan.output.contains("    \(part) "), "\(part)")
    }
    #expect(!plan.output.contains("    effects "))
    #expect(try study.build().status == 0)
    #expect(!study.folder.text(TinyStudy.report + "/findings.json").contains("\"effects\": {"))
    #expect(!study.folder.text(TinyStudy.report + "/report.md").contains("Direct and indirect"))
    struct Provenance: Decodable {
      struct Phase: Decodable { var name: String, seconds: Double, operations: Double? }
      var phases: [Phase]
      var operations: Double
    }
    let data = Data(try study.folder.bytes(TinyStudy.report + "/provenance.json"))
    let provenance = try JSONDecoder().decode(Provenance.self, from: data)
    let analyses = provenance.phases.filter { $0.name.hasPrefix("analysing: ") }
    #expect(analyses.count > 15 && analyses.allSatisfy { $0.operations != nil })
    // The engine runs the model for all of them.
    #expect(
      provenance.phases.contains { $0.name == "running the passes" && $0.operations ?? 0 > 0 })
    let sum = provenance.phases.reduce(0) { $0 + ($1.operations ?? 0) }
    #expect(abs(sum / provenance.operations - 1) < 1e-6)
    // A changed number runs its own analysis again, and an analysis that is on again only itself.
    try study.study(
      "effects: off, neuron_logits: {resamples: 400}", "neuron_logits: {resamples: 300}")
    #expect(try study.run(["verify", TinyStudy.report]).status == 0)
    #expect(try study.build().status == 0)
    #expect(study.folder.text(TinyStudy.report + "/report.md").contains("Direct and indirect"))
  }

  @Test func planWritesNothingAndTellsWhatItTakes() throws {
    let study = try TinyStudy()
    let before = study.folder.names
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 0, "\(plan.errors)")
    for word in ["12 documents", "tokens", "operations", "memory"] {
      #expect(plan.output.contains(word))
    }
    #expect(study.folder.names == before)
  }

  @Test func twoBuildsAreEqualAndRenderGivesTheSame() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    let first = try study.folder.contents(of: "Site")
    let provenance = study.folder.text(TinyStudy.report + "/provenance.json")
    #expect(try study.run(["render"]).status == 0)
    #expect(try study.folder.contents(of: "Site") == first)
    #expect(study.folder.text(TinyStudy.report + "/provenance.json") == provenance)
    #expect(try study.build(["--site", "Other"]).status == 0)
    #expect(try study.folder.contents(of: "Other") == first)
  }

  @Test func theNumberOfThreadsChangesNoByte() throws {
    let study = try TinyStudy()
    for threads in ["1", "2", "3"] {
      #expect(try study.build(["--threads", threads, "--site", threads]).status == 0)
    }
    let first = try study.folder.contents(of: "1")
    for threads in ["2", "3"] { #expect(try study.folder.contents(of: threads) == first) }
  }

  @Test func checkTellsWhetherExpectationsHold() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    let holds = try study.run(["check", TinyStudy.report])
    #expect(holds.status == 0)
    #expect(holds.output.hasPrefix("pass  sparse_probe.test_accuracy"))
    try study.study("at_least: 0.5", "at_least: 1.5")
    #expect(try study.build().status == 0)
    let fails = try study.run(["check", TinyStudy.report + "/findings.json"])
    #expect(fails.status == 1)
    #expect(fails.output.hasPrefix("FAIL  sparse_probe.test_accuracy"))
    try study.folder.write("{\"format\": 1", to: TinyStudy.report + "/findings.json")
    #expect(try study.run(["check", TinyStudy.report]).status == 3)
    #expect(try study.run(["check", "absent"]).status == 3)
  }

  @Test func aTypingErrorIsToldWhereItIs() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    for (arguments, status, words) in [
      (["render", "--site", "Sitte"], 2, "expected a site with published reports"),
      (["verify", "Site"], 3, "Name one of its reports: Site/reports/tiny."),
      (["check", "Site/"], 3, "Site/reports/tiny."),
      (["summary", "Site"], 3, "Site/reports/tiny."),
      (["verify", "absent"], 3, "nothing at this path"), (["verify", "model"], 3, "none in it"),
    ] as [([String], Int32, String)] {
      let run = try study.run(arguments)
      #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
    }
    try study.study("title: A tiny study", "title: @tiny")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 2 && !plan.errors.contains("found found"), "\(plan.errors)")
  }

  @Test func aDateThatNoCalendarHasIsRefused() throws {
    for (date, isThere) in [
      ("2026-02-30", false), ("2026-02-29", false), ("2024-02-29", true), ("1900-02-29", false),
      ("2000-02-29", true), ("2026-04-31", false), ("2026-12-31", true), ("2026-00-10", false),
      ("2026-13-01", false), ("2026-01-00", false),
    ] {
      let study = try TinyStudy()
      try study.study("slug: tiny", "slug: tiny\ndate: \(date)")
      let plan = try study.run(["plan", "study.yml"])
      #expect(plan.status == (isThere ? 0 : 2), "\(date): \(plan.errors)")
    }
  }

  @Test func aComparisonNamesItsBase() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    let base = "Base/reports/tiny"
    try study.study("A tiny study", "What it was")
    #expect(try study.build(["--site", "Base"]).status == 0)
    let markdown = try study.run(["compare", base, TinyStudy.report])
    #expect(markdown.output.contains("the base report, “What it was” (\(base))"))
    let json = try study.run(["compare", base, TinyStudy.report, "--format", "json"])
    #expect(json.output.contains("\"base\": \"“What it was” (\(base))\""), "\(json.output)")
    let summary = try study.run(["summary", TinyStudy.report, "--base", base])
    #expect(summary.output.contains("the base report, “What it was”"))
  }
}
