import Storage

/// The pages of a site, from plain values and the templates.
///
/// Every link is relative: the index lies at the root, a report at `reports/SLUG/index.html`, and
/// what they share in `assets/`.
package struct Site: Sendable {
  private let templates: TemplateLibrary

  /// Every name that a template may use; `Templates/README.md` explains them.
  package static let variables: Set<String> = [
    "about", "body", "citation", "contents", "date", "description", "facts", "figures", "files",
    "finding", "hasContents", "hasFiles", "hasReports", "history", "href", "id", "introduction",
    "isAlone", "keyFigures", "label", "model", "name", "note", "pageTitle", "path", "policy",
    "reason", "reports", "root", "sparkline", "style", "text", "title", "tone", "value", "verdict",
  ]

  package init(templates: TemplateLibrary) {
    self.templates = templates
  }

  /// The page of one report, for `reports/SLUG/index.html`.
  package func reportPage(_ page: ReportPage) -> String {
    reportPage(page, frame: ["root": .path("../../")], isAlone: false)
  }

  /// The page of one report for a file of its own: styles inside, no script, no link to a file.
  ///
  /// - Parameter chartCSS: the rules that colour inlined charts.
  package func singleFile(_ page: ReportPage, chartCSS: String) -> String {
    // What a parser would normalise, or take for the element's end, must not change the checksum.
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
    let body = MarkdownRenderer.render(
      page.markdown, reservedIDs: ["page-main", "files", "cite"], isAlone: isAlone,
      figure: { page.charts[$0] })
    let files = isAlone ? [] : page.files
    var contents = body.headings.filter { $0.level == 2 }
    if !files.isEmpty { contents.append(.init(level: 2, id: "files", text: "Files")) }
    if !page.citation.isEmpty { contents.append(.init(level: 2, id: "cite", text: "How to cite")) }
    return templates.render(
      "report",
      frame.merging([
        "pageTitle": .text(page.title),
        "description": .text(page.finding),
        "title": .text(page.title),
        "finding": .text(page.finding),
        "date": .text(page.date ?? ""),
        "verdict": Self.verdict(page.verdict),
        "keyFigures": Self.keyFigures(page.keyFigures),
        "facts": .list(page.facts.map { ["name": .text($0.name), "value": .text($0.value)] }),
        "hasContents": .flag(!contents.isEmpty),
        "contents": .list(contents.map { ["id": .text($0.id), "text": .text($0.text)] }),
        "body": .html(body.html),
        "hasFiles": .flag(!files.isEmpty),
        "files": .list(
          files.map {
            ["href": .path($0.path), "path": .text($0.path), "about": .text($0.description)]
          }),
        "citation": .text(page.citation),
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
        "hasReports": .flag(!page.reports.isEmpty),
        "reports": .list(
          page.reports.map { report in
            [
              "href": .path("reports/\(report.slug)/index.html"),
              "title": .text(report.title),
              "finding": .text(report.finding),
              "verdict": Self.verdict(report.verdict),
              "keyFigures": Self.keyFigures(report.keyFigures),
              "model": .text(report.model),
              "date": .text(report.date ?? ""),
              "sparkline": .html(report.sparkline ?? ""),
            ]
          }),
      ])
  }

  /// The files that all pages share, with their paths below the root.
  ///
  /// - Parameter chartCSS: the rules that colour inlined charts.
  package func assets(chartCSS: String) -> [(path: String, content: String)] {
    [
      (".nojekyll", ""),
      ("assets/icon.svg", templates.asset("icon.svg")),
      ("assets/site.js", templates.asset("site.js")),
      ("assets/style.css", templates.asset("style.css") + "\n" + chartCSS),
    ]
  }

  private static func verdict(_ verdict: ReportPage.Verdict?) -> TemplateValue {
    .list(
      verdict.map {
        [["tone": .text($0.tone.rawValue), "label": .text($0.label), "reason": .text($0.reason)]]
      } ?? [])
  }

  private static func keyFigures(_ figures: [ReportPage.KeyFigure]) -> TemplateValue {
    .list(
      figures.isEmpty
        ? []
        : [
          [
            "figures": .list(
              figures.map {
                [
                  "label": .text($0.label), "value": .text($0.value), "note": .text($0.note),
                  "history": .html($0.history ?? ""),
                ]
              })
          ]
        ])
  }
}
