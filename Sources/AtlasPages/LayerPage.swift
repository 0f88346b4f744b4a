import Atlas
import Charts
import ReportModel
import Reporting
import SiteRenderer

/// The page of one layer.
struct LayerPage {
  let report: AtlasReport
  let layer: Int
  /// The most rows of its tables of neurons and clusters.
  var rows = 100
  private static let open = 20
  private var findings: AtlasFindings { report.findings }
  private var places: Range<Int> { findings.places(layer: layer) }

  init(_ report: AtlasReport, _ layer: Int) {
    self.report = report
    self.layer = layer
  }

  var page: AtlasPage {
    let claim = LayerClaim(findings, layer)
    let written = WrittenSections(sections, folder: "../")
    func link(_ other: Int) -> AtlasPage.Link? {
      (0..<findings.model.layers).contains(other)
        ? .init(href: "L\(other).html", text: "Layer \(other)") : nil
    }
    return AtlasPage(
      depth: 3, trail: AtlasTrail.pages(report),
      title: "Layer \(layer) of \(findings.model.name)",
      subtitle: "\(places.count.of("neuron")), \(report.paths.name(places.lowerBound)) to "
        + report.paths.name(places.upperBound - 1),
      date: report.date, lead: claim.lead, detail: claim.detail, search: "../search/",
      body: written.body, contents: written.contents, previous: link(layer - 1),
      next: link(layer + 1))
  }

  var figures: [Figure] { sections.flatMap(\.figures) }

  private var sections: [Section] {
    [
      Section(id: "labels", title: "Best neuron for each label", blocks: [.table(labels)]),
      Section(
        id: "density", title: "How often its neurons fire", blocks: [.figure(density)] + dead),
      Section(id: "neurons", title: "Neurons with a grade", blocks: graded),
      Section(id: "clusters", title: "Neurons that nearly repeat each other", blocks: clusters),
    ]
  }

  private var labels: DataTable {
    let best = AtlasFigures(report).bestByLayer
    let cells = LabelCells(report, folder: "../")
    return DataTable(
      title: "The neuron that the discovery documents rank first in layer \(layer), for each label",
      header: ["Label", "Neuron"] + cells.labelHeader.dropFirst(),
      rows: findings.cells.indices.map { label in
        let row = cells.labelRow(best[label][layer], label)
        return [row[0], report.paths.cell(best[label][layer], from: "../")] + row.dropFirst()
      })
  }

  /// The distribution of the share of tokens on which a neuron fires.
  private var density: Figure {
    let shares = places.map { findings.neurons.firing[$0] }
    let bins = 20
    var counts = Array(repeating: 0, count: bins)
    for share in shares { counts[Int(min(max(share, 0), 0.999) * Double(bins))] += 1 }
    let edges = (0...bins).map { Double($0) * 100 / Double(bins) }
    let percent = counts.map { 100 * Double($0) / Double(shares.count) }
    let often = shares.count { $0 > 0.5 }
    return Figure(
      id: "layer-\(layer)-density",
      caption: often == 0
        ? "No neuron fires on more than half of the tokens."
        : "\(often.grouped) of \(shares.count.of("neuron")) \(often == 1 ? "fires" : "fire") on more "
          + "than half of the tokens.",
      note: "A neuron fires where hook_post is above 0; tokens of all documents.",
      chart: .histogram(
        HistogramChart(
          title: "Firing in layer \(layer)", x: Axis("Tokens on which it fires", unit: "%"),
          y: Axis("Neurons", unit: "%"), edges: edges, groups: [.init("", heights: percent)])),
      data: DataTable(
        header: ["from_percent", "to_percent", "neurons"],
        rows: counts.indices.map {
          [
            .number(edges[$0], decimals: 0), .number(edges[$0 + 1], decimals: 0),
            .integer(counts[$0]),
          ]
        }))
  }

  private var dead: [Section.Block] {
    let dead = places.filter { findings.neurons.firing[$0] == 0 }
    guard !dead.isEmpty else { return [] }
    let shown = dead.prefix(rows).map(report.paths.name).joined(separator: ", ")
    let rest = dead.count - min(dead.count, rows)
    return [
      .prose(
        "Never firing: \(shown)"
          + (rest > 0 ? " and \(rest.grouped) more, in [neurons.csv](../data/neurons.csv)." : "."))
    ]
  }

  /// The neurons with a grade, each with the label it stands for most.
  private var graded: [Section.Block] {
    let grades = findings.bestGrades
    let own = places.filter { grades[$0] != .none }.map { ($0, findings.mainLabel($0)) }
      .sorted { a, b in
        let (first, second) = (grades[a.0].rawValue, grades[b.0].rawValue)
        return (second, findings.cells[a.1].rank[a.0], a.0)
          < (first, findings.cells[b.1].rank[b.0], b.0)
      }
    guard !own.isEmpty else { return [.prose("No neuron of this layer has a grade.")] }
    let cells = LabelCells(report, folder: "../")
    func table(_ title: String, _ pairs: some Sequence<(Int, Int)>) -> Section.Block {
      .table(
        DataTable(
          title: title, header: ["Neuron"] + cells.labelHeader,
          rows: pairs.map { place, label in
            [report.paths.cell(place, from: "../")] + cells.labelRow(place, label)
          }))
    }
    let shown = own.prefix(rows)
    let first = min(Self.open, shown.count)
    let rest = own.count - shown.count
    return [table("Neurons of layer \(layer) with a grade", shown.prefix(first))]
      + (shown.count > first
        ? [
          .fold(
            "Neurons \(first + 1) to \(shown.count)",
            [table("Further neurons of layer \(layer) with a grade", shown.dropFirst(first))])
        ] : [])
      + (rest > 0
        ? [
          .prose(
            "\(rest.of("neuron")) more \(rest == 1 ? "has" : "have") a grade; the labels' CSVs have "
              + "all.")
        ] : [])
  }

  private var clusters: [Section.Block] {
    let own = findings.clusters.enumerated().filter {
      $0.element.members.contains { places.contains($0) }
    }
    guard findings.design.correlated > 0 else { return [.prose(AtlasText.notCorrelated)] }
    guard !own.isEmpty else {
      return [.prose("None correlates with another by \(AtlasText.duplicate).")]
    }
    return [
      .table(
        DataTable(
          title: "Clusters with neurons of layer \(layer)",
          header: ["Cluster", "Neurons", "|r| at least", "Members"],
          rows: own.prefix(rows).map { index, cluster in
            let shown = cluster.members.prefix(12).map(report.paths.name).joined(separator: ", ")
            let rest = cluster.members.count - min(cluster.members.count, 12)
            return [
              .id(index), .integer(cluster.members.count), .number(cluster.r, decimals: 3),
              .text(shown + (rest > 0 ? " and \(rest.grouped) more" : "")),
            ]
          }))
    ]
  }
}
