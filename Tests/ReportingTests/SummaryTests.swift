import Analyses
import Diagnostics
import Foundation
import JSON
import ReportModel
import Reporting
import SiteRenderer
import Storage
import StudyFile
import Testing

/// What a pull request is told: the summary, and the comparison with a base report.
struct SummaryTests {
  static let expect = """
    [{"figure": "ablation.corpora.Dutch.masked.ablated", "at_least": 4.62},
     {"figure": "activation_histogram.mean.target", "at_most": 2}]
    """

  private func report(mean: Double = 1.8, corpus: String = "Dutch") throws -> Report {
    try Sample.report(Sample.json(corpus: corpus, mean: mean, expect: Self.expect))
  }

  @Test func aSummaryBeginsWithItsMarkAndSaysWhatAReviewerAsks() throws {
    let text = PullRequestSummary(try report()).markdown
    for words in [
      "\n### A neuron\n\nL3N436, Dutch · **weak evidence**, 0 of 4 tests passed · 2 of 2 checks pass\n",
      "\n**L3N436 is more active on Dutch than on the other class.**",
      "[provenance](provenance.json)",
      "<details><summary>All 2 expectations of the study hold.</summary>\n\n| Result | Figure |",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    #expect(text.hasPrefix("<!-- reportgen:sample -->\n"))
    #expect(text.count(of: "<details>") == text.count(of: "</details>"))
  }

  @Test func theSummaryIsAFileOfEveryReport() throws {
    let report = try report()
    let file = try #require(report.files.first { $0.path == "summary.md" })
    #expect(file.text == PullRequestSummary(report).markdown)
    #expect(try Sample.pages().page(report).contains("href=\"summary.md\""))
  }

  @Test func aLinkBaseMakesEveryLinkAbsolute() throws {
    let base = try LinkBase("https://example.org/r/sample")
    let text = PullRequestSummary(try report(), linkBase: base).markdown
    let addresses = text.matches(of: /\]\(([^)]*)\)/).map { String($0.1) }
    #expect(addresses.count >= 3)
    #expect(addresses.allSatisfy { $0.hasPrefix("https://example.org/r/sample/") })
  }

  @Test(arguments: [
    ("example.org", "begins with https://"), ("javascript:x", "begins with https://"),
    ("https://", "begins with https://"), ("https://a b", "Write %20 for a space"),
    ("https://a/)", "Write %29 for \")\""), ("https://a/é", "Write %C3%A9 for \"é\""),
    ("https://a?b=1", "Leave out ? and what follows"), ("https://a/#b", "Leave out # and what"),
  ])
  func aLinkBaseThatIsNoPlainAddressIsRefusedWithWhatIsWrong(text: String, words: String) {
    let fault = #expect(throws: Diagnostic.self) { try LinkBase(text) }
    #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
  }

  @Test func withABaseItSaysWhatWasChangedFirst() throws {
    let base = try Sample.report(
      Sample.json(expect: Self.expect).replacing("\"documents\": 200", with: "\"documents\": 20"))
    let text = PullRequestSummary(try report(mean: 2.1), base: base).markdown
    for words in [
      "**weak evidence** (unchanged), 0 of 4 tests passed · 1 of 2 checks pass",
      "\n**This change:** `probe.documents` 20 → 200.\n",
      "- 1 of 2 expectations of the study failed. `activation_histogram.mean.target` is 2.1, "
        + "expected at most 2.",
      "<details><summary>1 setting changed</summary>",
      "<details><summary>The numbers that moved furthest (1 of 1 that differ)</summary>",
      "| `activation_histogram.mean.target` | 1.8 | 2.1 | +0.300 |",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
  }

  /// Hostile or long names, many settings, many failed checks: a forge still shows it.
  @Test func itIsAtMostFourKilobytesOpenAndTwelveInAll() throws {
    let long = String(repeating: "w<|`x ", count: 400)
    let expect =
      "["
      + (0..<400).map { _ in #"{"figure": "a.b.cccccccccccccccccccccccc", "at_most": 2}"# }
      .joined(separator: ",") + "]"
    let base = try Sample.report(Sample.json(title: "b", corpus: "c", prompt: "d"))
    let head = try Sample.report(
      Sample.json(title: long, corpus: long, prompt: long, expect: expect))
    for text in [
      PullRequestSummary(head).markdown, PullRequestSummary(head, base: base).markdown,
      PullRequestSummary(base, base: head, committed: "x").markdown,
    ] {
      #expect(text.utf8.count <= 12_000)
      let open = text.replacing(/<details>(?s:.*?)<\/details>/, with: "")
      #expect(open.utf8.count <= 4_000, "\(open.utf8.count)")
      #expect(text.count(of: "<details>") == text.count(of: "</details>"))
    }
  }

  @Test func theFirstLineSaysWhenTheCommittedSiteIsAnother() throws {
    let report = try report()
    let other = PullRequestSummary(report, committed: "00").markdown
    #expect(
      other.hasPrefix(
        "<!-- reportgen:sample -->\n\n**The committed site is not what this job built**"))
    let own = Checksum.sha256(of: report.json.text)
    #expect(!PullRequestSummary(report, committed: own).markdown.contains("committed site"))
  }

  @Test func hostileTextStaysText() throws {
    let text = PullRequestSummary(
      try Sample.report(words: Sample.hostile), base: try Sample.report(words: "plain")
    ).markdown
    let html = MarkdownRenderer.render(text).html
    #expect(!html.contains("<script") && !text.contains("\u{202E}"))
    #expect(text.count(of: "\n<details>") == text.count(of: "\n</details>\n"))
  }
}

/// Two reports beside each other.
struct ReportComparisonTests {
  @Test func equalReportsDoNotDiffer() throws {
    let comparison = ReportComparison(base: try Sample.report(), head: try Sample.report())
    #expect(comparison.changes.isEmpty && comparison.settings.isEmpty && comparison.holds)
    #expect(
      comparison.summary
        == "No setting was changed. No number differs from the base report, “A neuron” (37 compared)."
    )
  }

  @Test func everyNumberThatDiffersIsNamed() throws {
    let base = try Sample.report(Sample.json(corpus: "My \"corpus\""))
    let head = try Sample.report(
      Sample.json(corpus: "Dutch", mean: 2.5, expect: SummaryTests.expect))
    let comparison = ReportComparison(base: base, head: head)
    let changes = Dictionary(uniqueKeysWithValues: comparison.changes.map { ($0.figure, $0) })
    #expect(changes["activation_histogram.mean.target"]?.difference == 0.7)
    let quoted = #"ablation.corpora."My \"corpus\"".masked.clean"#
    #expect(changes[quoted]?.base == 4.58 && changes[quoted]?.head == nil)
    // The address is one that a study may use.
    let address = try FigureAddress.parse(quoted)
    #expect(try address.value(in: base.findingsTree, file: "").double == 4.58)
    #expect(changes["ablation.corpora.Dutch.masked.clean"]?.base == nil)
    #expect(comparison.settings.map(\.name).contains("target"))
    #expect(comparison.expectations.map(\.holds) == [true, false])
    #expect(comparison.expectations[0].base.contains("no such figure"))
    #expect(!comparison.holds)
  }

  @Test func identitiesAreNeverSubtracted() throws {
    let base = try Sample.report()
    let head = try Sample.report(Sample.json().replacing("\"neuron\": 31", with: "\"neuron\": 77"))
    let comparison = ReportComparison(base: base, head: head)
    let change = try #require(comparison.changes.first)
    #expect(change.figure.hasSuffix(".neuron") && change.base == 31 && change.head == 77)
    #expect(change.difference == nil && change.isIdentity)
    #expect(comparison.markdown.contains("| 31 | 77 | another one |"))
  }

  /// A report of four key figures, made by a version of the program from a model's file.
  private func made(
    _ values: [Measured], version: String = "1", model: [String] = ["ab"]
  ) throws -> Report {
    let file = try Sample.file(Sample.json())
    let kinds: [(String, Bool, KeyFigure.Better)] = [
      ("Loss", false, .higher), ("MCC", false, .higher), ("Rank", true, .lower),
      ("Elsewhere", false, .nearerToZero),
    ]
    var report = Report(
      study: file.findings.study, json: file.json, verdict: Verdict(findings: file.findings),
      keyFigures: zip(kinds, values).map {
        KeyFigure(label: $0.0, value: $1, isIdentity: $0.1, better: $0.2)
      }, sections: [], date: nil)
    report.made = Provenance(
      version: version, study: .init(path: "s", sha256: ""), model: "m", revision: nil,
      modelFiles: model.map { .init(path: "anywhere/\($0)", sha256: $0) }, tokenizer: "",
      corpora: [], blas: "", kernels: "", threads: 1, machine: .current, started: "", phases: [],
      seeds: [], operations: 0, notes: [])
    return report
  }

  /// A reviewer is told which way a number moved for the claim, and whether that is more than noise.
  @Test func everyKeyFigureIsBetterOrWorseWithinItsIntervalOrBeyond() throws {
    let base = try made([
      Measured(0.05, low: 0.04, high: 0.06), Measured(0.8), Measured(3),
      Measured(-0.02, low: -0.03, high: 0.01),
    ])
    let cases: [([Double], [String])] = [
      (
        [0.055, 0.9, 1, 0.01],
        [
          "better, within the base's interval", "better", "better",
          "better, within the base's interval",
        ]
      ),
      (
        [0.03, 0.7, 4, 0.05],
        [
          "worse, beyond the base's interval", "worse", "worse",
          "worse, beyond the base's interval",
        ]
      ),
      ([0.05, 0.8, 3, 0.02], ["same", "same", "same", "as good, beyond the base's interval"]),
    ]
    for (values, words) in cases {
      let head = try made(values.map { Measured($0) })
      let figures = ReportComparison(base: base, head: head).keyFigures.dropFirst()
      #expect(figures.map(\.meaning) == words)
      // A rank is a place: it is compared, and has no difference.
      #expect(figures.map { $0.change != nil } == [true, true, false, true])
    }
  }

  @Test func theProgramAndTheModelAreAmongWhatChanged() throws {
    let base = try made([], version: "0.1.0", model: ["ab"])
    #expect(ReportComparison(base: base, head: base).settings.isEmpty)
    let head = try made([], version: "0.2.0", model: ["cd", "ab"])
    let settings = ReportComparison(base: base, head: head).settings
    #expect(settings.map(\.name) == ["program version", "model checksum"])
    #expect(settings[0].base == "0.1.0" && settings[0].head == "0.2.0")
    #expect(settings[1].base == "ab" && settings[1].head?.hasSuffix(" of 2 files") == true)
    // Where files lie and how they are ordered says nothing of the model.
    let moved = try made([], version: "0.2.0", model: ["ab", "cd"])
    #expect(ReportComparison(base: head, head: moved).settings.isEmpty)
    #expect(PullRequestSummary(base).markdown.contains("model `builtin:demo` (SHA-256 `ab`)"))
  }

  @Test func itCanBeReadAsMarkdownHTMLAndJSON() throws {
    let comparison = ReportComparison(
      base: try Sample.report(Sample.json(title: Sample.hostile)),
      head: try Sample.report(Sample.json(title: Sample.hostile, mean: 2)))
    let row = "| `activation_histogram.mean.target` | 1.8 | 2 | +0.200 |"
    #expect(comparison.markdown.contains(row))
    let page = try Sample.pages().page(comparison)
    #expect(page.contains("<td>+0.200</td>") && !page.contains("<script"))
    let text = try comparison.json
    let json = try JSON(parsing: FileBytes(Array(text.utf8), name: "x"))
    #expect(json["changes"]?.array?.count == 1)
    #expect(json["holds"]?.bool == true)
    #expect(json["settings"]?.array?.isEmpty == true)
    #expect(json["key_figures"]?.array?.isEmpty == true)
  }
}

/// The report as one file.
struct SingleFileTests {
  @Test func itHoldsItsStylesUnderItsOwnPolicyAndNeedsNoFile() throws {
    let report = try Sample.report(words: "Rises")
    let page = try Sample.pages().singleFile(report)
    let style = try #require(page.firstMatch(of: /<style>([^<]*)<\/style>/)?.1)
    let checksum = Checksum.sha256Base64(of: String(style))
    #expect(
      page.contains(
        "content=\"default-src &#39;none&#39;; style-src &#39;sha256-\(checksum)&#39;;"))
    #expect(!page.contains("<script") && !page.contains("<link") && !page.contains("<img"))
    for match in page.matches(of: /\s(?:href|src)="([^"]*)"/) {
      #expect(match.1.hasPrefix("#") || match.1.hasPrefix("https://"), "\(match.1)")
    }
    #expect(page.contains("<svg class=\"chart\"") && page.contains("id=\"figure-curve\""))
    #expect(!page.contains("All data of figure 1"))
  }

  @Test func theChecksumIsWhatABrowserComputes() {
    #expect(
      Checksum.sha256Base64(of: "p{color:red}") == "p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64=")
  }
}

/// The sizes that a report may have.
struct BudgetTests {
  @Test func aChartThatPassesItsBudgetIsLeftToItsData() throws {
    let report = try Sample.report(
      words: "word", caption: String(repeating: "long ", count: 12_200))
    let chart = try #require(report.files.first { $0.path == "charts/curve.svg" })
    #expect(chart.text.utf8.count < 60_000 && chart.text.contains("stand in data/curve.csv"))
    let page = try Sample.pages().page(report)
    #expect(page.contains("too many marks to show"))
  }

  @Test func aPageThatPassesItsBudgetLeavesItsLastChartsAndDataToFiles() throws {
    let short = try Sample.pages().page(try Sample.report(Sample.json(notes: "word")))
    let words = (1_500_000 - short.utf8.count + 8_000) / 5
    let notes = String(repeating: "word ", count: words)
    let report = try Sample.report(Sample.json(notes: notes))
    let page = try Sample.pages().page(report)
    #expect(page.utf8.count <= 1_500_000)
    #expect(page.contains("<img src=\"charts/") && page.contains("loading=\"lazy\""))
    // A link to a figure still leads to it.
    for figure in report.figures { #expect(page.contains("id=\"figure-\(figure.id)\"")) }
    #expect(!short.contains("<img src=\"charts/"))
  }

  @Test func aPageThatPassesItsBudgetNamesItsLargestFigure() throws {
    let report = try Sample.report(
      Sample.json(notes: String(repeating: "word ", count: 400_000)))
    let error = #expect(throws: Diagnostic.self) { try Sample.pages().page(report) }
    #expect(error?.file == "sample/index.html")
    #expect(error?.expected == "at most 1,500,000 bytes")
    #expect(error?.advice.contains("The largest of its ") == true)
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
