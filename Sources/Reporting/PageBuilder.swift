import Analyses
import Charts
import ReportModel
import SiteRenderer
import Storage
import StudyFile

/// Makes the HTML pages of reports.
package struct PageBuilder: Sendable {
  /// The beginning of every page that `singleFile` makes; it marks a file that a later run may
  /// replace.
  package static let singleFileMark = doctype + "\n<!-- reportgen: a report as one page -->\n"
  private static let doctype = "<!doctype html>"

  private let site: Site
  private let templates: String
  /// The date of reports whose study has no date, see `ReportDate`.
  package let fallbackDate: String?

  package init(templates: TemplateLibrary, fallbackDate: String? = nil) {
    site = Site(templates: templates)
    self.templates = templates.checksum
    self.fallbackDate = fallbackDate
  }

  /// What pages depend on besides their reports, for the keys of the cache.
  package var content: [String] { [templates, fallbackDate ?? ""] }

  /// The `index.html` of one report. What would exceed its budget is left to files.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` if the page exceeds its budget, `.study` if the
  ///   author's notes refer to something that does not exist.
  package func page(_ report: Report, history: History = History()) throws -> String {
    try page(report, charts: FigureCharts(report.figures), history: history)
  }

  /// The same page from charts that have already been drawn.
  func page(_ report: Report, charts: FigureCharts, history: History) throws -> String {
    let page = try LeftToFiles.fitting(.page, report.document, charts) { left in
      site.reportPage(try content(report, charts, history, isAlone: false, left))
    }
    try Budget.page.check(page, file: "index.html", of: report, charts: charts)
    return page
  }

  /// A single file with styles and charts inside, for uploads and e-mail.
  ///
  /// - Throws: the errors of `page`.
  package func singleFile(_ report: Report) throws -> String {
    let charts = FigureCharts(report.figures)
    let own = try LeftToFiles.fitting(.singleFile, report.document, charts) { left in
      site.singleFile(
        try content(report, charts, History(), isAlone: true, left), chartCSS: ChartStyle.css)
    }
    let rest = own.hasPrefix(Self.doctype) ? own.dropFirst(Self.doctype.count) : own[...]
    let page = Self.singleFileMark + rest.drop { $0 == "\n" }
    try Budget.singleFile.check(page, file: report.slug + ".html", of: report, charts: charts)
    return page
  }

  /// A page about the changes between two reports, as a single file.
  package func page(_ comparison: ReportComparison) -> String {
    let body = HTMLWriter.write(comparison.sections)
    return site.singleFile(
      ReportPage(
        title: comparison.title, lead: comparison.summary, body: body.body,
        contents: body.contents),
      chartCSS: ChartStyle.css)
  }

  /// A page of the manual as one file.
  func manual(title: String, _ text: RenderedMarkdown) -> String {
    site.singleFile(
      ReportPage(
        title: title, lead: "The manual of reportgen \(ProgramVersion.current).", body: text.html,
        contents: text.headings.filter { $0.level <= 3 }.map {
          .init(id: $0.id, text: $0.text, level: $0.level)
        }),
      chartCSS: "")
  }

  private func content(
    _ report: Report, _ charts: FigureCharts, _ history: History, isAlone: Bool,
    _ left: LeftToFiles
  ) throws -> ReportPage {
    try report.checkNotes()
    let document = report.document
    let opening = document.opening
    let written = HTMLWriter.write(
      document, charts: charts, references: NotesReferences(report: report, target: .anchor),
      isAlone: isAlone, left: left)
    return ReportPage(
      title: opening.title, subtitle: opening.subtitle, date: opening.date,
      verdict: opening.verdict.map {
        .init(
          tone: Self.tone($0), label: $0.label.words, passed: opening.passed,
          reason: Verdict.rule(
            report.study.file.verdict ?? .init(), of: report.study.file.subject))
      },
      tests: opening.tests.map {
        .init(outcome: $0.outcome, sign: $0.sign, name: $0.name, words: $0.words)
      },
      notices: opening.notices, lead: opening.lead, detail: opening.detail,
      weakness: opening.weakness ?? "", card: written.card,
      explained: written.explained, history: Self.history(report, history), body: written.body,
      contents: written.contents)
  }

  /// The key figures that have changed since they were first published, with their history.
  private static func history(_ report: Report, _ history: History) -> [ReportPage.History] {
    (report.verdict?.keyFigures ?? []).enumerated().compactMap { index, figure in
      history.sparkline(of: figure.label, slug: "history-\(report.slug)-\(index)").map {
        .init(label: figure.label, value: figure.value, chart: $0)
      }
    }
  }

  static func tone(_ verdict: Verdict) -> ReportPage.Tone {
    switch verdict.label {
    case .strong: .strong
    case .strongInSample, .weak: .weak
    case .none: .none
    }
  }

  /// The `index.html` of the site.
  package func index(_ entries: [IndexEntry], atlases: [AtlasEntry] = []) -> String {
    var page = SiteIndex(entries).page
    page.atlases = atlases.sorted { ($1.date ?? "", $0.slug) < ($0.date ?? "", $1.slug) }
      .map(\.line)
    return site.indexPage(page)
  }

  /// A page of an atlas.
  package func page(_ page: AtlasPage) -> String { site.atlasPage(page) }

  /// The files that all pages share.
  package var assets: [TextFile] {
    site.assets(chartCSS: ChartStyle.css).map { TextFile(path: $0.path, text: $0.content) }
  }
}
