import Analyses
import Charts
import Diagnostics
import JSON
import ReportModel
import Storage

/// A report: the presentation of findings. It needs no model, and equal findings give equal bytes.
package struct Report: Sendable {
  package let study: FindingsStudy
  /// The content of `findings.json`.
  package let json: JSON
  /// The verdict; nil if the study found too little to judge.
  package let verdict: Verdict?
  /// The claim in words; nil where the study found too little.
  package let claim: Claim?
  /// The claim as a picture.
  package let card: Figure?
  /// The numbers by which reports are compared.
  package let keyFigures: [KeyFigure]
  package let sections: [Section]
  /// The date, `YYYY-MM-DD`: the study's own or the build's fallback; nil shows none.
  package let date: String?
  /// How the report was made, where its folder is at hand; nothing of the page depends on it.
  package var made: Provenance?

  /// - Parameter fallbackDate: the date if the study has none, see `ReportDate`.
  package init(findings: Findings, findingsJSON: JSON, fallbackDate: String? = nil) {
    let verdict = Verdict(findings: findings)
    self.init(
      study: findings.study, json: findingsJSON, verdict: verdict,
      claim: Claim(findings, tests: verdict?.tests ?? []), card: ClaimFigure.figure(findings),
      keyFigures: KeyFigure.all(findings),
      sections: Limits.sections(findings) + findings.sections(),
      date: findings.study.file.date ?? fallbackDate)
  }

  package init(_ file: FindingsFile, fallbackDate: String? = nil) {
    self.init(findings: file.findings, findingsJSON: file.json, fallbackDate: fallbackDate)
  }

  /// A report made of given parts.
  package init(
    study: FindingsStudy, json: JSON, verdict: Verdict?, claim: Claim? = nil, card: Figure? = nil,
    keyFigures: [KeyFigure] = [], sections: [Section], date: String?
  ) {
    self.study = study
    self.json = json
    self.verdict = verdict
    self.claim = claim
    self.card = card
    self.keyFigures = keyFigures
    self.sections = sections
    self.date = date
    text = json.text
    checksum = Checksum.sha256(of: text)
    settled = ReportDocument(self)
  }

  package var slug: String { study.file.slug }
  package var title: String { study.file.title }

  /// The content of the page and of `report.md`, in order.
  var document: ReportDocument { settled ?? ReportDocument(self) }
  private var settled: ReportDocument?

  /// The text of `findings.json`; below, its SHA-256.
  let text: String
  let checksum: String

  /// The figures without duplicates.
  package var figures: [Figure] { document.figures }

  /// The object of `findings.json` to which the addresses of figures are relative.
  package var findingsTree: JSON { json["findings"] ?? .object([]) }

  /// The results of checking the study's expectations.
  package var checks: [CheckResult] {
    CheckResult.all(study.file.expect, findings: findingsTree)
  }

  package var comparisons: [PublishedComparison] {
    study.file.published.map { PublishedComparison($0, findings: findingsTree) }
  }

  /// The finding as one paragraph of plain text.
  package var finding: String {
    claim.map { $0.detail.isEmpty ? $0.lead : $0.lead + " " + $0.detail }
      ?? "\(study.subjectNames) of \(study.model.name): the study found too little to judge the "
      + "\(study.file.subject.rawValue)."
  }

  /// The files of the report's folder except the page and the provenance.
  package var files: [TextFile] { files(FigureCharts(figures)) }

  /// The same files from charts that have already been drawn.
  func files(_ charts: FigureCharts) -> [TextFile] {
    let figures = figures
    return [
      TextFile(path: "report.md", text: MarkdownWriter(self).text),
      TextFile(path: PullRequestSummary.name, text: PullRequestSummary(self).markdown),
      TextFile(path: FindingsFile.name, text: text),
    ] + figures.map { TextFile(path: $0.chartPath, text: charts.file($0)) }
      + figures.map { TextFile(path: $0.dataPath, text: $0.data.csv) }
  }
}

/// The date of a report whose study has none.
package enum ReportDate {
  /// The day of `SOURCE_DATE_EPOCH`, in seconds since 1970 in UTC; nil if it is not set.
  ///
  /// - Throws: `Diagnostic` of kind `.study` for anything but a number of the years 1970 to 9999.
  package static func sourceDateEpoch(_ value: String?) throws -> String? {
    guard let value, !value.isEmpty else { return nil }
    guard let seconds = Int(value), (0..<253_402_300_800).contains(seconds) else {
      throw Diagnostic(
        .study, file: "SOURCE_DATE_EPOCH", expected: "seconds since 1970",
        found: "\"\(value.prefix(40))\"", advice: "Unset it, or use the output of: date +%s")
    }
    return day(seconds / 86_400)
  }

  /// The date of a number of days since 1970 (H. Hinnant, civil_from_days, with years from March
  /// on).
  private static func day(_ days: Int) -> String {
    let shifted = days + 719_468
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    return "\(padded(year, 4))-\(padded(month < 10 ? month + 3 : month - 9, 2))-\(padded(day, 2))"
  }
}
