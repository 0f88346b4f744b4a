import Analyses
import Atlas
import Diagnostics
import ReportModel
import Reporting

/// `summary.md` of an atlas: the atlas as a comment on a pull request, with the changes against a base
/// atlas. Its mark and its budgets are those of a report's.
package struct AtlasSummary {
  private let report: AtlasReport
  private let base: AtlasReport?
  private let linkBase: String
  private let committed: String?

  /// - Parameters:
  ///   - linkBase: the address of the atlas's folder; without it links are relative
  ///   - committed: the SHA-256 of the findings at the links' targets, which may come from another
  ///     build
  package init(
    _ report: AtlasReport, base: AtlasReport? = nil, linkBase: LinkBase? = nil,
    committed: String? = nil
  ) {
    self.report = report
    self.base = base
    self.linkBase = linkBase?.address ?? ""
    self.committed = committed
  }

  package var markdown: String {
    let comparison = base.map { AtlasComparison(base: $0, head: report).comparison }
    return CommentText.fitting(
      opening: opening(comparison), folds: folds(comparison), links: links)
  }

  // MARK: The unfolded part

  private func opening(_ comparison: ReportComparison?) -> [String] {
    [
      "<!-- reportgen:\(report.slug) -->", mismatch, headline,
      comparison.map(change) ?? claim, comparison.map(figures) ?? MarkdownWriter.table(labels),
      warnings(comparison), picture,
    ].compactMap(\.self)
  }

  private var mismatch: String? {
    guard let committed, committed != report.checksum else { return nil }
    return "**The committed site is not what this job built**: links and pictures below show other "
      + "numbers. Build the atlas and commit `\(FindingsFile.name)` with its pages."
  }

  private var headline: String {
    let labels = report.findings.orderedLabels
    let confirmed = labels.count { $0.confirmed > 0 }
    let checks = report.checks
    let passed = checks.count(where: \.holds)
    let parts =
      [
        CommentText.words(report.findings.model.name, 60),
        "**\(confirmed) of \(labels.count) labels with a confirmed neuron**"
          + (base.map { base in
            let before = base.findings.orderedLabels.count { $0.confirmed > 0 }
            return before == confirmed ? " (unchanged)" : " (was \(before))"
          } ?? ""),
      ]
      + (checks.isEmpty
        ? [] : ["\(passed) of \(checks.count.of("check")) pass\(checks.count == 1 ? "es" : "")"])
    return "### " + CommentText.words(report.title, 80) + "\n\n" + parts.joined(separator: " · ")
  }

  private var claim: String {
    let claim = AtlasClaim(report)
    return "**\(CommentText.words(claim.lead, 300))** \(CommentText.words(claim.detail, 700))"
  }

  private func change(_ comparison: ReportComparison) -> String {
    let settings = comparison.settings
    guard !settings.isEmpty else {
      return "**This change:** no setting, corpus or model differs. "
        + Markdown.text(comparison.summary)
    }
    func value(_ text: String?) -> String { text.map { CommentText.words($0, 60) } ?? "nothing" }
    let shown = settings.prefix(6).map {
      "\(Markdown.code(String($0.name.prefix(80)))) \(value($0.base)) → \(value($0.head))"
    }
    let rest = settings.count > 6 ? ["\(settings.count - 6) more"] : []
    return "**This change:** " + (shown + rest).joined(separator: "; ") + "."
  }

  private func figures(_ comparison: ReportComparison) -> String {
    MarkdownWriter.table(comparison.keyFigureTable.prefix(12))
  }

  private var labels: DataTable {
    DataTable(
      header: ["Label", "Confirmed", "Suggestive", "Best neuron", "AUC"],
      rows: report.findings.orderedLabels.prefix(24).map { label in
        [
          .text(String(label.name.prefix(40))), .integer(label.confirmed),
          .integer(label.suggestive), .text(report.paths.name(label.best)),
          .text(AtlasText.auc(label.auc, label.low, label.high)),
        ]
      })
  }

  /// At most three lines: failed checks, and labels that lost their confirmed neurons.
  private func warnings(_ comparison: ReportComparison?) -> String? {
    let checks = report.checks
    var lines: [String] = []
    if !checks.allSatisfy(\.holds) {
      let failed = checks.filter { !$0.holds }.prefix(2).map {
        "\(Markdown.code(String($0.figure.prefix(80)))) is \(CommentText.words($0.found, 60)), expected "
          + CommentText.words($0.expected, 60)
      }
      lines.append("\(CheckResult.summary(checks)) " + failed.joined(separator: "; ") + ".")
    }
    if let base {
      let lost = base.findings.orderedLabels.filter { before in
        before.confirmed > 0 && report.findings.labels[before.name]?.confirmed == 0
      }.map(\.name)
      if !lost.isEmpty {
        lines.append(
          "No neuron is confirmed any more for \(CommentText.words(AtlasText.list(lost), 200)).")
      }
    }
    guard !lines.isEmpty else { return nil }
    return "**Read before merging:**\n" + lines.prefix(3).map { "- " + $0 }.joined(separator: "\n")
  }

  private var picture: String {
    let figure = AtlasFigures(report).layers
    return
      "![\(Markdown.alternative(String(figure.caption.prefix(150))))](\(linkBase)\(figure.chartPath))"
  }

  // MARK: The folded part

  private func folds(_ comparison: ReportComparison?) -> [[String]] {
    var folds: [[String]] = []
    let checks = report.checks
    if !checks.isEmpty {
      folds.append(
        MarkdownWriter.folded(
          CheckResult.summary(checks),
          [MarkdownWriter.table(CheckResult.table(Array(checks.prefix(30))))]))
    }
    guard let comparison else { return folds }
    folds.append(
      MarkdownWriter.folded(
        "Labels", [MarkdownWriter.table(labels)]))
    if !comparison.settings.isEmpty {
      folds.append(
        MarkdownWriter.folded(
          "\(comparison.settings.count.of("setting")) changed",
          [MarkdownWriter.table(comparison.settingsTable.prefix(20))]))
    }
    return folds
  }

  private var links: String {
    let model = [report.findings.model.name, report.findings.model.revision].compactMap(\.self)
    let checksum =
      report.made?.modelChecksum.map { " (SHA-256 \(Markdown.code(String($0.prefix(60)))))" } ?? ""
    return """
      [Atlas](\(linkBase)index.html) · [every number](\(linkBase)\(FindingsFile.name)) (SHA-256 \
      \(Markdown.code(String(report.checksum.prefix(12))))) · \
      [provenance](\(linkBase)provenance.json) · model \
      \(Markdown.code(String(model.joined(separator: ", revision ").prefix(120))))\(checksum)
      """
  }
}
