/// Everything that the list of published reports shows.
package struct IndexPage: Sendable {
  /// One report of the list.
  package struct Entry: Sendable, Codable {
    /// The report's folder below `reports/`.
    package var slug: String
    package var title: String
    package var finding: String
    package var verdict: ReportPage.Verdict?
    package var keyFigures: [ReportPage.KeyFigure]
    package var model: String
    package var date: String?
    /// A small inline chart that says nothing the figures do not.
    package var sparkline: String?

    package init(
      slug: String, title: String, finding: String, verdict: ReportPage.Verdict? = nil,
      keyFigures: [ReportPage.KeyFigure] = [], model: String, date: String? = nil,
      sparkline: String? = nil
    ) {
      self.slug = slug
      self.title = title
      self.finding = finding
      self.verdict = verdict
      self.keyFigures = keyFigures
      self.model = model
      self.date = date
      self.sparkline = sparkline
    }
  }

  package var title: String
  package var introduction: String
  /// In the order to show them in.
  package var reports: [Entry]

  package init(title: String, introduction: String = "", reports: [Entry]) {
    self.title = title
    self.introduction = introduction
    self.reports = reports
  }
}
