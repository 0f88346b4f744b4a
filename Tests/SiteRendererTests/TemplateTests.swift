import Foundation
import SiteRenderer
import Testing

/// What Mustache makes of a template, by the examples of its specification.
struct TemplateTests {
  /// The page that `report` makes, with the other templates that it uses.
  private func page(_ report: String, page frame: String? = nil, contents: String? = nil) throws
    -> String
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "template-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["report.mustache": report, "page.mustache": frame, "contents.mustache": contents]
    for (name, text) in files {
      if let text { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    }
    return Site(templates: try TemplateLibrary(overrides: folder.path))
      .reportPage(ReportPage(title: "T", lead: "L", body: "<p>a\nb</p>"))
  }

  @Test(arguments: [
    ("| {{! c }} |\n", "|  |\n"), ("a\n  {{! c }}\nb", "a\nb"), ("a\r\n{{! c\nd }}\r\nb", "a\r\nb"),
    ("{{title}}{{ lead }}{{&title}}{{{ lead }}}", "TLTL"), ("{{title}}\n{{lead}}\n", "T\nL\n"),
    ("{ {{title}} } {a}", "{ T } {a}"),
    ("{{#title}}[{{.}}{{lead}}]{{/title}}{{^title}}no{{/title}}", "[TL]"),
    ("{{#subtitle}}yes{{/subtitle}}{{^subtitle}}no{{/subtitle}}", "no"),
    ("{{#isAlone}}yes{{/isAlone}}{{^isAlone}}no{{/isAlone}}", "no"),
    ("{{#notices}}yes{{/notices}}{{^notices}}no{{/notices}}", "no"),
    ("a\n {{#title}}\n b\n {{/title}}\nc", "a\n b\nc"), ("a {{#title}}\nb{{/title}}", "a \nb"),
    ("{{#title}}\n{{#lead}}\nx\n{{/lead}}\n{{/title}}", "x\n"),
    ("{{#title}}{{/title}}\n", "\n"), ("\n{{!c}}\n\n", "\n\n"),
  ])
  func aTemplateIsFilledIn(template: String, result: String) throws {
    #expect(try page(template) == result)
  }

  @Test(arguments: [
    ("[{{> contents}}]\n", "x\n{{body}}", "[x\n<p>a\nb</p>]\n"),
    // The lines of the included template move, those of a value do not.
    (" \n  {{> contents}}\nz", "x\n{{body}}\n\ny\n", " \n  x\n  <p>a\nb</p>\n\n  y\nz"),
    ("a\n\t{{> contents}}", "{{#title}}\nx\n{{/title}}\n", "a\n\tx\n"),
  ])
  func anIncludedTemplateKeepsItsLines(template: String, contents: String, result: String) throws {
    #expect(try page(template, contents: contents) == result)
  }

  @Test(arguments: [
    ("{{<page}}{{/page}}", "<{{$main}}m{{/main}}>", "<m>"),
    ("{{<page}}\n{{$main}}\n{{title}}\n{{/main}}\n{{/page}}\n", "<{{$main}}m{{/main}}>", "<T\n>"),
    ("{{<page}} words {{! c }}{{$other}}o{{/other}}{{/page}}.", "<{{$main}}m{{/main}}>", "<m>."),
    ("{{<page}}{{$main}}o{{/main}}{{/page}}", "{{#lead}}{{$main}}m{{/main}}{{/lead}}", "o"),
    (
      "{{<page}}{{$main}}{{$inner}}i{{/inner}}{{/main}}{{$inner}}j{{/inner}}{{/page}}",
      "{{$main}}m{{/main}}", "j"
    ),
  ])
  func aTemplateFillsTheBlocksOfAnother(template: String, frame: String, result: String) throws {
    #expect(try page(template, page: frame) == result)
  }
}
