import Foundation
import Testing

/// Atlases, built and used by the commands as users run them.
struct AtlasCommandTests {
  private static let path = "Site/atlases/tiny-atlas"

  private static let yaml = """
    kind: atlas
    title: A tiny atlas
    slug: tiny-atlas
    model: model
    corpora:
      - {name: A, path: a.txt}
      - {name: B, path: b.txt}
    split: {confirmation: 0.5, similarity: 1}
    permutations: 99
    sets: {sizes: [1, 2], documents: 4, window: 12}
    pages: {neurons: 2, named: [L1N3], passages: 1, window: 8}
    expect:
      - {figure: labels.A.confirmation.documents, at_least: 1}
      - {figure: labels.B.confirmed, at_most: 64}

    """

  /// A folder with the tiny study's model and texts, and an atlas that has been built.
  private static func built(_ yaml: String = yaml) throws -> TinyStudy {
    let study = try TinyStudy()
    // Documents that do not repeat each other.
    var state: UInt64 = 7
    for (letters, name) in [("aeiou", "a.txt"), ("bcdfg", "b.txt")] {
      let letters = Array(letters)
      let documents = (0..<12).map { _ in
        String(
          (0..<40).map { place -> Character in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return place % 6 == 5 ? " " : letters[Int(state >> 33) % letters.count]
          })
      }
      try study.folder.write(documents.joined(separator: "\n") + "\n", to: name)
    }
    try study.folder.write(yaml, to: "atlas.yml")
    let run = try study.run(["build", "atlas.yml", "--quiet"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == path + "/index.html\n")
    return study
  }

  @Test func anAtlasIsBuiltVerifiedCheckedAndRenderedAgain() throws {
    let study = try Self.built()
    let verified = try study.run(["verify", Self.path])
    #expect(verified.status == 0 && verified.output.contains("files are as they were published"))
    let checked = try study.run(["check", Self.path])
    #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    #expect(checked.output.contains("pass  labels.A.confirmation.documents: expected at least 1"))
    let before = study.folder.names(in: Self.path)
    #expect(before.contains("neurons/L1N3.html") && before.contains("labels/a.html"))
    let rendered = try study.run(["render", "tiny-atlas"])
    #expect(rendered.output == Self.path + "/index.html\n", "\(rendered.errors)")
    #expect(study.folder.names(in: Self.path) == before)
    #expect(try study.run(["verify", Self.path]).status == 0)
    // The cache's findings give the same files.
    let again = try study.run(["atlas", "atlas.yml", "--quiet"])
    #expect(again.status == 0 && again.output == Self.path + "/index.html\n")
    let rerun = try study.run(["verify", Self.path, "--rerun", "--quiet"])
    #expect(rerun.status == 0, "\(rerun.errors)")
    #expect(rerun.output.contains("the largest difference is 0."))
  }

  /// `build`, `atlas` and `plan` refuse alike, before the model runs.
  @Test func whatIsWrongIsToldByEveryCommand() throws {
    let study = try TinyStudy()
    try study.folder.write(
      Self.yaml.replacing("labels.B.confirmed", with: "labels.B.confirmd"), to: "atlas.yml")
    for command in ["plan", "build", "atlas"] {
      let run = try study.run([command, "atlas.yml"])
      #expect(run.status == 2 && run.errors.contains("confirmd"), "\(command): \(run.errors)")
    }
    try study.folder.write(Self.yaml, to: "atlas.yml")
    try study.folder.write(Self.yaml + "seed: 3\n", to: "other.yml")
    for command in ["plan", "build", "atlas"] {
      let run = try study.run([command, "atlas.yml", "other.yml"])
      #expect(run.status == 2 && run.errors.contains("slug"), "\(command): \(run.errors)")
    }
  }

  @Test func twoAtlasesAreCompared() throws {
    let study = try Self.built()
    try study.folder.write(
      Self.yaml.replacing("slug: tiny-atlas", with: "slug: other")
        .replacing("permutations: 99", with: "permutations: 199"), to: "other.yml")
    #expect(try study.run(["build", "other.yml", "--quiet"]).status == 0)
    let compared = try study.run(["compare", Self.path, "Site/atlases/other"])
    #expect(compared.status == 0, "\(compared.errors)")
    #expect(compared.output.contains("| permutations | 99 | 199 |"))
    #expect(
      compared.output.contains("Confirmed neurons by label")
        || compared.output.contains("| In both |"))
    for format in ["json", "html"] {
      #expect(
        try study.run(["compare", Self.path, "Site/atlases/other", "--format", format]).status == 0)
    }
    let summary = try study.run(["summary", "Site/atlases/other", "--base", Self.path])
    #expect(summary.output.hasPrefix("<!-- reportgen:other -->"), "\(summary.errors)")
    #expect(summary.output.contains("**This change:** `permutations` 99 → 199."))
    // A report beside an atlas is refused.
    #expect(try study.build(["--quiet"]).status == 0)
    let mixed = try study.run(["compare", TinyStudy.report, Self.path])
    #expect(mixed.status == 2)
    #expect(mixed.errors.contains("expected an atlas, as the other is, found a report"))
  }

  @Test func aFailedExpectationOfAnAtlasIsExitOne() throws {
    let study = try Self.built(Self.yaml.replacing("at_most: 64", with: "at_least: 65"))
    let checked = try study.run(["check", Self.path])
    #expect(checked.status == 1)
    #expect(checked.output.contains("FAIL  labels.B.confirmed: expected at least 65"))
    let index = study.folder.text(Self.path + "/index.html")
    #expect(index.contains("1 of 2 expectations failed."))
  }

  // MARK: From an atlas to a report

  @Test func aNeuronsReportIsBuiltFromTheAtlas() throws {
    let study = try Self.built()
    let run = try study.run(["build", "--from-atlas", "Site", "L1N3", "--quiet"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "Site/reports/tiny-atlas-l1n3/index.html\n")
    let report = "Site/reports/tiny-atlas-l1n3"
    let findings = study.folder.text(report + "/findings.json")
    #expect(findings.contains("\"confirmation\": 0.5"))
    let rerun = try study.run(["verify", report, "--rerun", "--quiet"])
    #expect(rerun.status == 0, "\(rerun.errors)")
    // The study file of the neuron's page makes the same report.
    let page = study.folder.text(Self.path + "/neurons/L1N3.html")
    let start = try #require(page.firstRange(of: "<code># The full report"))
    let rest = page[start.lowerBound...].dropFirst("<code>".count)
    let end = try #require(rest.firstRange(of: "</code>"))
    let yaml = rest[..<end.lowerBound].replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    try study.folder.write(String(yaml), to: "neuron.yml")
    #expect(try study.run(["build", "neuron.yml", "--quiet", "--site", "Other"]).status == 0)
    #expect(study.folder.text("Other/reports/tiny-atlas-l1n3/findings.json") == findings)
  }

  @Test func aSetsReportIsBuiltFromTheAtlas() throws {
    let study = try Self.built()
    let run = try study.run(["build", "--from-atlas", "Site", "L1N3+L0N5", "--quiet"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "Site/reports/tiny-atlas-l1n3-l0n5/index.html\n")
    let rerun = try study.run(["verify", "Site/reports/tiny-atlas-l1n3-l0n5", "--rerun", "--quiet"])
    #expect(rerun.status == 0, "\(rerun.errors)")
  }

  @Test(arguments: [
    (["L1N3+L9N3"], "L9N3: expected a neuron of the atlas's model"),
    (["L1N3+L1N3"], "neurons[1]: expected each neuron once"),
    (["L9N3"], "expected a neuron of the atlas's model"),
    (["L1N3", "L1N3"], "expected each neuron once"),
    ([], "expected neurons of the atlas, such as L3N436 or L3N436+L4N52, found none"),
    (["tiny", "L1N3"], "expected an atlas of the site, found \"tiny\""),
  ]) func neuronsThatAnAtlasDoesNotHaveAreRefused(_ words: [String], _ message: String) throws {
    let study = try Self.built()
    let run = try study.run(["build", "--from-atlas", "Site"] + words)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(!study.folder.names.contains("Site/reports"))
  }

  // MARK: Files to start from

  @Test func initWritesAnAtlasThatIsOne() throws {
    let folder = try ScratchFolder()
    let run = try CommandRun(["init", "--atlas", "mine"], in: folder.path)
    #expect(run.status == 0 && run.output == "Wrote mine.yml. Next: reportgen plan mine.yml\n")
    #expect(folder.text("mine.yml").contains("kind: atlas\ntitle: \"mine\""))
    // It fails for its missing corpora alone.
    for (name, text) in [("french.txt", "un\ndeux"), ("english.txt", "one\ntwo")] {
      try folder.write(text, to: name)
    }
    let plan = try CommandRun(["plan", "mine.yml"], in: folder.path)
    #expect(plan.status != 0 && plan.errors.contains("german.txt"), "\(plan.errors)")
    let demo = try CommandRun(["init", "--atlas", "--demo"], in: folder.path)
    #expect(demo.output.contains("slug: demo-atlas"))
  }

  @Test func whatIsNoAtlasIsRefusedByItsCommand() throws {
    let study = try TinyStudy()
    let run = try study.run(["atlas", "study.yml"])
    #expect(run.status == 2)
    #expect(run.errors.contains("expected a file with kind: atlas"))
  }
}
