import Storage

/// Makes the pages of a site from plain values and the templates.
///
/// Every link is relative: the index is at the root, a report at `reports/SLUG/index.html`, an atlas
/// at `atlases/SLUG/index.html`, and shared files are in `assets/`.
package struct Site: Sendable {
  private let templates: TemplateLibrary

  /// The names that a template may use; `Templates/README.md` explains them.
  package static let variables: Set<String> = [
    "atlases", "body", "card", "chart", "choice", "choices", "claim", "contents", "counts", "date",
    "description", "detail", "filters", "groups", "hasAtlases", "hasContents", "hasHistory",
    "hasNeighbours", "hasReports", "hasTests", "heldOut", "history", "href", "id", "interval",
    "introduction", "isAlone", "key", "keyLoss", "keyMCC", "keyVerdict", "label", "lead", "level",
    "loss", "mark", "mcc", "model", "name", "neuron", "next", "notice", "notices", "number",
    "outcome", "pageTitle", "passed", "policy", "previous", "reason", "reports", "root", "scatter",
    "search", "sign", "style", "subtitle", "target", "tests", "text", "title", "tone", "trail",
    "value", "verdict", "weakness", "words",
  ]

  package init(templates: TemplateLibrary) {
    self.templates = templates
  }

  /// Renders a template with its values.
  func render(_ name: String, _ values: [String: TemplateValue]) -> String {
    templates.render(name, values)
  }

  /// The page of one report, for `reports/SLUG/index.html`.
  package func reportPage(_ page: ReportPage) -> String {
    reportPage(page, frame: ["root": .path("../../")], isAlone: false)
  }

  /// The page of one report as a single file, with its styles inside and without scripts or links
  /// to files.
  ///
  /// - Parameter chartCSS: the rules that colour inlined charts.
  package func singleFile(_ page: ReportPage, chartCSS: String) -> String {
    // The checksum must be that of the text a browser sees, so everything is removed that an HTML
    // parser would normalise or take for the end of the element.
    let style = (templates.asset("style.css") + "\n" + chartCSS).replacing("\r\n", with: "\n")
      .replacing("\r", with: "\n").replacing("\0", with: "").replacing("</", with: "<\\/")
    let policy =
      "default-src 'none'; style-src 'sha256-\(Checksum.sha256Base64(of: style))'; "
      + "base-uri 'none'; form-action 'none'"
    return reportPage(
      page,
      frame: [
        "isAlone": .flag(true), "policy": .text(policy), "style": .html("<style>\(style)</style>"),
      ],
      isAlone: true)
  }

  private func reportPage(
    _ page: ReportPage, frame: [String: TemplateValue], isAlone: Bool
  ) -> String {
    templates.render(
      "report",
      frame.merging([
        "pageTitle": .text(page.title),
        "description": .text(page.detail.isEmpty ? page.lead : "\(page.lead) \(page.detail)"),
        "title": .text(page.title),
        "subtitle": .text(page.subtitle),
        "date": .text(page.date ?? ""),
        "verdict": .list(
          page.verdict.map {
            [
              [
                "tone": .text($0.tone.rawValue), "label": .text($0.label),
                "passed": .text($0.passed), "reason": .text($0.reason),
              ]
            ]
          } ?? []),
        "hasTests": .flag(!page.tests.isEmpty),
        "tests": .list(
          page.tests.map {
            [
              "outcome": .text($0.outcome), "sign": .text($0.sign), "name": .text($0.name),
              "words": page.sentence($0.words),
            ]
          }),
        "notices": .list(page.notices.map { ["notice": .text($0)] }),
        "lead": page.sentence(page.lead),
        "detail": page.sentence(page.detail),
        "weakness": page.sentence(page.weakness),
        "card": .html(page.card),
        "hasHistory": .flag(!page.history.isEmpty),
        "history": .list(
          page.history.map {
            ["label": .text($0.label), "value": .text($0.value), "chart": .html($0.chart)]
          }),
        "hasContents": .flag(!page.contents.isEmpty),
        "contents": .list(page.contents.map(\.values)),
        "body": .html(page.body),
      ]) { _, own in own })
  }

  /// The list of reports, for `index.html` at the root.
  package func indexPage(_ page: IndexPage) -> String {
    templates.render(
      "index",
      [
        "root": .text(""),
        "pageTitle": .text(page.title),
        "description": .text(page.introduction),
        "title": .text(page.title),
        "introduction": .text(page.introduction),
        "counts": .text(page.counts),
        "filters": .list(
          page.filters.map { filter in
            [
              "name": .text(filter.name),
              "choices": .list(
                filter.choices.map { ["key": .text($0.key), "choice": .text($0.label)] }),
            ]
          }),
        "hasAtlases": .flag(!page.atlases.isEmpty),
        "atlases": .list(
          page.atlases.map { atlas in
            [
              "href": .path(atlas.href), "title": .text(atlas.title), "words": .text(atlas.words),
              "model": .text(atlas.model), "date": .text(atlas.date),
            ]
          }),
        "scatter": .html(page.scatter ?? ""),
        "hasReports": .flag(!page.reports.isEmpty),
        "reports": .list(
          page.reports.map { report in
            let verdict = Self.parts(report.verdict)
            return [
              "href": .path(report.href), "title": .text(report.title),
              "tone": .text(report.tone.rawValue), "verdict": .text(report.verdict),
              "label": .text(verdict.label), "words": .text(verdict.word),
              "reason": .text(verdict.rest),
              "claim": .text(report.claim), "neuron": .text(report.neuron),
              "model": .text(report.model), "target": .text(report.target),
              "mcc": Self.cell(report.mcc), "loss": Self.cell(report.loss),
              "heldOut": .text(report.heldOut), "date": .text(report.date),
              "groups": .text(
                "\(report.keys.filterVerdict) \(report.keys.filterModel) "
                  + report.keys.filterTarget),
              "keyVerdict": .text(String(report.keys.verdict)),
              "keyMCC": .text(report.keys.mcc.map { "\($0)" } ?? ""),
              "keyLoss": .text(report.keys.loss.map { "\($0)" } ?? ""),
            ]
          }),
      ])
  }

  /// A verdict around its word “evidence”, which a narrow list leaves out.
  private static func parts(_ verdict: String) -> (label: String, word: String, rest: String) {
    let word = " evidence"
    guard let range = verdict.ranges(of: word).first else { return (verdict, "", "") }
    return (
      String(verdict[..<range.lowerBound]), word, String(verdict[range.upperBound...])
    )
  }

  private static func cell(_ cell: IndexPage.Cell?) -> TemplateValue {
    .list(
      cell.map {
        [["number": .text($0.number), "interval": .text($0.interval), "mark": .html($0.mark)]]
      } ?? [])
  }

  /// The files that all pages share, with their paths relative to the root.
  ///
  /// - Parameter chartCSS: the rules that colour inlined charts.
  package func assets(chartCSS: String) -> [(path: String, content: String)] {
    [
      (".nojekyll", ""),
      ("assets/atlas.js", templates.asset("atlas.js")),
      ("assets/icon.svg", templates.asset("icon.svg")),
      ("assets/site.js", templates.asset("site.js")),
      ("assets/style.css", templates.asset("style.css") + "\n" + chartCSS),
    ]
  }
}

extension ReportPage {
  /// A sentence with its terms explained, where the page has it so.
  fileprivate func sentence(_ words: String) -> TemplateValue {
    explained[words].map(TemplateValue.html) ?? .text(words)
  }
}

extension ReportPage.Heading {
  /// The heading as the list of contents shows it.
  var values: [String: TemplateValue] {
    ["id": .text(id), "text": .text(text), "level": .text("level-\(level)")]
  }
}
