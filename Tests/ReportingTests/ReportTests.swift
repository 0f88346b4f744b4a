import Charts
import Diagnostics
import Foundation
import JSON
import ReportModel
import Reporting
import SiteRenderer
import Storage
import StudyFile
import Testing

struct ReportTests {
  private func text(_ report: Report, _ path: String) -> String? {
    report.files.first { $0.path == path }?.text
  }

  @Test func theSameFindingsGiveTheSameBytes() throws {
    let pages = try Sample.pages()
    // As a build writes them: the citation names the findings by their checksum.
    let text = try FindingsFile.encode(try Sample.file(Sample.json()).findings)
    let first = try Sample.report(text)
    let second = try Sample.report(try FindingsFile.encode(try Sample.file(text).findings))
    #expect(first.files == second.files)
    #expect(try pages.page(first) == pages.page(second))
    #expect(Set(first.files.map(\.path)).count == first.files.count)
  }

  @Test func theReportSaysWhatWasStudied() throws {
    let text = MarkdownWriter(try Sample.report()).text
    for words in [
      "# A neuron\n\nNeuron 436 of layer 3 (L3N436) of builtin:demo; 40 Dutch and 40 other documents",
      "\n\n2025-09-17\n\n**Weak evidence**",
      "\n\n**L3N436 is more active on Dutch than on the other",
      "Neuron **L3N436** at the hook `blocks.3.mlp.hook_post` of `builtin:demo`",
      "| Dutch | target | 40 | 66,194 | `nl.txt` |", "- Dutch: Some text.\n",
      "- 2 documents of Dutch are longer than the context and were cut to 512 tokens with BOS.",
      "- 1 document of German is longer than the context and was cut",
      "- 1 blank document of Dutch was skipped.",
      "**The documents of Stories repeat text of Dutch**",
      "(seeds 3 to 4, test size 0.1)", "batches of 32 (Stories 1, other 10)",
      "- use\\_parallel\\_residual: true", "reportgen build STUDY.yml\n", "@misc{reportgen-sample,",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    let elsewhere = MarkdownWriter(try Sample.report(Sample.json(storiesPath: "other/nl.txt")))
    #expect(!elsewhere.text.contains("repeat text of"))
  }

  @Test func aFigureIsImageCaptionDataAndLink() throws {
    let report = try Sample.report(words: "Rises", rows: 205)
    let text = MarkdownWriter(report).text
    #expect(
      text.contains(
        """
        <!-- anchor: curve_section -->

        ### Rises

        Here is Rises.

        ![Rises](charts/curve.svg)

        **Rises** Figure 1.

        <details><summary>Data of figure 1</summary>

        | token | Rises | count |
        | --- | --: | --: |
        | Rises | 0.000 | 0 |
        | `␣t1` | 0.333 | 1 |

        """.trimmingCharacters(in: .newlines)))
    #expect(text.contains("The first 20 of 205 rows. [All data of figure 1 (CSV)](data/curve.csv)"))
    #expect(text.contains("| `␣t19` |") && text.contains("| `␣t59` |") && !text.contains("`␣t60`"))
    let csv = try #require(self.text(report, "data/curve.csv"))
    #expect(csv.hasPrefix("token,Rises,count\nRises,0,0\n\" t1\",0.333333333,1\n"))
    #expect(csv.components(separatedBy: "\n").count == 207)
    let page = try Sample.pages().page(report)
    #expect(page.contains("<figure class=\"figure\" id=\"figure-curve\">"))
    #expect(
      page.contains(
        "<figcaption><strong>Rises</strong> <span class=\"note\">Figure 1.</span></figcaption>"))
    #expect(page.contains("The first 20 of 205 rows. <a href=\"data/curve.csv\">"))
    #expect(page.contains("<h3 id=\"curve_section\">"))
    #expect(report.files.contains { $0.path == "charts/curve.svg" && $0.text.contains("<style>") })
    #expect(!page.contains("<style"))
  }

  @Test func hostileTextAddsNoElement() throws {
    let pages = try Sample.pages()
    let plain = try Sample.report(words: "plain")
    let hostile = try Sample.report(words: Sample.hostile)
    func elements(_ html: String) -> [String] {
      // As a browser sees tags: by scalars, with or without combining marks behind them.
      html.matches(of: /<(\/?[a-zA-Z!?][^\s>\/]*)/.matchingSemantics(.unicodeScalar))
        .map { String($0.1) }
    }
    let expected = elements(try pages.page(plain))
    let found = elements(try pages.page(hostile))
    // The author's notes are Markdown, which may make paragraphs, and nothing else here.
    for name in Set(found).subtracting(["p", "/p"]) {
      let notes = ["h4", "/h4", "a", "/a", "li", "/li", "strong", "em", "code", "ol", "hr"]
      let isNotes = notes.contains { name.hasSuffix($0) }
      #expect(isNotes || found.count { $0 == name } == expected.count { $0 == name }, "\(name)")
    }
    #expect(!found.contains("script") || found.count { $0 == "script" } == 1)
    #expect(try !pages.page(hostile).contains("javascript:alert(1)\""))
    for report in [hostile] {
      let markdown = MarkdownWriter(report).text
      let rendered = MarkdownRenderer.render(markdown).html
      #expect(!rendered.contains("<script") && !rendered.contains("<img src=\"javascript"))
      #expect(rendered.contains("&lt;script&gt;"))
      #expect(!markdown.contains("\u{202E}") && !markdown.contains("\0"))
      // Every tag of the source is ours.
      let tags = Set(
        markdown.matches(of: /(^|[^\\])(<[a-zA-Z\/!?][^>\n]*>?)/.matchingSemantics(.unicodeScalar))
          .map { String($0.2) }
      ).filter { !$0.hasPrefix("<!-- anchor: ") }
      #expect(
        tags.subtracting(["<details>", "</details>", "<summary>", "</summary>"])
          .allSatisfy { Self.isInCode($0, markdown) }, "\(tags)")
      for file in report.files where file.path.hasSuffix(".svg") {
        #expect(!file.text.contains("<script"))
      }
    }
  }

  /// Whether `tag` occurs only behind a backtick on its line.
  private static func isInCode(_ tag: String, _ markdown: String) -> Bool {
    markdown.split(separator: "\n").filter { $0.contains(tag) }.allSatisfy { line in
      line.contains("`") || line.hasPrefix("  title ")
    }
  }

  @Test(arguments: [
    ("a <b>c</b>", "a \\<b>c\\</b>"), ("<!-- x", "\\<!-- x"), ("`<b>` <b>", "`<b>` \\<b>"),
    ("``a`<b>`` <i>", "``a`<b>`` \\<i>"), ("` <b>", "` \\<b>"), ("\\` <b> `", "\\` \\<b> `"),
    ("<https://a.b/c> <javascript:x>", "<https://a.b/c> \\<javascript:x>"),
    ("```\n<b>\n```\n<b>", "```\n<b>\n```\n\\<b>"), ("~~~ x\n<b>", "~~~ x\n<b>\n~~~"),
    ("````\n```\n<b>", "````\n```\n<b>\n````"), ("```\r\n<b>\r\n", "```\n<b>\n\n```"),
    ("- a\n  ```\n  <b>\n  ```\n<b>", "- a\n```\n  <b>\n  ```\n\\<b>"),
    ("```a`b\n<b>", "```a`b\n\\<b>"), ("> ```\n> <b>", "> ```\n> \\<b>"),
    ("\\<b>", "\\<b>"), ("\\\\<b>", "\\\\\\<b>"), ("    ```\n<b>", "    ```\n\\<b>"),
  ])
  func htmlOfTheNotesIsShown(notes: String, shown: String) throws {
    let text = MarkdownWriter(try Sample.report(Sample.json(notes: notes))).text
    #expect(text.contains("### Discussion\n\n\(shown)\n\n<!-- anchor: reproduce -->"), "\(text)")
  }

  @Test func nothingInTheNotesSwallowsWhatFollows() throws {
    let pieces = [
      "```", "~~~", "\n", "\n\n", "<!--", "<script>", "<details>", "`", "> ", "- ", "    ", "  ",
      "x",
      "<?", "<![CDATA[", "\\", "``", "<pre>", "1. ", "\t", "[a]: <", "\"",
    ]
    var state: UInt64 = 20_250_917
    for _ in 0..<600 {
      var notes = ""
      for _ in 0..<16 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        notes += pieces[Int(state >> 33) % pieces.count]
      }
      let body = MarkdownWriter(try Sample.report(Sample.json(notes: notes + "y"))).text
      let ids = MarkdownRenderer.render(body).headings.map(\.id)
      try #require(ids.contains("reproduce"), "\(notes)")
    }
  }

  @Test(arguments: [
    ("a", "a"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), (" a", "\" a\""),
    ("\"\u{301}", "\"\"\"\u{301}\""), ("a\r\n", "\"a\r\n\""), ("", ""), ("é|`", "é|`"),
  ])
  func csvIsQuotedWhereItMustBe(text: String, field: String) {
    let table = DataTable(
      header: [text, "n"],
      rows: [
        [.text(text), .number(-0.12345678912, decimals: 1)],
        [.missing, .number(.nan, decimals: 1)],
      ])
    #expect(table.csv == "\(field),n\n\(field),-0.123456789\n,\n")
  }

  @Test(arguments: [
    ("0", "1970-01-01"), ("951782400", "2000-02-29"), ("1758067200", "2025-09-17"),
    ("253402300799", "9999-12-31"), ("4107542399", "2100-02-28"),
  ])
  func sourceDateEpochIsADay(value: String, day: String) throws {
    #expect(try ReportDate.sourceDateEpoch(value) == day)
  }

  @Test(arguments: ["x", "-1", "1e9", "253402300800", "99999999999999999999"])
  func anotherSourceDateEpochIsRefused(value: String) {
    #expect(throws: Diagnostic.self) { try ReportDate.sourceDateEpoch(value) }
  }

  @Test func theStudysOwnDateComesFirst() throws {
    #expect(Report(try Sample.file(Sample.json()), fallbackDate: "2001-01-01").date == "2025-09-17")
    let dateless = try Sample.file(Sample.json(date: nil))
    #expect(Report(dateless, fallbackDate: "2001-01-01").date == "2001-01-01")
    #expect(Report(dateless).date == nil)
    #expect(try ReportDate.sourceDateEpoch(nil) == nil)
  }

  @Test func theBuiltInStudyIsReproducedByItsName() throws {
    let own = try #require(try BuiltInStudy.named("demo"))
    var study = try Sample.file(Sample.json(slug: "demo")).findings.study
    study.file = own
    let report = Report(study: study, json: .object([]), verdict: nil, sections: [], date: nil)
    #expect(MarkdownWriter(report).text.contains("reportgen build demo --corpora DIR\n"))
    study.file.title = "Another"
    let other = Report(study: study, json: .object([]), verdict: nil, sections: [], date: nil)
    #expect(MarkdownWriter(other).text.contains("reportgen build STUDY.yml\n"))
  }

  @Test func theCitationIsTeX() throws {
    let report = try Sample.report(Sample.json(title: "100% {a}_b \\ `~^#&$"))
    let text = MarkdownWriter(report).text
    #expect(
      text.contains(
        "{100\\% \\textbraceleft{}a\\textbraceright{}\\_b \\textbackslash{} "
          + "`\\textasciitilde{}\\textasciicircum{}\\#\\&\\$}"))
  }

  @Test func provenanceIsSortedJSON() throws {
    let provenance = Provenance(
      version: "1", study: .init(path: "s.yml", sha256: "ab"), model: "m", revision: nil,
      modelFiles: [.init(path: "config.json", sha256: "cd")], tokenizer: "ef", corpora: [],
      blas: "OpenBLAS", kernels: "avx2", threads: 2, machine: .current,
      started: "2025-09-17T00:00:00Z", phases: [.init(name: "sweep", seconds: 1.23456789012)],
      seeds: [0], operations: 1.5e12, notes: [])
    let text = try provenance.text
    #expect(text.contains("\"seconds\": 1.23456789}"))
    #expect(text.contains("\"operations\": 1500000000000"))
    #expect(!provenance.machine.system.isEmpty && !provenance.machine.architecture.isEmpty)
    #expect(
      try JSON.decode(Provenance.self, from: FileBytes(Array(text.utf8), name: "p")).seeds == [0])
  }
}
