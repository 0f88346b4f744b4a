import Foundation
import JSON
import Storage
import Testing

/// `reportgen work`, as an engine calls it: a process for each unit.
struct WorkCommandTests {
  private static let minutes = "0.00001"

  private static func planned(_ arguments: [String] = []) throws -> TinyStudy {
    let study = try TinyStudy()
    let plan = try study.run(
      ["work", "plan", "study.yml", "--work", "work", "--unit-minutes", minutes] + arguments)
    #expect(plan.status == 0 && plan.errors.isEmpty, "\(plan.errors)")
    return study
  }

  private static func lines(_ study: TinyStudy, _ arguments: String...) throws -> [String] {
    let run = try study.run(["work", "status", "work"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    return run.output.split(separator: "\n").map(String.init)
  }

  private static func finish(_ study: TinyStudy) throws {
    for pass in try lines(study, "--passes") {
      for unit in try lines(study, "--missing", pass) {
        let run = try study.run(["work", "run", "work", pass, "--unit", unit, "--quiet"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(pass) \(unit): \(run.errors)")
      }
    }
  }

  /// The published report without what tells of the run.
  private static func report(_ study: TinyStudy, _ site: String) throws -> [String: String] {
    try study.folder.contents(of: site + "/reports/tiny").filter {
      !$0.key.hasSuffix("provenance.json")
    }
  }

  @Test func unitsLeaveTheBytesOfOneProcess() throws {
    let study = try Self.planned()
    let passes = try Self.lines(study, "--passes")
    #expect(passes == ["choose", "probe", "clean", "read", "ablate", "analyse", "finish"])
    #expect(try Self.lines(study, "--count", "choose") == ["0"])
    #expect(try Self.lines(study, "--count", "probe") == ["1"])
    #expect(try Self.lines(study, "--after", "clean") == ["choose", "probe"])
    for option in ["--memory", "--minutes"] {
      #expect(Int(try Self.lines(study, option, "finish")[0]) ?? 0 > 0)
    }
    // Before the work is done, nothing is rendered, and a later pass waits.
    let early = try study.run(["build", "study.yml", "--work", "work"])
    #expect(early.status == 7 && early.errors.contains("probe: expected all 1 units"))
    let waiting = try study.run(["work", "run", "work", "finish", "--unit", "0"])
    #expect(waiting.status == 7 && waiting.errors.contains("probe"), "\(waiting.errors)")
    let merge = try study.run(["work", "merge", "work", "clean"])
    #expect(merge.status == 7 && merge.errors.contains("clean"), "\(merge.errors)")

    try Self.finish(study)
    #expect(try study.run(["work", "merge", "work", "clean"]).status == 0)
    #expect(try study.run(["work", "status", "work"]).output.hasPrefix("study.yml: complete\n"))
    #expect(try study.run(["build", "study.yml", "--work", "work"]).status == 0)
    #expect(try study.build(["--site", "Alone", "--no-cache"]).status == 0)
    #expect(try Self.report(study, "Site") == Self.report(study, "Alone"))
    #expect(try study.run(["verify", TinyStudy.report]).status == 0)
  }

  @Test func statusFitsItsSchema() throws {
    let study = try Self.planned()
    let text = try ManualTests.committed("work.schema.json")
    let schema = JSONSchema(
      root: try JSON(parsing: FileBytes(Array(text.utf8), name: "schema")), isComplete: true)
    func status() throws -> JSON {
      let run = try study.run(["work", "status", "work", "--json"])
      #expect(run.status == 0, "\(run.errors)")
      let json = try JSON(parsing: FileBytes(Array(run.output.utf8), name: "output"))
      #expect(try schema.faults(json) == [])
      return json
    }
    #expect(try status()["complete"]?.bool == false && status()["rate"] == nil)
    try Self.finish(study)
    let done = try status()
    #expect(done["complete"]?.bool == true && done["kind"]?.string == "study")
    #expect(done["passes"]?.array?.allSatisfy { $0["missing"]?.array?.isEmpty == true } == true)
    let plan = try study.run(
      ["work", "plan", "study.yml", "--work", "work", "--unit-minutes", Self.minutes, "--json"])
    #expect(plan.output == (try study.run(["work", "status", "work", "--json"])).output)
  }

  @Test func aProfileIsThatOfEveryUnit() throws {
    let study = try Self.planned(["--numerics", "portable"])
    try Self.finish(study)
    #expect(try study.run(["build", "study.yml", "--work", "work"]).status == 0)
    let alone = try CommandRun(
      ["build", "study.yml", "--site", "Alone", "--no-cache", "--quiet"], in: study.folder.path,
      environment: ["REPORTGEN_NUMERICS": "portable"])
    #expect(alone.status == 0, "\(alone.errors)")
    #expect(try Self.report(study, "Site") == Self.report(study, "Alone"))
  }

  @Test func aKilledUnitCostsItselfAlone() throws {
    let study = try Self.planned()
    var killed = 0
    for pass in try Self.lines(study, "--passes") {
      for unit in try Self.lines(study, "--missing", pass) {
        for point in 1...3 {
          let run = try study.start(["work", "run", "work", pass, "--unit", unit, "--quiet"])
          usleep(UInt32(12_000 * point))
          run.send(SIGKILL)
          try run.wait()
          if run.result.status == 128 + SIGKILL { killed += 1 }
        }
      }
      // Whatever stands under a part's name is whole; what a killed unit began has another name.
      let left = try Self.lines(study, "--missing", pass)
      if left.isEmpty { #expect(try study.run(["work", "merge", "work", pass]).status == 0) }
      // Two workers on one unit leave what one does.
      for unit in left {
        let both = try (0..<2).map { _ in
          try study.start(["work", "run", "work", pass, "--unit", unit, "--quiet"])
        }
        for run in both {
          try run.wait()
          #expect(run.result.status == 0, "\(run.result.errors)")
        }
      }
      #expect(try study.run(["work", "merge", "work", pass]).status == 0)
    }
    #expect(killed > 5)
    #expect(try study.run(["build", "study.yml", "--work", "work"]).status == 0)
    #expect(try study.build(["--site", "Alone", "--no-cache"]).status == 0)
    #expect(try Self.report(study, "Site") == Self.report(study, "Alone"))
  }

  @Test func whatHasChangedSinceThePlanIsNamed() throws {
    for (file, change) in [("a.txt", "another\ntext\n"), ("study.yml", "# a note\n")] {
      let study = try Self.planned()
      try study.folder.write(study.folder.text(file) + change, to: file)
      for arguments in [
        ["work", "run", "work", "probe", "--unit", "0"],
        ["work", "run", "work", "probe", "--units", "0-0"],
      ] {
        let run = try study.run(arguments)
        #expect(run.status == 3 && run.errors.contains("\(file): sha256"), "\(run.errors)")
      }
      // The same folder does not take another plan.
      let plan = try study.run(
        ["work", "plan", "study.yml", "--work", "work", "--unit-minutes", Self.minutes])
      #expect(plan.status == 2 && plan.errors.contains("other inputs"), "\(plan.errors)")
    }
    let study = try Self.planned()
    try Self.finish(study)
    try study.folder.write(study.folder.text("b.txt") + "more\n", to: "b.txt")
    let render = try study.run(["build", "study.yml", "--work", "work"])
    #expect(render.status == 3 && render.errors.contains("b.txt"), "\(render.errors)")
    #expect(study.folder.names(in: "Site").isEmpty)
  }

  @Test func aFullFolderIsTold() throws {
    let study = try Self.planned()
    let run = try study.run(
      ["work", "run", "work", "probe", "--unit", "0", "--quiet"],
      shell: "ulimit -f 1; exec \"$@\"")
    #expect(run.status == 4 && run.errors.hasPrefix("error: "), "\(run.errors)")
    #expect(try Self.lines(study, "--missing", "probe") == ["0"])
    let again = try study.run(["work", "run", "work", "probe", "--unit", "0", "--quiet"])
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func aProfileThatDoesNotExistIsRefused() throws {
    let study = try TinyStudy()
    for arguments in [["build", "study.yml"], ["plan", "study.yml"], ["models"]] {
      let run = try CommandRun(
        arguments, in: study.folder.path, environment: ["REPORTGEN_NUMERICS": "avx1024"])
      #expect(run.status == 2 && run.output.isEmpty, "\(run.errors)")
      #expect(run.errors.contains("REPORTGEN_NUMERICS: expected avx2, avx512, portable"))
    }
  }

  @Test func theFolderOfWorkIsNeitherInputNorSite() throws {
    let study = try Self.planned()
    #expect(try study.build().status == 0)
    for (arguments, words) in [
      (["work", "plan", "study.yml", "--work", "."], "the study, in it"),
      (["work", "plan", "study.yml", "--work", "Site/work"], "one inside the site"),
      (["build", "study.yml", "--work", "work", "--model", "other"], "--model"),
      (["build", "study.yml", "--work", "work", "--corpora", "other"], "--corpora"),
    ] {
      let run = try study.run(arguments)
      #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
    }
    try Self.finish(study)
    let inside = try study.run(["build", "study.yml", "--work", "work", "--site", "work/Site"])
    #expect(inside.status == 2 && inside.errors.contains("--work"), "\(inside.errors)")
  }

  @Test(arguments: [
    (["work", "run", "work", "clean"], 2, "--unit"),
    (["work", "run", "work", "clean", "--unit", "0", "--units", "0-1"], 2, "--unit"),
    (["work", "run", "work", "clean", "--units", "3-1"], 2, "--units"),
    (["work", "run", "work", "clean", "--unit", "10001"], 2, "expected units from 0"),
    (["work", "run", "work", "clena", "--unit", "0"], 2, "one of choose, probe, clean"),
    (["work", "run", "nowhere", "clean", "--unit", "0"], 2, "reportgen work plan"),
    (["work", "merge", "nowhere", "clean"], 2, "reportgen work plan"),
    (["work", "status", "work", "--count", "clena"], 2, "one of choose, probe, clean"),
    (["work", "status", "work", "--passes", "--json"], 2, "one of the options"),
    (["work", "plan", "absent.yml", "--work", "other"], 2, "absent.yml"),
    (["work", "plan", "study.yml", "--work", "other", "--unit-minutes", "0"], 2, "--unit-minutes"),
    (["work", "plan", "study.yml", "--work", "other", "--numerics", "mmx"], 2, "avx2"),
    (["build", "demo", "--work", "work"], 2, "the work of"),
    (["build", "study.yml", "--work", "work", "--no-cache"], 2, "--no-cache"),
    (["build", "study.yml", "--work", "nowhere"], 2, "reportgen work plan"),
    (["atlas", "demo-atlas", "--work", "work"], 2, "the work of"),
  ]) func whatIsWrongIsTold(_ arguments: [String], status: Int32, words: String) throws {
    let study = try Self.planned()
    let run = try study.run(arguments)
    #expect(run.status == status && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
