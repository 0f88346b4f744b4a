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
      title: text, subtitle: text, date: text,
      verdict: .init(tone: .weak, label: text, passed: text, reason: text),
      tests: [.init(outcome: text, sign: "✓", name: text, words: text)], notices: [text],
      lead: text, detail: text, weakness: text,
      card: "<figure class=\"figure\"><svg class=\"chart\"></svg></figure>",
      history: [.init(label: text, value: text, chart: "<svg class=\"chart\"></svg>")],
      body: "<h2 id=\"part\">Part</h2>\n<h3 id=\"limits\">Limits</h3>\n",
      contents: [
        .init(id: "part", text: text, level: 2), .init(id: "limits", text: "Limits", level: 3),
      ])
  }

  static func index(_ text: String) -> IndexPage {
    func row(_ href: String, _ text: String, _ cell: IndexPage.Cell?) -> IndexPage.Row {
      .init(
        href: href, title: text, tone: .none, verdict: text, claim: text, neuron: text,
        model: text, target: text, mcc: cell, loss: cell, heldOut: text, date: text,
        keys: .init(
          verdict: 0, mcc: 1, loss: nil, filterVerdict: "v0", filterModel: "m0",
          filterTarget: "t0"))
    }
    return IndexPage(
      title: text, introduction: text,
      atlases: [
        .init(href: "atlases/a/index.html", title: text, words: text, model: text, date: text)
      ], counts: text,
      filters: [.init(name: text, choices: [.init(key: "v0", label: text)])],
      scatter: "<svg class=\"chart\"></svg>",
      reports: [
        row(
          "reports/a/index.html", text,
          .init(number: text, interval: text, mark: "<svg class=\"chart\"></svg>")),
        row("reports/b/index.html", "b", nil),
      ])
  }

  static func atlas(_ text: String) -> AtlasPage {
    AtlasPage(
      depth: 3, trail: [.init(href: "../index.html", text: text)], title: text, subtitle: text,
      date: text, grade: .init(tone: .strong, label: text), notices: [text], lead: text,
      detail: text, search: "../search/", body: "<h2 id=\"labels\">Labels</h2>\n",
      contents: [.init(id: "labels", text: text, level: 2)],
      previous: .init(href: "a.html", text: text), next: .init(href: "b.html", text: text))
  }

  func pages(_ text: String) -> [String] {
    [
      site.atlasPage(Self.atlas(text)),
      site.atlasPage(AtlasPage(depth: 2, trail: [], title: text, lead: "", body: "")),
      site.reportPage(Self.report(text)), site.indexPage(Self.index(text)),
      site.reportPage(ReportPage(title: text, lead: "", body: "")),
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
      // The pages of an atlas have its search.
      let scripts = page.contains("class=\"atlas\"") ? 2 : 1
      #expect(elements.count { $0.name == "script" } == scripts)
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
    var page = Self.index("t")
    page.reports[0].href = "javascript:alert(1)//?#%"
    #expect(site.indexPage(page).contains("href=\"javascript%3Aalert%281%29//%3F%23%25\""))
  }

  @Test func theContentsListPartsAndSectionsTwice() {
    let page = site.reportPage(Self.report("plain"))
    for link in ["#part", "#limits"] {
      #expect(page.components(separatedBy: "\"><a href=\"\(link)\">").count == 3)
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
    #expect((assets.first { $0.path == "assets/atlas.js" }?.content.utf8.count ?? .max) <= 6_144)
    for page in pages("plain") {
      for match in page.matches(of: /assets\/[a-z.]+/) {
        #expect(assets.contains { $0.path == match.0 })
      }
    }
  }
}
