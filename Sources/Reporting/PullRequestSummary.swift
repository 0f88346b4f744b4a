import Analyses
import Charts
import Diagnostics
import ReportModel
import Storage

/// `summary.md`: a report as a comment on a pull request, with the changes against a base report.
///
/// The first line is a mark by which a bot finds the comment to update. The unfolded part has at
/// most `Budget.openSummary` bytes, the whole at most `Budget.summary`.
package struct PullRequestSummary {
  package static let name = "summary.md"

  private let report: Report
  private let base: Report?
  private let linkBase: String
  /// The checksum of the findings in the committed site, to which links lead; nil if unknown.
  private let committed: String?

  /// - Parameters:
  ///   - linkBase: the address of the report's folder, see `LinkBase`; without it links are
  ///     relative.
  ///   - committed: the SHA-256 of the findings at the links' targets, which may come from another
  ///     build.
  package init(
    _ report: Report, base: Report? = nil, linkBase: LinkBase? = nil, committed: String? = nil
  ) {
    self.report = report
    self.base = base
    self.linkBase = linkBase?.address ?? ""
    self.committed = committed
  }

  package var markdown: String {
    let comparison = base.map { ReportComparison(base: $0, head: report) }
    return CommentText.fitting(
      opening: opening(comparison), folds: folds(comparison), links: links)
  }

  // MARK: The unfolded part

  private func opening(_ comparison: ReportComparison?) -> [String] {
    [
      // A blank line must separate the heading from the comment, or it would belong to the HTML
      // block.
      "<!-- reportgen:\(report.slug) -->", mismatch, headline(comparison),
      comparison.map(change) ?? claim, keyFigures(comparison), warnings(comparison), picture,
    ].compactMap(\.self)
  }

  /// The first line, a warning that links and pictures show another build; nil if they do not.
  private var mismatch: String? {
    guard let committed, committed != report.checksum else { return nil }
    return "**The committed site is not what this job built**: links and pictures below show other "
      + "numbers. Build the report and commit `\(FindingsFile.name)` with its page."
  }

  private func headline(_ comparison: ReportComparison?) -> String {
    let checks = report.checks
    let passed = checks.count(where: \.holds)
    var parts = ["\(report.study.subjectLabel), \(Self.words(report.study.file.target, 40))"]
    if let verdict = report.verdict {
      let before = base?.verdict?.label.words
      let change =
        comparison == nil
        ? ""
        : before == verdict.label.words
          ? " (unchanged)" : " (was \(before?.lowercased() ?? "not judged"))"
      let tests = report.document.opening.passed
      parts.append(
        "**\(verdict.label.words.lowercased())**\(change)" + (tests.isEmpty ? "" : ", \(tests)"))
    }
    if !checks.isEmpty {
      parts.append("\(passed) of \(checks.count.of("check")) pass\(checks.count == 1 ? "es" : "")")
    }
    return "### " + Self.words(report.title, 80) + "\n\n" + parts.joined(separator: " · ")
  }

  /// The settings that differ, and their effect.
  private func change(_ comparison: ReportComparison) -> String {
    let settings = comparison.settings
    guard !settings.isEmpty else {
      return "**This change:** no setting, corpus, model or neuron differs. "
        + Markdown.text(comparison.summary)
    }
    func value(_ text: String?) -> String { text.map { Self.words($0, 60) } ?? "nothing" }
    let shown = settings.prefix(6).map {
      "\(Markdown.code(String($0.name.prefix(80)))) \(value($0.base)) → \(value($0.head))"
    }
    let rest = settings.count > 6 ? ["\(settings.count - 6) more"] : []
    return "**This change:** " + (shown + rest).joined(separator: "; ") + "."
  }

  private var claim: String {
    let opening = report.document.opening
    return "**\(Self.words(opening.lead, 300))** \(Self.words(opening.detail, 700))"
  }

  private func keyFigures(_ comparison: ReportComparison?) -> String? {
    if let comparison {
      let rows = comparison.keyFigures.filter { $0.label != "Verdict" }
      return rows.isEmpty
        ? nil
        : MarkdownWriter.table(
          DataTable(
            header: ["", "base", "head", "change", "within the interval?"],
            rows: rows.map {
              [
                .text($0.label), .text($0.base ?? "–"), .text($0.head ?? "–"),
                .text($0.change ?? "–"), .text($0.meaning),
              ]
            }))
    }
    let figures = report.keyFigures
    return figures.isEmpty
      ? nil
      : MarkdownWriter.table(
        DataTable(
          header: ["Key figure", "Value"], rows: figures.map { [.text($0.label), .text($0.words)] })
      )
  }

  /// At most three lines: failed checks, a weaker verdict, the main weakness.
  private func warnings(_ comparison: ReportComparison?) -> String? {
    let checks = report.checks
    var lines: [String] = []
    if !checks.allSatisfy(\.holds) {
      let failed = checks.filter { !$0.holds }.prefix(2).map {
        "\(Markdown.code($0.figure)) is \(Self.words($0.found, 60)), expected "
          + Self.words($0.expected, 60)
      }
      lines.append("\(CheckResult.summary(checks)) " + failed.joined(separator: "; ") + ".")
    }
    if let base, let before = base.verdict?.label, let after = report.verdict?.label,
      let first = Verdict.Label.allCases.firstIndex(of: before),
      let second = Verdict.Label.allCases.firstIndex(of: after), second > first
    {
      lines.append("The verdict fell from \(before.words) to \(after.words).")
    }
    if let weakness = report.claim?.weakness { lines.append(Self.words(weakness, 400)) }
    guard !lines.isEmpty else { return nil }
    return "**Read before merging:**\n" + lines.prefix(3).map { "- " + $0 }.joined(separator: "\n")
  }

  /// The claim card; its alternative text has the finding, in case pictures are not shown.
  private var picture: String? {
    report.card.map {
      "![\(Markdown.alternative(String($0.caption.prefix(150))))](\(linkBase)\($0.chartPath))"
    }
  }

  private static func words(_ text: String, _ limit: Int) -> String {
    CommentText.words(text, limit)
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
    if let comparison, !comparison.settings.isEmpty {
      let table = comparison.settingsTable.prefix(20)
      folds.append(
        MarkdownWriter.folded(
          "\(comparison.settings.count.of("setting")) changed", [MarkdownWriter.table(table)]))
    }
    if let comparison, !comparison.moved.isEmpty {
      let shown = Array(comparison.moved.prefix(10))
      folds.append(
        MarkdownWriter.folded(
          "The numbers that moved furthest (\(shown.count) of "
            + "\(comparison.changes.count.grouped) that differ)",
          [MarkdownWriter.table(ReportComparison.table(shown))]))
    }
    return folds
  }

  /// The model's checksum, where the report's folder has it.
  private var checksum: String {
    report.made?.modelChecksum.map { " (SHA-256 \(Markdown.code(String($0.prefix(60)))))" } ?? ""
  }

  /// Links to the report, with the model and the checksum of the findings.
  private var links: String {
    let model = [report.study.model.name, report.study.model.revision].compactMap(\.self)
    return """
      [Report](\(linkBase)report.md) · [every number](\(linkBase)\(FindingsFile.name)) (SHA-256 \
      \(Markdown.code(String(report.checksum.prefix(12))))) · \
      [provenance](\(linkBase)provenance.json) · model \
      \(Markdown.code(String(model.joined(separator: ", revision ").prefix(120))))\(checksum)
      """
  }
}
