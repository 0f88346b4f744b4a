import Diagnostics
import Foundation
import Reporting
import SiteRenderer
import Testing

/// The templates as a user gets them.
struct TemplateExportTests {
  @Test func whatIsExportedMakesTheSamePages() throws {
    let folder = NSTemporaryDirectory() + "templates-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try TemplateLibrary.exported()
    for file in files {
      try file.text.write(
        toFile: folder + "/" + file.path, atomically: false, encoding: .utf8)
    }
    let own = PageBuilder(templates: try TemplateLibrary(overrides: folder))
    let carried = try Sample.pages()
    for report in try reports() {
      #expect(try own.page(report) == carried.page(report))
      #expect(try own.singleFile(report) == carried.singleFile(report))
      #expect(own.index([try entry(report)]) == carried.index([try entry(report)]))
    }
    #expect(own.assets == carried.assets)
    #expect(files.contains { $0.path == "README.md" } && files.count == 10)
  }

  @Test func everyTemplateRendersAFullAndAMinimalReport() throws {
    let pages = try Sample.pages()
    for report in try reports() {
      for page in try [pages.page(report), pages.singleFile(report)] {
        #expect(page.hasPrefix("<!doctype html>") && !page.contains("{{#"))
        #expect(page.contains("<h1>\(report.title)</h1>"))
      }
      #expect(pages.index([try entry(report)]).contains(report.title))
    }
    #expect(pages.index([]).contains("No report is published yet."))
  }

  @Test func everyVariableIsExplained() throws {
    let guide = try #require(try TemplateLibrary.exported().first { $0.path == "README.md" })
    for name in Site.variables { #expect(guide.text.contains("`\(name)`"), "\(name)") }
  }

  @Test(arguments: [
    ("<p>\n{{tilte}}", 2), ("{{title}}\n\n{{#verdit}}x{{/verdit}}", 3), ("{{{bdy}}}", 1),
    ("{{^dat}}x{{/dat}}", 1), ("{{#reports}}{{title}}{{hrf}}{{/reports}}", 1),
  ])
  func aVariableThatDoesNotExistIsNamedWithItsLine(text: String, line: Int) throws {
    let folder = NSTemporaryDirectory() + "templates-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: folder + "/report.mustache", atomically: false, encoding: .utf8)
    let fault = #expect(throws: Diagnostic.self) { try TemplateLibrary(overrides: folder) }
    #expect(fault?.kind == .study && fault?.field == "line \(line)")
    #expect(fault?.file == folder + "/report.mustache")
    #expect(fault?.expected.contains("title") == true)
  }

  private func entry(_ report: Report) throws -> IndexEntry {
    IndexEntry(report, findings: try Sample.file(Sample.json()).findings)
  }

  /// One with everything that a page can show, and one with as little as there can be.
  private func reports() throws -> [Report] {
    let full = try Sample.report(
      Sample.json(notes: "See {{figure:ablation}}.", expect: SummaryTests.expect))
    let file = try Sample.file(Sample.json(date: nil))
    let minimal = Report(
      study: file.findings.study, json: file.json, verdict: nil, sections: [], date: nil)
    return [full, minimal]
  }
}
