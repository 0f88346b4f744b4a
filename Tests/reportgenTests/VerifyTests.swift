import Foundation
import Testing

/// `reportgen verify`: whether a report is what was published, and what its study gives.
struct VerifyTests {
  private static let report = TinyStudy.report

  private static func built() throws -> TinyStudy {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    return study
  }

  @Test func aReportIsAsItWasPublishedAlsoWhenRenderedAnew() throws {
    let study = try Self.built()
    for _ in 0..<2 {
      let verified = try study.run(["verify", Self.report])
      #expect(verified.status == 0, "\(verified.errors)")
      #expect(verified.output.contains("files are as they were published"))
      #expect(try study.run(["render"]).status == 0)
    }
  }

  @Test(arguments: [
    "index.html", "report.md", "findings.json", "charts/ablation.svg", "data/ablation.csv",
  ]) func aChangedFileIsFound(_ file: String) throws {
    let study = try Self.built()
    let path = Self.report + "/" + file
    try study.folder.write(try study.folder.bytes(path) + [0x20], to: path)
    let verified = try study.run(["verify", Self.report])
    #expect(verified.status == 3)
    #expect(verified.output == "changed  \(file)\n")
    #expect(verified.errors.contains("\(file): expected"))
  }

  @Test func missingAndExtraFilesAreFound() throws {
    let study = try Self.built()
    try study.folder.remove(Self.report + "/report.md")
    try study.folder.write("x", to: Self.report + "/charts/other.svg")
    let verified = try study.run(["verify", Self.report])
    #expect(verified.status == 3)
    #expect(verified.output == "extra  charts/other.svg\nmissing  report.md\n")
  }

  @Test(arguments: ["{}", "{", "[]"]) func aBrokenProvenanceIsRefused(_ text: String) throws {
    let study = try Self.built()
    try study.folder.write(text, to: Self.report + "/provenance.json")
    let verified = try study.run(["verify", Self.report])
    #expect(verified.status == 3)
    #expect(verified.errors.contains("provenance.json"))
  }

  @Test func aRerunGivesTheNumbers() throws {
    let study = try Self.built()
    let rerun = try study.run(["verify", Self.report, "--rerun", "--threads", "1"])
    #expect(rerun.status == 0, "\(rerun.errors)")
    #expect(rerun.output.contains("numbers are the study's; the largest difference is 0."))
  }

  @Test func aRerunFindsNumbersThatTheStudyDoesNotGive() throws {
    let study = try Self.built()
    let findings = Self.report + "/findings.json"
    let digits = study.folder.text(findings).split(separator: "\"intercept\": ")[1].prefix {
      $0 != ","
    }
    try study.folder.replace("\"intercept\": \(digits)", with: "\"intercept\": 9.5", in: findings)
    #expect(try study.run(["verify", Self.report, "--rerun"]).status == 3)
    // Rendering records what is there: only the study tells that it is wrong.
    #expect(try study.run(["render"]).status == 0)
    #expect(try study.run(["verify", Self.report]).status == 0)
    let rerun = try study.run(["verify", Self.report, "--rerun"])
    #expect(rerun.status == 3)
    #expect(rerun.errors.contains("intercept: expected \(digits)"))
  }

  @Test func aRerunNeedsTheVeryStudy() throws {
    let study = try Self.built()
    try study.study("neuron: auto", "neuron: 3")
    let rerun = try study.run(["verify", Self.report, "--rerun"])
    #expect(rerun.status == 3)
    #expect(rerun.errors.contains("the study that was built"))
  }
}
