import Analyses
import Charts
import ReportModel
import SiteRenderer
import Storage
import StudyFile

/// Reports → HTML pages.
package struct PageBuilder: Sendable {
  private let site: Site
  private let templates: String
  /// The date of reports whose study has none, see `ReportDate`.
  package let fallbackDate: String?

  package init(templates: TemplateLibrary, fallbackDate: String? = nil) {
    site = Site(templates: templates)
    self.templates = templates.checksum
    self.fallbackDate = fallbackDate
  }

  /// What a page follows from besides its report, for the keys of a cache.
  package var content: [String] { [templates, fallbackDate ?? ""] }

  /// `index.html` of one report.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` where it passes its budget, `.study` where the
  ///   author's notes refer to what is not there.
  package func page(_ report: Report, history: History = History()) throws -> String {
    let page = site.reportPage(try content(report, history))
    try Budget.page.check(page, file: "index.html", of: report)
    return page
  }

  /// How every page of `singleFile` begins, so that a later run knows it for one that it may replace.
  package static let singleFileMark = doctype + "\n<!-- reportgen: a report as one page -->\n"
  private static let doctype = "<!doctype html>"

  /// One file with styles and charts inside, for an upload or a mail.
  ///
  /// - Throws: as `page`.
  package func singleFile(_ report: Report) throws -> String {
    let own = site.singleFile(try content(report, History()), chartCSS: ChartStyle.css)
    let rest = own.hasPrefix(Self.doctype) ? own.dropFirst(Self.doctype.count) : own[...]
    let page = Self.singleFileMark + rest.drop { $0 == "\n" }
    try Budget.singleFile.check(page, file: report.slug + ".html", of: report)
    return page
  }

  /// What changed between two reports, as one file.
  package func page(_ comparison: ReportComparison) -> String {
    site.singleFile(
      ReportPage(
        title: comparison.title, finding: comparison.summary, markdown: comparison.body),
      chartCSS: ChartStyle.css)
  }

  private func content(_ report: Report, _ history: History) throws -> ReportPage {
    try report.checkNotes()
    return ReportPage(
      title: report.title, finding: report.finding, verdict: Self.verdict(report),
      keyFigures: Self.keyFigures(report, history), facts: Self.facts(report.study),
      date: report.date,
      markdown: ReportMarkdown(report).body, charts: report.inlineCharts,
      files: ReportFiles.all(report).map { .init(path: $0.path, description: $0.description) },
      citation: Citation.bibTeX(report))
  }

  /// `index.html` of the site: the latest report first.
  package func index(_ entries: [IndexPage.Entry]) -> String {
    let sorted = entries.sorted { a, b in
      let (first, second) = (a.date ?? "", b.date ?? "")
      return first == second ? a.slug < b.slug : first > second
    }
    return site.indexPage(
      IndexPage(
        title: "Neuron reports",
        introduction: "What single neurons of language models respond to, and what they change.",
        reports: sorted))
  }

  /// What the index says of a report.
  package func entry(_ report: Report, history: History = History()) -> IndexPage.Entry {
    IndexPage.Entry(
      slug: report.slug, title: report.title, finding: report.finding,
      verdict: Self.verdict(report), keyFigures: Self.keyFigures(report, history),
      model: report.study.model.name, date: report.date, sparkline: Self.sparkline(report))
  }

  /// What the index says of a report that cannot be read.
  package func entry(unreadable slug: String) -> IndexPage.Entry {
    IndexPage.Entry(
      slug: slug, title: slug, finding: "The findings of this report cannot be read.", model: "")
  }

  /// The files that all pages share.
  package var assets: [TextFile] {
    site.assets(chartCSS: ChartStyle.css).map { TextFile(path: $0.path, text: $0.content) }
  }

  private static func verdict(_ report: Report) -> ReportPage.Verdict? {
    report.verdict.map { verdict in
      let tone: ReportPage.Verdict.Tone =
        switch verdict.label {
        case .strong: .strong
        case .strongInSample, .weak: .weak
        case .none: .none
        }
      return .init(tone: tone, label: verdict.label.words, reason: Verdict.rule)
    }
  }

  private static func keyFigures(_ report: Report, _ history: History) -> [ReportPage.KeyFigure] {
    (report.verdict?.keyFigures ?? []).enumerated().map { index, figure in
      .init(
        label: figure.label, value: figure.value, note: figure.note,
        history: history.sparkline(of: figure.label, slug: "history-\(report.slug)-\(index)"))
    }
  }

  private static func facts(_ study: FindingsStudy) -> [ReportPage.Fact] {
    let (target, other) = (study.classes.target, study.classes.other)
    let facts: [(String, String?)] = [
      ("Model", study.model.name),
      ("Revision", study.model.revision),
      ("Hook", StudiedText.hook(study)),
      (
        "Target",
        "\(study.file.target): \(target.documents.of("document")), \(target.tokens.of("token"))"
      ),
      ("Other", "\(other.documents.of("document")), \(other.tokens.of("token"))"),
    ]
    return facts.compactMap { name, value in value.map { .init(name: name, value: $0) } }
  }

  /// The neuron's distribution over the target, small.
  private static func sparkline(_ report: Report) -> String? {
    let address = try? FigureAddress.parse("activation_histogram.percent.target")
    guard let address, case let found = FigureLookup(address, in: report.findingsTree),
      found.numbers.count > 1
    else { return nil }
    let target = report.study.file.target
    return Chart.spark(
      Sparkline(title: "Activation on \(target)", values: found.numbers.map { $0 })
    ).svg(
      slug: "spark-" + report.slug,
      description: "How the activation of \(report.study.neuron) is distributed over \(target).",
      form: .inline)
  }
}
