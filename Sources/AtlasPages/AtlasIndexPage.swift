import Atlas
import Charts
import ReportModel
import Reporting
import SiteRenderer
import StudyFile

/// The first page of an atlas.
struct AtlasIndexPage {
  let report: AtlasReport
  /// What a reader should know of pages that were left out.
  let leftOut: [String]
  /// The number of neurons that a label's list names.
  var listed = 50
  /// Whether the charts are loaded from their files, because the page would be too large with them.
  var leavesCharts = false
  private var findings: AtlasFindings { report.findings }

  init(_ report: AtlasReport, leftOut: [String]) {
    self.report = report
    self.leftOut = leftOut
  }

  var page: AtlasPage {
    let claim = AtlasClaim(report)
    let written = WrittenSections(sections, folder: "", leavesCharts: leavesCharts)
    let failed = report.checks.count { !$0.holds }
    return AtlasPage(
      depth: 2, trail: [.init(href: "../../index.html", text: "All reports")],
      title: report.title, subtitle: subtitle, date: report.date,
      notices: (failed == 0
        ? [] : ["\(failed) of \(report.checks.count.of("expectation")) failed."]) + leftOut,
      lead: claim.lead, detail: claim.detail, search: "search/",
      body: written.body, contents: written.contents)
  }

  /// The charts of the page as files.
  var charts: [(path: String, text: String)] {
    WrittenSections(sections, folder: "", leavesCharts: leavesCharts).charts
  }

  var figures: [Figure] { sections.flatMap(\.figures) }

  private var subtitle: String {
    let model = findings.model
    let labels = findings.orderedLabels
    let discovery = labels.reduce(0) { $0 + $1.discovery.documents }
    let confirmation = labels.reduce(0) { $0 + $1.confirmation.documents }
    let tokens = labels.reduce(0) { $0 + $1.discovery.tokens + $1.confirmation.tokens }
    let revision = model.revision.map { ", revision \($0)" } ?? ""
    return
      "\(model.neurons.of("neuron")) of \(model.name)\(revision) (\(model.layers.of("layer"))) "
      + "against \(labels.count) labels; \(discovery.grouped) documents choose, "
      + "\(confirmation.grouped) confirm; \(tokens.of("token"))"
  }

  private var sections: [Section] {
    let figures = AtlasFigures(report)
    return [
      Section(
        id: "labels", title: "Labels",
        blocks: [.table(labels), .figure(figures.layers)]),
      figures.sets.isEmpty
        ? nil
        : Section(
          id: "sets", title: "Without the best neurons",
          blocks: figures.sets.map(Section.Block.figure)),
      checkpoints,
      AtlasReading.section(report),
      Section(id: "layers", title: "Layers", blocks: [.table(layers)]),
      Section(id: "neurons", title: "Neurons with a page", blocks: neurons),
      checks,
      Section(id: "files", title: "Files and settings", blocks: files),
    ].compactMap(\.self)
  }

  // MARK: Labels and layers

  private var labels: DataTable {
    let interval = AtlasText.unbroken(AtlasText.confidence(findings.design.confidence))
    return DataTable(
      title:
        "Labels with the neuron that the discovery documents rank first; documents that choose + "
        + "those that confirm",
      header: [
        "Label", "Confirmed", "Suggestive", "LAPE", "First neuron", "Grade", "AUC [\(interval)]",
        "Documents",
      ],
      rows: findings.orderedLabels.enumerated().map { index, label in
        [
          .link(label.name, path: report.paths.labelPage(index)), .integer(label.confirmed),
          .integer(label.suggestive), .integer(label.lape),
          report.paths.cell(label.best, from: ""),
          .text(findings.cells[index].grade(label.best).words),
          .text(AtlasText.unbroken(AtlasText.auc(label.auc, label.low, label.high))),
          .text("\(label.discovery.documents.grouped) + \(label.confirmation.documents.grouped)"),
        ]
      })
  }

  private var layers: DataTable {
    let grades = findings.bestGrades
    return DataTable(
      title: "Layers",
      header: ["Layer", "Confirmed", "Suggestive", "Never fire", "In clusters"],
      rows: (0..<findings.model.layers).map { layer in
        let places = findings.places(layer: layer)
        return [
          .link("Layer \(layer)", path: report.paths.layerPage(layer)),
          .integer(grades[places].count { $0 == .confirmed }),
          .integer(grades[places].count { $0 == .suggestive }),
          .integer(places.count { findings.neurons.firing[$0] == 0 }),
          .integer(places.count { findings.neurons.cluster[$0] >= 0 }),
        ]
      })
  }

  // MARK: Neurons

  /// The neurons with a page, by the label they stand for most; the list is complete without the
  /// search.
  private var neurons: [Section.Block] {
    let pages = report.paths.pages
    guard !pages.isEmpty else { return [.prose("No neuron has a page of its own.")] }
    let byLabel = Dictionary(grouping: pages.sorted(), by: findings.mainLabel)
    return findings.cells.indices.compactMap { label in
      guard let places = byLabel[label] else { return nil }
      let order = places.sorted { findings.cells[label].ranks($0, before: $1) }
      func links(_ places: some Sequence<Int>) -> String {
        places.map { "[\(report.paths.name($0))](\(report.paths.neuronPage($0)))" }
          .joined(separator: ", ")
      }
      let name = Markdown.text(findings.labelNames[label])
      let rest = order.count - listed
      return .prose(
        "**\(name)**: " + links(order.prefix(listed))
          + (rest > 0
            ? "; [\(rest.grouped) more](\(report.paths.labelPage(label))) are on the label's page."
            : "."))
    }
  }

  // MARK: Checkpoints, checks, files

  private var checkpoints: Section? {
    guard !findings.checkpoints.isEmpty else { return nil }
    return CheckpointFigure(report).section
  }

  private var checks: Section? {
    let checks = report.checks
    if checks.isEmpty { return nil }
    return Section(
      id: "checks", title: "Checks", finding: CheckResult.summary(checks), isFolded: true,
      blocks: [.table(CheckResult.table(checks))])
  }

  private var files: [Section.Block] {
    let tables =
      AtlasTables(report).all.map { "[\($0.name)](data/\($0.name).csv)" }
      + findings.cells.indices.map {
        "[\(Markdown.text(findings.labelNames[$0]))](\(report.paths.labelData($0)))"
      }
    let notes = findings.notes.map { "- " + Markdown.text($0) }
    let repeated = findings.orderedLabels.reduce(0) { $0 + $1.repeated }
    let cut = findings.orderedLabels.reduce(0) { $0 + $1.cut }
    let intake =
      "\(repeated.of("document")) \(repeated == 1 ? "was" : "were") left out as near repetitions, "
      + "\(cut.grouped) cut to the window."
    return [
      .prose(
        "- [findings.json](findings.json): every number of this atlas, and its settings\n"
          + "- [provenance.json](provenance.json): checksums, versions, machine and times of the "
          + "build\n- Tables as CSV, all neurons with all labels: " + tables.joined(separator: ", ")
      ),
      .prose((["- " + intake] + notes).joined(separator: "\n")),
    ]
  }
}
