import Foundation
import SiteRenderer
import Testing

/// Whole pages: complete, closed in themselves, and the same bytes each time.
struct SiteTests {
  static let hostile =
    "</title><script>alert(1)</script> ]]> | ` \"\u{301} onfocus=x ' \u{202E} {{title}} &lt;"

  let site: Site

  init() throws {
    site = Site(templates: try TemplateLibrary())
  }

  static func report(_ text: String) -> ReportPage {
    ReportPage(
      title: text, finding: text, verdict: .init(tone: .weak, label: text, reason: text),
      keyFigures: [.init(label: text, value: text, note: text), .init(label: "b", value: "1")],
      facts: [.init(name: text, value: text)], date: text,
      markdown: "## Files\n\n" + text + "\n\n![x](charts/a.svg)\n\n## Limits\n",
      charts: ["charts/a.svg": "<svg class=\"chart\"></svg>"],
      files: [.init(path: "data/\(text).csv", description: text)], citation: text)
  }

  static func index(_ text: String) -> IndexPage {
    IndexPage(
      title: text, introduction: text,
      reports: [
        .init(
          slug: text, title: text, finding: text,
          verdict: .init(tone: .none, label: text, reason: text),
          keyFigures: [.init(label: text, value: text, note: text)], model: text, date: text,
          sparkline: "<svg class=\"chart\"></svg>"),
        .init(slug: "b", title: "b", finding: "b", model: "b"),
      ])
  }

  func pages(_ text: String) -> [String] {
    [
      site.reportPage(Self.report(text)), site.indexPage(Self.index(text)),
      site.reportPage(ReportPage(title: text, finding: "", markdown: "")),
      site.indexPage(IndexPage(title: text, reports: [])),
    ]
  }

  @Test(arguments: ["plain", hostile])
  func pagesAreWellFormedAndHoldNothingInline(text: String) {
    for page in pages(text) {
      #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
      #expect(Markup.fault(in: String(page.dropFirst("<!doctype html>".count))) == nil)
      let elements = Markup.elements(in: page).filter { !$0.isEnd }
      #expect(!elements.contains { $0.name == "style" })
      #expect(
        !elements.contains { $0.attributes.contains { $0 == "style" || $0.hasPrefix("on") } })
      #expect(elements.count { $0.name == "script" } == 1)
      #expect(elements.count { $0.name == "h1" } == 1)
      #expect(!page.contains("{{#") && !page.contains("\u{202E}"))
    }
  }

  @Test func hostileTextIsShownAsItIs() {
    let shown =
      "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; | ` &quot;\u{301} onfocus=x "
      + "&#39; ⟨U+202E⟩ {{title}} &amp;lt;"
    for page in pages(Self.hostile) {
      #expect(page.contains("<title>\(shown)</title>"))
      #expect(page.contains("<h1>\(shown)</h1>"))
    }
  }

  @Test func everyLinkIsRelativeAndEveryFragmentHasItsTarget() {
    for page in pages("plain") {
      let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
      #expect(Set(ids).count == ids.count)
      for match in page.matches(of: /\s(?:href|src)="([^"]*)"/) {
        let address = String(match.1)
        if address.hasPrefix("#") {
          #expect(ids.contains(String(address.dropFirst())))
        } else {
          #expect(!address.hasPrefix("/") && !address.contains(":") && !address.contains("/_"))
        }
      }
    }
  }

  @Test func aPathCannotBeAScheme() {
    let page = ReportPage(
      title: "t", finding: "", markdown: "",
      files: [.init(path: "javascript:alert(1)//?#%", description: "")])
    #expect(site.reportPage(page).contains("href=\"javascript%3Aalert%281%29//%3F%23%25\""))
  }

  @Test func theContentsListSectionsFilesAndCitation() {
    let page = site.reportPage(Self.report("plain"))
    // The page's own section keeps the short name; the author's namesake gets a number.
    for link in ["#files-1", "#limits", "#files", "#cite"] {
      #expect(page.components(separatedBy: "<li><a href=\"\(link)\">").count == 3)
    }
  }

  @Test func theSameValuesGiveTheSameBytes() throws {
    let again = Site(templates: try TemplateLibrary())
    #expect(site.reportPage(Self.report("x")) == again.reportPage(Self.report("x")))
    #expect(site.indexPage(Self.index("x")) == again.indexPage(Self.index("x")))
  }

  @Test func assetsAreWrittenWhereThePagesLookForThem() {
    let assets = site.assets(chartCSS: ".chart{fill:red}")
    let style = assets.first { $0.path == "assets/style.css" }
    #expect(style?.content.hasSuffix(".chart{fill:red}") == true)
    #expect(style?.content.contains("url(") == false)
    #expect(assets.first { $0.path == ".nojekyll" }?.content == "")
    let script = assets.first { $0.path == "assets/site.js" }
    #expect((script?.content.utf8.count ?? .max) <= 3_072)
    for page in pages("plain") {
      for match in page.matches(of: /assets\/[a-z.]+/) {
        #expect(assets.contains { $0.path == match.0 })
      }
    }
  }
}
