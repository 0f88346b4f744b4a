import Analyses
import Charts
import Foundation
import Reporting
import SiteRenderer
import Testing

/// What a page shows at once, and what it folds.
struct PageTests {
  private static let repeating = Sample.json(storiesPath: "./nl.txt", notes: "# Mine\n\n## limits")

  /// The ids of the page's headings, in order.
  private func headings(_ page: String) -> [String] {
    page.matches(of: /<h[1-6] id="([^"]*)"/).map { String($0.1) }
  }

  @Test func aReportHasItsPartsInOrderAndSectionsKeepTheirIds() throws {
    let page = try Sample.pages().page(try Sample.report(Self.repeating))
    let ids = headings(page)
    let parts = ["what-it-fires-on", "limits", "the-record"]
    #expect(ids.filter(parts.contains) == parts)
    for id in [
      "activation_histogram", "neuron_accuracy", "ablation", "studied", "discussion", "reproduce",
      "files", "cite",
    ] {
      #expect(ids.count { $0 == id } == 1, "\(id)")
    }
    // The author's headings stand below the section and never take an id of the page.
    #expect(page.contains("<h4 id=\"mine\">") && page.contains("<h4 id=\"limits-1\">"))
    #expect(Set(ids).count == ids.count)
  }

  @Test func everyFigureIsOnThePageInTwoBoxesWithItsData() throws {
    let report = try Sample.report()
    let page = try Sample.pages().page(report)
    #expect(report.figures.count == 3)
    for figure in report.figures {
      let id = "figure-\(figure.id)"
      #expect(page.contains("<figure class=\"figure\" id=\"\(id)\">"))
      #expect(page.contains("<div class=\"wide\">\n<svg class=\"chart\" viewBox=\"0 0 720 "))
      #expect(
        page.contains("\(id)-narrow-title") && page.contains("href=\"data/\(figure.id).csv\""))
      #expect(report.files.contains { $0.path == "charts/\(figure.id).svg" })
      #expect(report.files.contains { $0.path == "data/\(figure.id).csv" })
    }
    #expect(page.matches(of: #/viewBox="0 0 340 /#).count == 3)
  }

  @Test func tablesHaveCaptionsAndRowHeaders() throws {
    let page = try Sample.pages().page(try Sample.report())
    let tables = page.matches(of: /<table[^>]*>\n(<caption>[^<]+<\/caption>)?/)
    #expect(!tables.isEmpty && tables.allSatisfy { $0.1 != nil })
    #expect(page.matches(of: /<tr><th scope="row"/).count > 5)
    // A scroller is named for what it holds.
    let labels = page.matches(of: /class="scroll" role="group" aria-label="([^"]*)"/).map { $0.1 }
    #expect(Set(labels).count == labels.count && !labels.contains("Table"))
  }

  @Test func termsAreExplainedOnceWhereTheyFirstStand() throws {
    let words = "nats and MCC, nats again; `MCC` and MCC"
    let page = try Sample.pages().page(try Sample.report(words: words))
    #expect(page.matches(of: /<abbr title="[^"]*">nats<\/abbr>/).count == 1)
    #expect(page.matches(of: /<abbr title="[^"]*">MCC<\/abbr>/).count == 1)
    #expect(!page.contains("<code><abbr"))
  }

  /// What is folded is not read first: a term is explained again where it first stands open.
  @Test func aTermInAFoldIsExplainedAgainInTheOpen() {
    var glossary = Glossary()
    #expect(glossary.explained("nats", isFolded: true).contains("<abbr"))
    #expect(glossary.explained("nats", isFolded: true) == "nats")
    #expect(glossary.explained("nats").contains("<abbr"))
    #expect(glossary.explained("nats") == "nats" && glossary.explained("donats") == "donats")
    // Before any of it is folded, once is enough.
    #expect(glossary.explained("BOS").contains("<abbr"))
    #expect(glossary.explained("BOS", isFolded: true) == "BOS")
  }

  /// The first screen's own sentences are read first.
  @Test func theClaimsTermsAreExplained() throws {
    let page = try Sample.pages().page(try Sample.report())
    let tests = try #require(page.firstMatch(of: /<ul class="tests">(?s:.*?)<\/ul>/))
    #expect(!tests.0.contains("&lt;abbr"))
    let site = Site(templates: try TemplateLibrary())
    let shown = site.reportPage(
      ReportPage(
        title: "t", lead: "a <b>", weakness: "nats",
        explained: ["nats": "<abbr title=\"x\">nats</abbr>"], body: ""))
    #expect(shown.contains("<strong>a &lt;b&gt;</strong>"))
    #expect(shown.contains("</strong> <abbr title=\"x\">nats</abbr></p>"))
  }

  @Test func thePageAndItsMarkdownHaveTheSameFiguresInTheSameOrder() throws {
    let report = try Sample.report()
    let page = try Sample.pages().page(report)
    let onPage = page.matches(of: /<figure class="figure" id="figure-([^"]*)"/).map { String($0.1) }
    let text = MarkdownWriter(report).text
    let inMarkdown = text.matches(of: /\]\(charts\/([a-z-]*)\.svg\)/).map { String($0.1) }
    #expect(onPage == inMarkdown && onPage == report.figures.map(\.id))
  }

  @Test func failedExpectationsAreToldBeforeTheClaim() throws {
    let json = Sample.json(
      expect: #"[{"figure": "activation_histogram.mean.target", "at_most": 1}]"#)
    let page = try Sample.pages().page(try Sample.report(json))
    let notice = try #require(page.range(of: "<p class=\"notice\">1 of 1 expectation of the study"))
    let claim = try #require(page.range(of: "<p class=\"claim\">"))
    #expect(notice.upperBound < claim.lowerBound)
  }

  /// A corpus whose text is part of another is no replication.
  @Test func aRepeatedCorpusIsNamedAsSuch() throws {
    let report = try Sample.report(Self.repeating)
    let text = MarkdownWriter(report).text
    #expect(text.contains("- Stories (of Dutch) repeats texts of another corpus"))
    #expect(text.contains("**The documents of Stories repeat text of Dutch**"))
    let other = MarkdownWriter(try Sample.report(Sample.json(storiesPath: "x/nl.txt"))).text
    #expect(!other.contains("repeat"))
    let counted = Sample.json(storiesPath: "x/nl.txt").replacing(
      "\"documents\": 20, \"blank\"",
      with: #""repeats": {"corpus": "Dutch", "documents": 7}, "documents": 20, "blank""#)
    #expect(
      MarkdownWriter(try Sample.report(counted)).text.contains(
        "**7 documents of Stories repeat text of Dutch**"))
  }

  @Test func aCitationHasWhatTheStudyGives() throws {
    let json = Sample.json().replacing(
      "\"documents\": 1000,",
      with: #"""
        "documents": 1000, "authors": ["A. One", "B. {Two}"], "doi": "10.1234/a_b",
        "url": "https://example.org/r_1",
        """#)
    let text = MarkdownWriter(try Sample.report(json)).text
    for words in [
      "A. One and B. {Two} (2025). A neuron. Report made with reportgen, findings ",
      "doi:10.1234/a\\_b, https\\:<!-- -->//example.org/r\\_1.",
      #"author       = {{A. One} and {B. \textbraceleft{}Two\textbraceright{}}}"#,
      #"doi          = {10.1234/a\_b}"#, "url          = {https://example.org/r_1}",
      "year         = {2025}", "version      = {findings ",
    ] {
      #expect(text.contains(words), "\(words)\n\(text.suffix(900))")
    }
  }
}

/// The list of reports.
struct SiteIndexTests {
  private func entry(_ slug: String, title: String = "T", date: String? = nil) throws -> IndexEntry
  {
    let file = try Sample.file(Sample.json(title: title, slug: slug, date: date))
    return IndexEntry(Report(file), findings: file.findings)
  }

  @Test func aReportIsARowWithStableKeys() throws {
    var strong = try entry("a", title: "Rises <b>")
    strong.mcc = Measured(0.8, low: 0.7, high: 0.9)
    strong.loss = Measured(1.1, low: 0.9, high: 1.2)
    strong.isHeldOut = true
    (strong.verdict, strong.verdictWords) = ("strong", "Strong evidence")
    let page = try Sample.pages().index([strong, IndexEntry(unreadable: "b")])
    #expect(
      page.contains("<th scope=\"row\"><a href=\"reports/a/index.html\">Rises &lt;b&gt;</a></th>"))
    #expect(page.contains("data-verdict=\"0\" data-mcc=\"0.8\" data-loss=\"1.1\""))
    #expect(page.contains("<b>+1.10</b> <span class=\"interval\">[0.90, 1.20]</span>"))
    #expect(page.contains("<td class=\"held-out\" data-label=\"held out\">yes</td>"))
    #expect(page.contains("2 reports: 1 strong evidence, 1 unreadable"))
    #expect(page.contains("id=\"show-v0\"") && page.contains("class=\"v0 m1 t1\""))
  }

  /// A reader is sent to what is latest, then to what is shown best.
  @Test func reportsOfOneDayBeginWithTheStrongest() throws {
    let given: [(slug: String, verdict: String, mcc: Double?, date: String?)] = [
      ("a", "weak", 0.9, nil), ("b", "strong", 0.7, nil), ("c", "strong", 0.8, nil),
      ("d", "weak", nil, "2026-01-02"),
    ]
    let entries = try given.map { report in
      var entry = try entry(report.slug, title: report.slug, date: report.date)
      (entry.verdict, entry.mcc) = (report.verdict, report.mcc.map { Measured($0) })
      return entry
    }
    let page = try Sample.pages().index(entries)
    let order = page.matches(of: #/href="reports/([a-d])/index.html"/#).map { String($0.1) }
    #expect(order == ["d", "c", "b", "a"])
  }

  @Test func theStyleSheetHidesEveryGroupThatAFilterMayName() throws {
    let style = try #require(
      try Sample.pages().assets.first { $0.path == "assets/style.css" }
    ).text
    for key in ["v", "m", "t"] {
      for group in 0..<IndexPage.mostChoices {
        #expect(style.contains("#show-\(key)\(group):not(:checked)) tr.\(key)\(group)"))
      }
    }
  }

  @Test func manyReportsAreOneScatter() throws {
    let entries = try (0..<5).map { number in
      var entry = try entry("r\(number)")
      entry.mcc = Measured(Double(number) / 10)
      entry.loss = Measured(Double(number))
      return entry
    }
    #expect(try Sample.pages().index(entries).contains("id=\"all-reports-title\""))
    #expect(try !Sample.pages().index(Array(entries.prefix(2))).contains("all-reports"))
  }
}
