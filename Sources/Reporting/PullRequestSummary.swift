import Diagnostics
import ReportModel
import Storage

/// `summary.md`: a report as a comment of a pull request, with what a base report had before.
///
/// The first line is a mark by which a bot finds the comment to update. What does not fit into the
/// budget is left out section by section.
package struct PullRequestSummary {
  package static let name = "summary.md"

  private let report: Report
  private let base: Report?
  private let linkBase: String

  /// - Parameter linkBase: the address of the report's folder, see `LinkBase`; links are relative
  ///   without it.
  package init(_ report: Report, base: Report? = nil, linkBase: LinkBase? = nil) {
    self.report = report
    self.base = base
    self.linkBase = linkBase?.address ?? ""
  }

  package var markdown: String {
    let opening = self.opening
    let room = Budget.summary.bytes - 200 - Self.size(opening)
    var details: [String] = []
    var used = 0
    let all = self.details
    for (index, section) in all.enumerated() {
      used += Self.size(section)
      guard used <= room else {
        let rest = (all.count - index).of("more section")
        details.append("\(rest) did not fit here; the report has all.")
        break
      }
      details += section
    }
    return (opening + details).joined(separator: "\n\n") + "\n"
  }

  private static func size(_ parts: [String]) -> Int {
    parts.reduce(0) { $0 + $1.utf8.count + 2 }
  }

  // MARK: What stands open

  private var opening: [String] {
    var parts = [
      // The heading must not be a part of the comment's HTML block.
      "<!-- reportgen:\(report.slug) -->",
      "## " + Markdown.text(report.title),
      (report.verdict.map { "**\($0.label.words).** " } ?? "") + Markdown.text(report.finding),
    ]
    if let base {
      let comparison = ReportComparison(base: base, head: report)
      if !comparison.keyFigures.isEmpty { parts.append(comparison.keyFigureTable) }
      parts.append(Markdown.text(comparison.summary))
    } else if let figures = report.verdict?.keyFigures, !figures.isEmpty {
      parts.append(ReportMarkdown.keyFigureTable(figures))
    }
    let checks = report.checks
    if !checks.isEmpty {
      // The comparison's summary counts them, too.
      if base == nil { parts.append(ReportMarkdown.checkSummary(checks)) }
      let failed = checks.filter { !$0.holds }
      if !failed.isEmpty { parts.append(ReportMarkdown.checkTable(failed)) }
    }
    for (number, figure) in shown {
      parts += [
        "![\(Markdown.alternative(figure.caption))](\(link(figure.chartPath)))",
        "**Figure \(number).** \(Markdown.text(figure.caption))",
      ]
    }
    return parts + [provenance]
  }

  private var numbered: [(number: Int, figure: Figure)] {
    report.figures.enumerated().map { ($0.offset + 1, $0.element) }
  }

  /// Distribution, effect and rank, as far as there are such figures; else the first three.
  private var shown: [(number: Int, figure: Figure)] {
    let wanted = ["activation-histogram", "ablation", "neuron-accuracy"]
    let found = wanted.compactMap { id in numbered.first { $0.figure.id == id } }
    return found.isEmpty ? Array(numbered.prefix(3)) : found
  }

  /// Where the numbers come from; what differs from build to build stays in `provenance.json`.
  private var provenance: String {
    let study = report.study
    let model = [study.model.name, study.model.revision].compactMap(\.self)
    let corpora = study.corpora.map {
      "\(Markdown.text($0.name)) (\($0.documents.of("document")), \($0.tokens.of("token")))"
    }
    return """
      \(study.neuron) at \(Markdown.code(StudiedText.hook(study))) of \
      \(Markdown.code(model.joined(separator: ", revision "))), on \
      \(corpora.joined(separator: ", ")); seed \(study.file.probe.seed). \
      [All figures](\(link("report.md"))), [every number](\(link(FindingsFile.name))) \
      (SHA-256 \(Markdown.code(String(Checksum.sha256(of: report.json.text).prefix(16))))…), \
      [provenance](\(link("provenance.json"))).
      """
  }

  // MARK: What is folded

  private var details: [[String]] {
    var sections: [[String]] = []
    if let base {
      sections += ReportComparison(base: base, head: report).sections.map {
        Self.folded("Changed: \($0.title.lowercased())", [$0.markdown])
      }
    }
    let checks = report.checks
    if !checks.isEmpty {
      sections.append(
        Self.folded("All \(checks.count.of("expectation"))", [ReportMarkdown.checkTable(checks)]))
    }
    var number = 0
    for section in report.sections {
      let parts = section.blocks.flatMap { block -> [String] in
        switch block {
        case .prose(let text): return [text]
        case .table(let table): return ReportMarkdown.shortened(table)
        case .figure(let figure):
          number += 1
          return [
            """
            **Figure \(number).** \(Markdown.text(figure.caption)) \
            ([chart](\(link(figure.chartPath))), [data](\(link(figure.dataPath))))
            """
          ]
        }
      }
      sections.append(Self.folded(section.title, parts))
    }
    return sections
  }

  private static func folded(_ title: String, _ parts: [String]) -> [String] {
    ["<details><summary>\(Markdown.html(title))</summary>"] + parts + ["</details>"]
  }

  private func link(_ path: String) -> String { linkBase + path }
}

/// The address below which a report's files can be reached.
package struct LinkBase: Sendable {
  /// Ends in a slash.
  package let address: String

  /// - Throws: `Diagnostic` of kind `.study` for what is no plain web address.
  package init(_ text: String) throws {
    func fault(_ expected: String, _ found: String, _ advice: String) -> Diagnostic {
      Diagnostic(
        .study, file: "--link-base", expected: expected, found: "\"\(found.prefix(200))\"",
        advice: advice)
    }
    guard
      let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }),
      text.utf8.count > scheme.utf8.count
    else {
      throw fault(
        "an address that begins with https://", text, "Give the address of the report's folder.")
    }
    let forbidden = text.unicodeScalars.first {
      !$0.isASCII || $0.value <= 0x20 || "<>\"\\`{}|^()[]?#".unicodeScalars.contains($0)
    }
    if let forbidden, ["?", "#"].contains(forbidden) {
      throw fault(
        "an address without a query or a fragment", text,
        "Leave out \(forbidden) and what follows: names of files are put behind the address.")
    }
    if let forbidden {
      let escaped = String(forbidden).utf8.map {
        "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)
      }
      throw fault(
        "an address of plain characters", text,
        "Write \(escaped.joined()) for \(forbidden == " " ? "a space" : "\"\(forbidden)\"").")
    }
    address = text.hasSuffix("/") ? text : text + "/"
  }
}
