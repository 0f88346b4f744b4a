import Atlas
import Diagnostics
import Reporting
import SiteRenderer
import Storage

/// All files of an atlas's folder but the provenance, each within its budget.
package struct AtlasSite {
  /// The largest sizes, in bytes and in files.
  package struct Limits: Sendable {
    package var index = 100_000
    package var list = 250_000
    /// What a neuron's page is brought down to where passages can be left out, and what it never
    /// passes.
    package var neuron = 20_000
    package var neuronMost = 40_000
    package var bytes = 500_000_000
    package var files = 20_000

    package init() {}
  }

  package let files: [TextFile]
  /// The number of neurons' pages that were left out.
  package let leftOut: Int

  /// - Throws: `Diagnostic` of kind `.resources` for a page that cannot be brought within its budget.
  package init(
    _ report: AtlasReport, pages: PageBuilder, limits: Limits = Limits()
  ) throws {
    let (kept, neurons) = try Self.neurons(report, pages, limits)
    self.leftOut = report.findings.pages.count - kept.count
    var report = report
    report.keep(pagesOf: kept)
    let leftOut =
      self.leftOut == 0
      ? []
      : [
        "\(self.leftOut.of("neuron")) that would have a page \(self.leftOut == 1 ? "has" : "have") "
          + "none: the atlas keeps below \(limits.bytes / 1_000_000) MB and "
          + "\(limits.files.grouped) files. Their numbers are in the CSVs."
      ]
    let index = try Self.index(report, leftOut: leftOut, pages, limits)
    let labels = try report.findings.cells.indices.map {
      try Self.label(report, $0, pages, limits)
    }
    let layers = try (0..<report.findings.model.layers).map {
      try Self.layer(report, $0, pages, limits)
    }
    let tables = AtlasTables(report)
    let claim = AtlasClaim(report)
    let entry = AtlasEntry(
      slug: report.slug, title: report.title, model: report.findings.model.name,
      finding: claim.lead, date: report.date)
    files =
      index + labels.flatMap(\.self) + layers.flatMap(\.self) + neurons
      + tables.all.map { TextFile(path: "data/\($0.name).csv", text: $0.table.csv) }
      + AtlasSearch(report).files
      + [
        TextFile(path: FindingsFile.name, text: report.text),
        TextFile(path: AtlasEntry.name, text: try entry.text),
        TextFile(path: PullRequestSummary.name, text: AtlasSummary(report).markdown),
      ]
  }

  // MARK: Pages within their budgets

  private static func index(
    _ report: AtlasReport, leftOut: [String], _ pages: PageBuilder, _ limits: Limits
  ) throws -> [TextFile] {
    var content = AtlasIndexPage(report, leftOut: leftOut)
    func fitted() throws -> String {
      try fitting(limits.index, "index.html", report, from: content.listed) {
        content.listed = $0
        return pages.page(content.page)
      }
    }
    let all = content.listed
    let text = try? fitted()
    if text == nil {
      // Many labels have large charts, which the page can load instead.
      content.listed = all
      content.leavesCharts = true
    }
    return [TextFile(path: "index.html", text: try text ?? fitted())]
      + content.charts.map { TextFile(path: $0.path, text: $0.text) }
      + content.figures.map { TextFile(path: $0.dataPath, text: $0.data.csv) }
  }

  private static func label(
    _ report: AtlasReport, _ label: Int, _ pages: PageBuilder, _ limits: Limits
  ) throws -> [TextFile] {
    var content = LabelPage(report, label)
    let path = report.paths.labelPage(label)
    let text = try fitting(limits.list, path, report, from: content.rows) {
      content.rows = $0
      return pages.page(content.page)
    }
    return [TextFile(path: path, text: text)]
      + content.figures.map { TextFile(path: $0.dataPath, text: $0.data.csv) }
  }

  private static func layer(
    _ report: AtlasReport, _ layer: Int, _ pages: PageBuilder, _ limits: Limits
  ) throws -> [TextFile] {
    var content = LayerPage(report, layer)
    let path = report.paths.layerPage(layer)
    let text = try fitting(limits.list, path, report, from: content.rows) {
      content.rows = $0
      return pages.page(content.page)
    }
    return [TextFile(path: path, text: text)]
      + content.figures.map { TextFile(path: $0.dataPath, text: $0.data.csv) }
  }

  /// The text with as many rows as fit; at least ten are shown.
  private static func fitting(
    _ bytes: Int, _ path: String, _ report: AtlasReport, from rows: Int,
    render: (Int) throws -> String
  ) throws -> String {
    var rows = rows
    while true {
      let text = try render(rows)
      if text.utf8.count <= bytes { return text }
      guard rows > 10 else {
        throw tooLarge(text, path, report, bytes, "Give the atlas fewer or shorter labels.")
      }
      // What is over the budget is a share of all rows; a little more is left out at once.
      rows = min(rows - 1, max(10, rows * bytes * 9 / (text.utf8.count * 10)))
    }
  }

  private static func tooLarge(
    _ text: String, _ path: String, _ report: AtlasReport, _ bytes: Int, _ advice: String
  ) -> Diagnostic {
    Diagnostic(
      .resources, file: "\(report.slug)/\(path)", expected: "at most \(bytes.grouped) bytes",
      found: text.utf8.count.grouped, advice: advice + " Nothing was published.")
  }

  // MARK: Neurons

  /// The pages of neurons, in the order of their rank within labels, until the limits of the site.
  private static func neurons(
    _ report: AtlasReport, _ pages: PageBuilder, _ limits: Limits
  ) throws -> (places: [Int], files: [TextFile]) {
    let details = report.findings.pages.sorted { $0.place < $1.place }
    let rest = room(report, limits)
    let most = max(0, rest.files)
    // A page is about its budget; the bytes are counted again below.
    let chosen =
      details.count <= most
      ? details : Array(byRank(report, details).prefix(most)).sorted { $0.place < $1.place }
    var texts: [(place: Int, text: String)] = []
    for (index, detail) in chosen.enumerated() {
      var content = NeuronPage(report, detail)
      content.previous = index > 0 ? chosen[index - 1].place : nil
      content.next = index + 1 < chosen.count ? chosen[index + 1].place : nil
      texts.append((detail.place, try text(content, pages, limits, report)))
    }
    let bytes = texts.reduce(0) { $0 + $1.text.utf8.count }
    guard bytes > rest.bytes else { return files(texts, report) }
    // The pages that a rank leaves out change the neighbours of others, so all are made again.
    let share = Double(rest.bytes) / Double(bytes)
    var fewer = limits
    fewer.files = max(0, Int(Double(chosen.count) * share * 0.98)) + limits.files - most
    guard fewer.files < limits.files, share > 0 else { return ([], []) }
    return try neurons(report, pages, fewer)
  }

  private static func files(
    _ texts: [(place: Int, text: String)], _ report: AtlasReport
  ) -> (places: [Int], files: [TextFile]) {
    (
      texts.map(\.place),
      texts.map { TextFile(path: report.paths.neuronPage($0.place), text: $0.text) }
    )
  }

  /// The bytes and files that all other pages and tables leave to the pages of neurons. What is large
  /// of them grows with neurons and labels.
  private static func room(_ report: AtlasReport, _ limits: Limits) -> (bytes: Int, files: Int) {
    let labels = report.findings.cells.count
    let layers = report.findings.model.layers
    let cells = labels * report.findings.model.neurons
    return (
      limits.bytes - report.text.utf8.count - cells * 120 - (labels + layers) * limits.list / 2
        - report.findings.model.neurons * 150,
      limits.files - 4 * labels - 3 * layers - 100
    )
  }

  /// The details by their best rank within a label; named neurons come first.
  private static func byRank(_ report: AtlasReport, _ details: [NeuronDetail]) -> [NeuronDetail] {
    var rank: [Int: Int] = [:]
    for ranking in report.rankings {
      for (place, neuron) in ranking.enumerated() {
        rank[neuron] = min(rank[neuron] ?? .max, place)
      }
    }
    return details.sorted { a, b in
      if a.isNamed != b.isNamed { return a.isNamed }
      return (rank[a.place] ?? .max, a.place) < (rank[b.place] ?? .max, b.place)
    }
  }

  /// A neuron's page with as many passages as its budget allows, and at least one of each kind.
  private static func text(
    _ content: NeuronPage, _ pages: PageBuilder, _ limits: Limits, _ report: AtlasReport
  ) throws -> String {
    var content = content
    var most =
      Dictionary(grouping: content.detail.passages, by: \.kind).values.map(\.count).max() ?? 1
    while true {
      content.passages = most
      let text = pages.page(try content.page())
      if text.utf8.count <= limits.neuron { return text }
      guard most > 1 else {
        guard text.utf8.count <= limits.neuronMost else {
          throw tooLarge(
            text, report.paths.neuronPage(content.detail.place), report, limits.neuronMost,
            "Set a smaller window under pages.")
        }
        return text
      }
      most -= 1
    }
  }
}
