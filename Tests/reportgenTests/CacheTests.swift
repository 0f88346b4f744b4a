import Foundation
import Testing

/// Builds with and without what earlier builds have kept: the same bytes, and no more work than the
/// change asks for.
struct CacheTests {
  private static let evaluation = """
    corpora:
      - {name: C, path: c.txt, role: evaluation}

    """

  private let study: TinyStudy
  private var environment: [String: String] { ["XDG_CACHE_HOME": study.folder.path + "/cache"] }

  init() throws {
    study = try TinyStudy()
    try study.folder.write(TinyStudy.documents(of: "aeibc").joined(separator: "\n"), to: "c.txt")
  }

  /// Ids of findings that the last build took from the cache.
  private func build(_ arguments: [String] = []) throws -> Set<String> {
    let run = try study.build(arguments, environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    return try cached(in: TinyStudy.report)
  }

  private func cached(in report: String) throws -> Set<String> {
    struct Provenance: Decodable { var cached: [String] }
    let data = Data(try study.folder.bytes(report + "/provenance.json"))
    return Set(try JSONDecoder().decode(Provenance.self, from: data).cached)
  }

  private func all() throws -> Set<String> {
    struct Findings: Decodable {
      struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }
      var ids: Set<String>
      init(from decoder: any Decoder) throws {
        enum Keys: CodingKey { case findings }
        let findings = try decoder.container(keyedBy: Keys.self)
          .nestedContainer(keyedBy: Key.self, forKey: .findings)
        ids = Set(findings.allKeys.map(\.stringValue))
      }
    }
    let data = Data(try study.folder.bytes(TinyStudy.report + "/findings.json"))
    return try JSONDecoder().decode(Findings.self, from: data).ids
  }

  /// The report is that of a build that knows nothing.
  private func expectTheBytesOfAFreshBuild() throws {
    let fresh = try study.build(["--no-cache", "--site", "Fresh"], environment: environment)
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(try cached(in: "Fresh/reports/tiny").isEmpty)
    for part in ["findings.json", "report.md", "summary.md", "charts", "data"] {
      #expect(
        try study.folder.contents(of: TinyStudy.report)
          .filter { $0.key.hasPrefix(part) }
          == study.folder.contents(of: "Fresh/reports/tiny").filter { $0.key.hasPrefix(part) })
    }
  }

  @Test func aSecondBuildLeavesTheReport() throws {
    #expect(try build().isEmpty)
    let first = try study.folder.contents(of: "Site")
    let provenance = try study.folder.bytes(TinyStudy.report + "/provenance.json")
    let second = try study.build(environment: environment)
    #expect(second.status == 0 && second.errors.contains("Nothing has changed"))
    #expect(try study.folder.contents(of: "Site") == first)
    #expect(try study.folder.bytes(TinyStudy.report + "/provenance.json") == provenance)
    try expectTheBytesOfAFreshBuild()
  }

  /// Nothing is computed, everything is rendered.
  @Test(arguments: [
    "findings.json", "charts/ablation.svg", "index.html", "provenance.json", "history.json",
  ]) func aDamagedReportIsPublishedAgain(file: String) throws {
    _ = try build()
    let first = try study.folder.contents(of: "Site")
    try study.folder.write(Array("{}".utf8), to: TinyStudy.report + "/" + file)
    #expect(try build() == all())
    #expect(try study.folder.contents(of: "Site") == first)
  }

  @Test func theIndexIsMadeAnewAroundAReportThatStands() throws {
    _ = try build()
    let first = try study.folder.contents(of: "Site")
    try study.folder.write(Array("x".utf8), to: "Site/index.html")
    try study.folder.remove("Site/assets/style.css")
    #expect(try study.build(environment: environment).errors.contains("Nothing has changed"))
    #expect(try study.folder.contents(of: "Site") == first)
  }

  @Test func aReportIsRenderedAnewForOtherNotesTemplatesOrDates() throws {
    try study.folder.write("One.\n", to: "notes.md")
    try study.study("title: A tiny study", "title: A tiny study\nnotes: notes.md")
    _ = try build()
    try study.folder.write("Another.\n", to: "notes.md")
    #expect(try build() == all())
    #expect(study.folder.text(TinyStudy.report + "/report.md").contains("Another."))
    let exported = try study.run(["templates", "--export", "templates"], environment: environment)
    #expect(exported.status == 0, "\(exported.errors)")
    try study.folder.write(
      study.folder.text("templates/style.css") + "/* mine */\n", to: "templates/style.css")
    let own = try study.build(["--templates", "templates"], environment: environment)
    #expect(own.status == 0 && !own.errors.contains("Nothing has changed"), "\(own.errors)")
    let dated = try study.build(
      environment: environment.merging(["SOURCE_DATE_EPOCH": "86400"]) { $1 })
    #expect(dated.status == 0 && !dated.errors.contains("Nothing has changed"), "\(dated.errors)")
    #expect(study.folder.text(TinyStudy.report + "/index.html").contains("1970"))
  }

  @Test func anotherTitleOrExpectationComputesNothing() throws {
    _ = try build()
    try study.study("title: A tiny study", "title: Another title\ndate: 2020-01-02")
    try study.study("at_least: 0.5", "at_least: 0.6")
    #expect(try build() == all())
    #expect(study.folder.text(TinyStudy.report + "/report.md").contains("Another title"))
    try expectTheBytesOfAFreshBuild()
  }

  @Test func anotherPromptRunsOnlyWhatLooksAtPrompts() throws {
    _ = try build()
    try study.study("prompts:\n", "prompts:\n  - {text: \"bc\", answers: [\"d\", \"e\"]}\n")
    let known = try build()
    #expect(try all().subtracting(known) == ["prompts", "logit_attribution", "objections"])
    try expectTheBytesOfAFreshBuild()
  }

  @Test func anotherCorpusRunsOnlyWhatLooksAtIt() throws {
    _ = try build()
    let before = study.folder.names(in: "cache")
    try study.study("corpora:\n", Self.evaluation)
    let known = try build()
    #expect(
      try all().subtracting(known) == [
        "ablation", "ablation_controls", "downstream", "positions", "position_response",
        "objections",
      ])
    let kinds = try study.run(["cache"], environment: environment).output
    // The target, the other class, and now the new corpus: the first two were not run again.
    #expect(kinds.components(separatedBy: "one class's losses").count - 1 == 3)
    #expect(kinds.components(separatedBy: "the probe").count - 1 == 1)
    #expect(Set(before).isSubset(of: study.folder.names(in: "cache")))
    try expectTheBytesOfAFreshBuild()
  }

  @Test func anotherNeuronBesideTheStudiedOneRunsOnlyWhatLooksAtIt() throws {
    try study.study("layer: 0", "layer: auto")
    _ = try build()
    try study.study("layer: auto", "layer: auto\ncompare: [probe.2]")
    #expect(try all().subtracting(try build()) == ["comparison", "probe_sweep"])
    try expectTheBytesOfAFreshBuild()
    #expect(try study.build(environment: environment).errors.contains("Nothing has changed"))
    try expectTheBytesOfAFreshBuild()
  }

  @Test func anotherModelCorpusOrSettingRunsEverything() throws {
    _ = try build()
    try study.study("candidates: 4", "candidates: 5")
    #expect(try build().isEmpty)
    try study.folder.write(study.folder.text("b.txt") + "bcd fgb\n", to: "b.txt")
    #expect(try build().isEmpty)
    try study.tensor("final_layer_norm.bias") { $0.set(0, to: 0.01) }
    #expect(try build().isEmpty)
    try expectTheBytesOfAFreshBuild()
  }

  @Test func aDamagedEntryIsComputedAgainWithANotice() throws {
    _ = try build()
    let first = try study.folder.contents(of: "Site")
    let entries = study.folder.names(in: "cache/reportgen").filter { $0.hasSuffix(".entry") }
    #expect(entries.count > 10)
    for entry in entries {
      let path = "cache/reportgen/" + entry
      var bytes = try study.folder.bytes(path)
      bytes[bytes.count * 2 / 3] ^= 0x10
      try study.folder.write(bytes, to: path)
    }
    let run = try study.build(environment: environment)
    #expect(run.status == 0)
    #expect(run.errors.components(separatedBy: "is damaged").count - 1 == entries.count)
    #expect(try cached(in: TinyStudy.report).isEmpty)
    #expect(try study.folder.contents(of: "Site") == first)
    #expect(try study.build(environment: environment).errors.contains("Nothing has changed"))
  }

  /// Whatever a killed build has kept, the next one gives the same bytes.
  @Test func aBuildGoesOnFromAnyPartOfAnEarlierOne() throws {
    _ = try build()
    let first = try study.folder.contents(of: "Site")
    let entries = study.folder.names(in: "cache/reportgen").filter { $0.hasSuffix(".entry") }
    for part in 0..<3 {
      for (index, entry) in entries.enumerated() where index % 3 == part {
        try study.folder.remove("cache/reportgen/" + entry)
      }
      _ = try build()
      #expect(try study.folder.contents(of: "Site") == first)
    }
  }

  @Test(arguments: [
    ["XDG_CACHE_HOME": "/dev/null"], ["XDG_CACHE_HOME": "", "HOME": ""],
    ["XDG_CACHE_HOME": "/proc/none"],
  ]) func withoutAFolderItTellsAndBuilds(_ environment: [String: String]) throws {
    let run = try study.build(environment: environment)
    #expect(run.status == 0)
    #expect(run.errors.components(separatedBy: "note: ").count == 2, "\(run.errors)")
    let listed = try study.run(["cache"], environment: environment)
    #expect(listed.status == 0, "\(listed.errors)")
  }

  @Test func theCacheIsListedAndCleared() throws {
    _ = try build()
    let listed = try study.run(["cache"], environment: environment)
    #expect(listed.output.contains("findings.sparse_probe"))
    #expect(try study.run(["cache", "clear"], environment: environment).status == 0)
    #expect(study.folder.names(in: "cache/reportgen").isEmpty)
    let cleared = try study.run(["cache", "list"], environment: environment)
    #expect(cleared.output.contains(" 0 entries"))
    #expect(try build().isEmpty)
  }

  @Test func withoutTheCacheNothingIsReadOrKept() throws {
    #expect(try build(["--no-cache"]).isEmpty)
    #expect(study.folder.names(in: "cache").isEmpty)
  }

  @Test func rerunningDoesNotTrustTheCache() throws {
    _ = try build()
    try study.folder.remove("cache")
    let verified = try study.run(
      ["verify", TinyStudy.report, "--rerun"], environment: environment)
    #expect(verified.status == 0, "\(verified.errors)")
    #expect(study.folder.names(in: "cache").isEmpty)
  }
}
