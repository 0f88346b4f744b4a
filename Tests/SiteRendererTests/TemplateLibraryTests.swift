import Diagnostics
import Foundation
import SiteRenderer
import Testing

/// A user's templates: what they may replace, and what they are told when one is broken.
struct TemplateLibraryTests {
  /// A folder that lives as long as `body`.
  func withTemplates(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "templates-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    try body(folder.path)
  }

  func failure(_ files: [String: String]) throws -> Diagnostic? {
    var diagnostic: Diagnostic?
    try withTemplates(files) { folder in
      diagnostic = #expect(throws: Diagnostic.self) { try TemplateLibrary(overrides: folder) }
    }
    return diagnostic
  }

  let page = ReportPage(
    title: "A & \"\u{301}b", lead: "f", body: "<p><strong>x</strong></p>\n")

  @Test func aFileReplacesItsNamesakeAndNoOther() throws {
    let files = ["report.mustache": "{{! mine }}\n<p>{{title}}|{{{title}}}|{{{body}}}</p>\n"]
    try withTemplates(files) { folder in
      let site = Site(templates: try TemplateLibrary(overrides: folder))
      // However many braces, text stays text.
      let title = "A &amp; &quot;\u{301}b"
      #expect(
        Array(site.reportPage(page).utf8)
          == Array("<p>\(title)|\(title)|<p><strong>x</strong></p>\n</p>\n".utf8))
      #expect(site.indexPage(IndexPage(title: "t", reports: [])).hasPrefix("<!doctype html>"))
    }
  }

  @Test func anEmptyFolderChangesNothing() throws {
    try withTemplates([".keep": ""]) { folder in
      let own = Site(templates: try TemplateLibrary(overrides: folder))
      #expect(own.reportPage(page) == Site(templates: try TemplateLibrary()).reportPage(page))
    }
  }

  @Test func theStyleSheetCanBeReplaced() throws {
    try withTemplates(["style.css": "p{color:red}"]) { folder in
      let assets = Site(templates: try TemplateLibrary(overrides: folder)).assets(chartCSS: ".c{}")
      #expect(assets.last?.content == "p{color:red}\n.c{}")
    }
  }

  @Test(arguments: [
    ("\n\n{{title\n}", 3), ("\n{{#facts}}\n<p>", 2), ("a\n{{/facts}}", 2),
    ("{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}", 3), ("\n{{=<% %>=}}", 2), ("{{% CONTENT_TYPE:TEXT}}", 1),
    ("\n\n{{> nothing}}", 3), ("\n{{>*which}}", 2), ("x\n{{> contents}}\n{{> report}}", 3),
    ("\n\n\n{{ti tle}}", 4), ("\n{{upper(title}}", 2), ("\n{{", 2),
    ("{{<page}}\n{{title}}{{/page}}", 2),
    ("\n" + String(repeating: "{{#a}}", count: 100_000), 2),
  ])
  func aBrokenTemplateIsNamedWithItsLine(text: String, line: Int) throws {
    let diagnostic = try failure(["report.mustache": text])
    #expect(diagnostic?.kind == .study)
    #expect(diagnostic?.file.hasSuffix("/report.mustache") == true)
    #expect(diagnostic?.field == "line \(line)", "\(diagnostic?.message ?? "")")
  }

  @Test func templatesMayNotIncludeEachOtherInACircle() throws {
    let files = [
      "contents.mustache": "{{> report}}", "report.mustache": "\n{{>contents}}",
    ]
    let diagnostic = try failure(files)
    #expect(diagnostic?.message.contains("circle") == true)
  }

  @Test func aFileThatReplacesNothingIsRefused() throws {
    let diagnostic = try failure(["repot.mustache": ""])
    #expect(diagnostic?.kind == .study)
    #expect(diagnostic?.file.hasSuffix("/repot.mustache") == true)
    #expect(diagnostic?.expected.contains("report.mustache") == true)
  }

  @Test func aFolderThatIsMissingIsNamed() {
    let diagnostic = #expect(throws: Diagnostic.self) {
      try TemplateLibrary(overrides: "/nowhere/templates")
    }
    #expect(diagnostic?.kind == .study)
    #expect(diagnostic?.file == "/nowhere/templates")
  }
}
