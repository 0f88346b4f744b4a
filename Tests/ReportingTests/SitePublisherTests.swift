import Diagnostics
import Foundation
import Reporting
import Testing

final class SitePublisherTests {
  let root: String
  let publisher: SitePublisher

  init() throws {
    root = NSTemporaryDirectory() + "reportgen-tests-\(UUID().uuidString)"
    publisher = SitePublisher(path: root, pages: try Sample.pages())
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func text(_ path: String) -> String? {
    try? String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  private func write(_ path: String, _ text: String = "x") throws {
    let file = URL(fileURLWithPath: root + "/" + path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }

  /// Every file of the site with its bytes.
  private func content() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      files[path] = FileManager.default.contents(atPath: root + "/" + path)
    }
    return files
  }

  private func publish(_ slug: String = "sample", title: String = "A neuron") throws -> [Diagnostic]
  {
    let report = try Sample.report(Sample.json(title: title, slug: slug))
    try publisher.prepare(slug: slug)
    return try publisher.publish(report, provenance: "{}\n").faults
  }

  @Test func aSiteIsMadeAndMadeAgainWithTheSameBytes() throws {
    #expect(try publish().isEmpty)
    #expect(try publish("b", title: "Second | <b>").isEmpty)
    let first = try content()
    for path in [
      "index.html", ".nojekyll", "assets/style.css", "assets/site.js", "assets/icon.svg",
      "reports/sample/index.html", "reports/sample/report.md", "reports/sample/findings.json",
      "reports/sample/provenance.json", "reports/sample/charts/ablation.svg",
      "reports/sample/data/ablation.csv",
    ] {
      #expect(first.keys.contains(path), "\(path)")
    }
    let index = try #require(text("index.html"))
    #expect(index.contains("href=\"reports/sample/index.html\""))
    #expect(index.contains("Second | &lt;b&gt;"))
    #expect(text("assets/style.css")?.contains(".chart .f-c0{fill:#") == true)
    #expect(first.keys.allSatisfy { !$0.contains(".reportgen") && !$0.contains("/_") })
    _ = try publish()
    #expect(try content() == first)
    #expect(try publisher.slugs() == ["b", "sample"])
  }

  @Test func renderingAnewKeepsTheProvenanceAndTheBytes() throws {
    _ = try publish()
    let first = try content()
    let file = try publisher.findings(of: "sample")
    #expect(try publisher.publish(Report(file), provenance: nil).faults.isEmpty)
    let second = try content()
    #expect(second["reports/sample/provenance.json"] == first["reports/sample/provenance.json"])
    #expect(second["reports/sample/report.md"] == first["reports/sample/report.md"])
    _ = try publisher.publish(Report(try publisher.findings(of: "sample")), provenance: nil)
    #expect(try content() == second)
  }

  @Test(arguments: [
    "notes.txt", "index.html", "assets/x.css", "reports/notes.txt", "reports/other/a.md",
    "reports/.x", "reports/Sample/findings.json", "reports/sample/notes.txt",
    "reports/sample/charts/notes.txt", "reports/sample/sub/a.svg",
  ])
  func aFolderWithForeignFilesIsRefusedAndLeft(path: String) throws {
    if path.hasPrefix("reports/sample") { _ = try publish() }
    try write(path)
    let before = try content()
    let error = #expect(throws: Diagnostic.self) { try self.publish() }
    #expect(error?.kind == .study)
    #expect(
      error?.message.contains(path.split(separator: "/").last.map(String.init) ?? "") == true
        || error?.message.contains("reports/") == true || error?.message.contains("assets") == true)
    #expect(try content() == before)
  }

  @Test func aLinkInPlaceOfAFolderIsRefused() throws {
    try write("elsewhere/findings.json")
    try FileManager.default.createDirectory(
      atPath: root + "/site/reports", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: root + "/site/reports/sample", withDestinationPath: root + "/elsewhere")
    let site = SitePublisher(path: root + "/site", pages: try Sample.pages())
    #expect(throws: Diagnostic.self) { try site.prepare(slug: "sample") }
    #expect(text("elsewhere/findings.json") == "x")
  }

  @Test func whatARepositoryKeepsInAFolderIsNotForeign() throws {
    try write(".git")
    try write("CNAME")
    #expect(try publish().isEmpty)
    #expect(text("CNAME") == "x")
  }

  /// Workflow engines make the folder of an output before they call the program.
  @Test func anEmptyFolderIsNotForeign() throws {
    for name in ["sample", "other"] {
      try FileManager.default.createDirectory(
        atPath: root + "/reports/" + name, withIntermediateDirectories: true)
    }
    #expect(try publish().isEmpty)
    #expect(text("reports/sample/findings.json") != nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/reports/other") == [])
    #expect(text("index.html")?.contains("reports/other") == false)
  }

  @Test func leftoversAreCleared() throws {
    _ = try publish()
    let before = try content()
    try write("reports/.reportgen-new-sample/index.html")
    try write("assets/.reportgen-new-style.css")
    try write(".reportgen-new-index.html")
    _ = try publish()
    #expect(try content() == before)
  }

  @Test func aBrokenReportStaysListedAndIsTold() throws {
    _ = try publish()
    try write("reports/broken/findings.json", "{")
    let faults = try publish()
    #expect(faults.map(\.file) == [root + "/reports/broken/findings.json"])
    #expect(text("index.html")?.contains("href=\"reports/broken/index.html\"") == true)
    #expect(text("reports/broken/findings.json") == "{")
  }

  @Test func theLatestReportComesFirst() throws {
    for (slug, date) in [("a", nil), ("b", "2024-01-01"), ("c", "2025-01-01")]
      as [(String, String?)]
    {
      let report = try Sample.report(Sample.json(slug: slug, date: date))
      _ = try publisher.publish(report, provenance: "{}")
    }
    let index = try #require(text("index.html"))
    let order = index.matches(of: /reports\/([a-c])\/index/).map { String($0.1) }
    #expect(order == ["c", "b", "a"])
  }
}
