import ReportModel

/// What a page leaves to the files beside it so that it stays within its budget: first charts, from
/// the last figure up, which the page then loads as files; then tables of data; then the ends of the
/// longest sections.
struct LeftToFiles: Equatable, Sendable {
  /// Paths of charts that are shown as files.
  private(set) var charts: Set<String> = []
  /// Paths of data that are linked and not shown.
  private(set) var tables: Set<String> = []
  /// How many blocks of a section are shown, by its id.
  private(set) var blocks: [String: Int] = [:]

  /// Blocks of a section that always stay.
  private static let fewest = 4

  /// The page that `render` gives, with as much left to files as it takes.
  ///
  /// - Returns: a page above the budget only where nothing more can be left, as with long notes.
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

  /// Leaves about so many bytes more; false where nothing is left to leave.
  private mutating func leaveMore(
    of document: ReportDocument, _ drawn: FigureCharts, saving bytes: Int
  ) -> Bool {
    let before = self
    var saved = 0
    // The opening's card and the first figures are what a reader came for.
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

  /// The blocks of a section that are shown, and what to say of the others.
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
