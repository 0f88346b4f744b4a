import ReportModel

/// What a page leaves to the files beside it to stay within its budget. First, charts are loaded
/// from files, beginning with the last figure; then tables of data are left out, then the ends of
/// the longest sections.
struct LeftToFiles: Equatable, Sendable {
  /// The paths of charts that are loaded from files.
  private(set) var charts: Set<String> = []
  /// The paths of data that are linked instead of shown.
  private(set) var tables: Set<String> = []
  /// The number of blocks that are shown, keyed by the section's id.
  private(set) var blocks: [String: Int] = [:]

  /// - Parameters:
  ///   - tables: the paths of data that are linked from the start
  ///   - charts: the paths of charts that are loaded from files from the start
  init(tables: Set<String> = [], charts: Set<String> = []) {
    self.tables = tables
    self.charts = charts
  }

  /// The number of blocks of a section that are always shown.
  private static let fewest = 4

  /// Calls `render` with more and more left to files until the page fits the budget.
  ///
  /// - Returns: the page. It exceeds the budget only if nothing more can be left to files, as with
  ///   long notes.
  static func fitting(
    _ budget: Budget, _ document: ReportDocument, _ charts: FigureCharts,
    render: (LeftToFiles) throws -> String
  ) rethrows -> String {
    var left = LeftToFiles()
    var page = try render(left)
    while case let excess = page.utf8.count - budget.bytes, excess > 0,
      left.leaveMore(of: document, charts, saving: excess)
    {
      page = try render(left)
    }
    return page
  }

  /// Leaves about `bytes` more to files; returns false if nothing more can be left.
  private mutating func leaveMore(
    of document: ReportDocument, _ drawn: FigureCharts, saving bytes: Int
  ) -> Bool {
    let before = self
    var saved = 0
    // The card of the opening and the first figures matter most to a reader, so the last are left
    // first.
    for figure in document.figures.reversed() where !charts.contains(figure.chartPath) {
      guard saved <= bytes + bytes / 20 else { break }
      guard let chart = drawn.inline(figure) else { continue }
      saved += chart.wide.utf8.count + chart.narrow.utf8.count
      charts.insert(figure.chartPath)
    }
    if self != before { return true }
    tables = Set(document.figures.map(\.dataPath))
    if self != before { return true }
    let sections = document.parts.flatMap(\.sections).map { section in
      (id: section.id, shown: blocks[section.id] ?? section.blocks.count)
    }
    guard let longest = sections.max(by: { $0.shown < $1.shown }), longest.shown > Self.fewest
    else { return false }
    blocks[longest.id] = max(Self.fewest, longest.shown / 2)
    return true
  }

  /// The blocks of a section that are shown, and a sentence about the others.
  func shown(of section: Section) -> (blocks: ArraySlice<Section.Block>, rest: String?) {
    guard let count = blocks[section.id], count < section.blocks.count else {
      return (section.blocks[...], nil)
    }
    let figures = section.blocks.dropFirst(count).reduce(0) { $0 + $1.figures.count }
    return (
      section.blocks.prefix(count),
      "The rest of this section, \(figures.of("figure")), would make the page too long to open; it "
        + "stands in report.md."
    )
  }
}
