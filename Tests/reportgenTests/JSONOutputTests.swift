import Foundation
import JSON
import Storage
import Testing

/// `--json`: what commands print for programs fits the schemas of the manual.
struct JSONOutputTests {
  private static func schema(_ name: String) throws -> JSONSchema {
    let text = try ManualTests.committed(name + ".schema.json")
    return JSONSchema(
      root: try JSON(parsing: FileBytes(Array(text.utf8), name: name)), isComplete: true)
  }

  private static func report(_ slug: String) -> String {
    ManualTests.root.appending(path: "Site/reports/" + slug).path
  }

  private func output(_ run: CommandRun) throws -> JSON {
    try JSON(parsing: FileBytes(Array(run.output.utf8), name: "output"))
  }

  @Test(arguments: [
    (["plan", "demo", "demo-french"], "studies"), (["check", report("demo")], "expectations"),
    (["verify", report("demo")], "faults"),
    (["compare", report("demo"), report("demo-french")], "changes"), (["models"], "families"),
  ]) func outputFitsItsSchema(_ arguments: [String], member: String) throws {
    let run = try CommandRun(arguments + ["--json"], in: ManualTests.anywhere)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try output(run)
    #expect(try Self.schema(arguments[0]).faults(json) == [])
    #expect(json[member]?.array != nil)
  }

  @Test func aModelFitsItsSchema() throws {
    let study = try TinyStudy()
    let run = try study.run(["models", "model", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let json = try output(run)
    #expect(try Self.schema("models").faults(json) == [])
    #expect(json["model"]?["shape"]?["layers"]?.integer != nil)
  }

  @Test func whatFailsIsInTheOutputAndInTheExitCode() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    let report = TinyStudy.report
    try study.folder.write("changed", to: report + "/summary.md")
    let verify = try study.run(["verify", report, "--json"])
    #expect(verify.status == 3)
    let json = try output(verify)
    #expect(try Self.schema("verify").faults(json) == [])
    #expect(json["faults"]?.array?.map { $0["path"]?.string } == ["summary.md"])
    #expect(verify.errors.contains("summary.md"))
  }

  @Test func aReportThatFailsIsToldInTheSameObjects() throws {
    let study = try TinyStudy()
    try study.study("at_least: 0.5", "at_least: 2")
    #expect(try study.build().status == 0)
    for arguments in [["check"], ["compare", TinyStudy.report]] {
      let run = try study.run(arguments + [TinyStudy.report, "--json"])
      #expect(run.status == 1, "\(run.errors)")
      let json = try output(run)
      #expect(try Self.schema(arguments[0]).faults(json) == [])
      #expect(json["holds"]?.bool == false)
      #expect(json["expectations"]?.array?.map { $0["holds"]?.bool } == [false])
    }
  }

  @Test func aRunOfTheSameStudyIsInTheOutput() throws {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    let run = try study.run(["verify", TinyStudy.report, "--rerun", "--json", "--quiet"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try output(run)
    #expect(try Self.schema("verify").faults(json) == [])
    #expect(json["rerun"]?["differences"]?.array?.isEmpty == true)
  }

  @Test(arguments: ["plan", "check", "verify", "models"])
  func whatIsWrongIsNoOutput(command: String) throws {
    let run = try CommandRun([command, "absent.yml", "--json"], in: ManualTests.anywhere)
    #expect([2, 3].contains(run.status) && run.output.isEmpty, "\(run.output)")
    #expect(run.errors.hasPrefix("error: "))
  }

  @Test(arguments: ["plan", "check", "verify", "compare", "models", "work"])
  func theManualNamesEveryMember(command: String) throws {
    let row = try #require(
      ManualTests.committed("json.md").split(separator: "\n").first {
        $0.hasPrefix("| `\(command)` |")
      })
    let members = try #require(Self.schema(command).root["properties"]?.object?.map(\.key))
    for member in members where member != "format" {
      #expect(row.contains("`\(member)`"), "\(command): \(member)")
    }
  }

  // MARK: Messages

  @Test func messagesAreObjectsWhereTheEnvironmentSaysSo() throws {
    let study = try TinyStudy()
    let environment = ["REPORTGEN_MESSAGES": "json"]
    let build = try study.build(environment: environment)
    #expect(build.status == 0, "\(build.errors)")
    let messages = try build.errors.split(separator: "\n").map {
      try JSON(parsing: FileBytes(Array($0.utf8), name: "message"))
    }
    let shares = messages.compactMap { $0["progress"]?["share"]?.double }
    #expect(shares.last == 1 && shares.allSatisfy { (0...1).contains($0) })
    #expect(messages.allSatisfy { $0.object?.count == 1 })

    let refused = try study.run(["build", "absent.yml"], environment: environment)
    let error = try JSON(parsing: FileBytes(Array(refused.errors.utf8), name: "message"))["error"]
    #expect(refused.status == 2)
    #expect(error?["file"]?.string == "absent.yml")
    for member in ["field", "expected", "found", "advice"] {
      #expect(error?[member]?.string != nil)
    }

    let usage = try study.run(["build", "--sit"], environment: environment)
    #expect(usage.status == 2)
    #expect(usage.errors.hasPrefix("{\"error\": {\"file\": \"command line\""), "\(usage.errors)")
  }

  @Test func quietCommandsTellErrorsAlone() throws {
    let study = try TinyStudy()
    let build = try study.run(["build", "study.yml", "--quiet"])
    #expect(build.status == 0 && build.errors.isEmpty, "\(build.errors)")
    #expect(build.output.hasSuffix("/index.html\n"))
    let refused = try study.run(["build", "absent.yml", "-q"])
    #expect(refused.errors.hasPrefix("error: absent.yml"))
  }

  // MARK: Licences

  @Test(arguments: ["--licences", "--licenses"]) func everyPartHasItsLicence(flag: String) throws {
    let run = try CommandRun([flag], in: ManualTests.anywhere)
    #expect(run.status == 0 && run.errors.isEmpty)
    let package = try String(
      contentsOf: ManualTests.root.appending(path: "Package.swift"), encoding: .utf8)
    let libraries = package.matches(of: /systemLibrary\(\s*name: "C([^"]+)"/).map {
      $0.1.lowercased()
    }
    #expect(libraries.count >= 4)
    for library in libraries { #expect(run.output.lowercased().contains("\n\(library) · ")) }
    for word in [
      "\nswift-crypto · Apache", "\nswift-argument-parser · Apache", "Version 2.0, January",
    ] {
      #expect(run.output.contains(word), "\(word)")
    }
  }
}
