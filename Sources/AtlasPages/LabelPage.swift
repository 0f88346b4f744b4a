import Atlas
import Charts
import ReportModel
import Reporting
import SiteRenderer

/// The page of one label.
struct LabelPage {
  let report: AtlasReport
  let label: Int
  /// The number of neurons that the page shows; the CSV has all.
  var rows: Int
  private static let open = 20
  private var findings: AtlasFindings { report.findings }
  private var column: LabelColumns { findings.cells[label] }
  private var own: AtlasLabel { findings.orderedLabels[label] }

  init(_ report: AtlasReport, _ label: Int) {
    self.report = report
    self.label = label
    // One of thirty, and never more than can be looked through.
    rows = min(500, max(100, report.findings.model.neurons / 30))
  }

  var page: AtlasPage {
    let claim = LabelClaim(report, label)
    let written = WrittenSections(sections, folder: "../")
    func link(_ other: Int) -> AtlasPage.Link? {
      findings.cells.indices.contains(other)
        ? .init(href: "\(report.paths.labels[other]).html", text: findings.labelNames[other]) : nil
    }
    return AtlasPage(
      depth: 3, trail: AtlasTrail.pages(report),
      title: "\(own.name): neurons of \(findings.model.name)",
      subtitle: subtitle, date: report.date, lead: claim.lead, detail: claim.detail,
      search: "../search/", body: written.body, contents: written.contents,
      previous: link(label - 1), next: link(label + 1))
  }

  var figures: [Figure] { sections.flatMap(\.figures) }

  private var subtitle: String {
    func part(_ part: AtlasLabel.Part) -> String {
      "\(part.documents.of("document")) (\(part.tokens.of("token")))"
    }
    return "\(part(own.discovery)) choose, \(part(own.confirmation)) confirm"
      + (own.note.map { "; \($0)" } ?? "")
  }

  private var sections: [Section] {
    [
      Section(
        id: "neurons", title: "All neurons", blocks: [.figure(strip), .figure(profile)]),
      curve.map {
        Section(id: "sets", title: "Without its best neurons", blocks: [.figure($0)])
      },
      Section(id: "best", title: "Best neurons", blocks: best),
    ].compactMap(\.self)
  }

  // MARK: Figures

  /// The AUC that the best of all neurons reaches in 5 % of the shuffles of this label.
  private var null: Double? {
    guard let share = NullLine.shares.firstIndex(of: 0.95) else { return nil }
    let line = findings.nulls[label].auc
    return line.isEmpty ? nil : line[share]
  }

  private var strip: Figure {
    let level = findings.file.grades.level
    let beyond = (0..<findings.model.neurons).count { findings.p($0, label).label < level }
    let p = "(p below \(AtlasText.p(level)))"
    let caption =
      beyond == 0
      ? "No neuron is beyond chance for \(own.name) \(p)."
      : "\(beyond.grouped) of \(findings.model.neurons.of("neuron")) \(beyond == 1 ? "is" : "are") "
        + "beyond chance for \(own.name) \(p)."
    let best = StripChart.Mark(
      report.paths.name(own.best), .init(own.auc, low: own.low, high: own.high), .studied)
    let marks = [best] + (null.map { [.init("shuffled, 95 %", .init($0), .null)] } ?? [])
    return Figure(
      id: "label-\(report.paths.labels[label])", caption: caption,
      note:
        "Each neuron's AUC on confirmation documents. The dashed line is the 95 % quantile of the "
        + "best neuron's over \(findings.file.permutations.of("shuffle")) of the labels, for a neuron "
        + "with as many ties as the median one.",
      chart: .strip(
        StripChart(
          title: "All neurons for \(own.name)", x: Axis("AUC"),
          rows: [.init("", values: column.auc, marks: marks)])),
      data: AtlasTables(report).neurons(of: label))
  }

  private var profile: Figure {
    let best = AtlasFigures(report).bestByLayer[label]
    let points = best.enumerated().map { layer, place in
      LineChart.Point(
        x: Double(layer), y: column.auc[place], low: column.low[place], high: column.high[place])
    }
    let top = best.map { column.auc[$0] }.max() ?? 0
    let highest = best.indices.filter { column.auc[best[$0]] == top }
    let first = highest.first.map { report.paths.name(best[$0]) } ?? ""
    let caption =
      highest.count == 1
      ? "Of the layers' first neurons, \(first) has the highest AUC, \(AtlasText.fixed(top))."
      : "The first neurons of \(highest.count.of("layer")) reach the highest AUC, "
        + "\(AtlasText.fixed(top)); the earliest is \(first)."
    return Figure(
      id: "label-\(report.paths.labels[label])-layers",
      caption: caption,
      note:
        "AUC on confirmation documents of the neuron that the discovery documents rank first in "
        + "each layer, with \(AtlasText.confidence(findings.design.confidence)) intervals.",
      chart: .line(
        LineChart(
          title: "\(own.name) by layer", x: .numeric(Axis("Layer")), y: Axis("AUC"),
          series: [.init("", points: points)],
          references: null.map { [.init($0, label: "shuffled, 95 %")] } ?? [])),
      data: DataTable(
        header: ["layer", "neuron", "auc", "low", "high"],
        rows: best.enumerated().map { layer, place in
          [
            .integer(layer), .text(report.paths.name(place)),
            .number(column.auc[place], decimals: 3), .number(column.low[place], decimals: 3),
            .number(column.high[place], decimals: 3),
          ]
        }))
  }

  /// The change of the label's loss over the size of the set; nil without sets.
  private var curve: Figure? {
    guard let claim = SetClaim(findings) else { return nil }
    let sizes = claim.sets.sizes
    let rankings = SetEffects.Ranking.allCases.filter { ranking in
      sizes.contains { claim.percent(ranking, label: label, on: label, size: $0) != nil }
    }
    func estimates(_ ranking: SetEffects.Ranking) -> [SetClaim.Estimate?] {
      sizes.map { claim.percent(ranking, label: label, on: label, size: $0) }
    }
    let series = rankings.map { ranking in
      LineChart.Series(
        ranking.words,
        points: estimates(ranking).enumerated().map { place, estimate in
          LineChart.Point(
            x: Double(place), y: estimate?.value,
            low: estimate.flatMap { $0.hasInterval ? $0.low : nil },
            high: estimate.flatMap { $0.hasInterval ? $0.high : nil })
        })
    }
    return Figure(
      id: "label-\(report.paths.labels[label])-sets", caption: claim.curve(label),
      note:
        "Change of the loss on \(claim.sets.documents[label].of("confirmation document")) "
        + "\(SetClaim.intervals(rankings.flatMap(estimates))); random and matched sets have as many "
        + "neurons of each layer.",
      chart: .line(
        LineChart(
          title: "Loss on \(own.name) without sets of neurons",
          x: .categories(sizes.map(\.grouped), label: "Neurons in the set"),
          y: Axis("Change of loss", unit: "%"), series: series)),
      data: DataTable(
        header: ["size", "ranking", "change_percent", "low", "high"],
        rows: rankings.flatMap { ranking in
          zip(sizes, estimates(ranking)).map { size, estimate in
            [.integer(size), .text(ranking.rawValue)] + AtlasFigures.cells(estimate)
          }
        }))
  }

  // MARK: The best neurons

  /// The command that studies the best graded neurons together; empty for fewer than two.
  private func set(_ shown: some Sequence<Int>) -> String {
    let best = shown.filter { column.grade($0) != .none }.prefix(4)
    guard best.count > 1 else { return "" }
    let neurons = best.map { report.paths.name($0) }.joined(separator: "+")
    return "\n\nThe full report of the first \(best.count) together: "
      + Markdown.code("reportgen build --from-atlas SITE \(neurons)")
  }

  private var best: [Section.Block] {
    let cells = LabelCells(report, folder: "../")
    let shown = report.rankings[label].prefix(rows)
    func table(_ title: String, _ places: some Sequence<Int>) -> Section.Block {
      .table(
        DataTable(
          title: title, header: cells.neuronHeader, rows: places.map { cells.neuronRow($0, label) })
      )
    }
    let first = min(Self.open, shown.count)
    let csv =
      "Ordered by grade, then by rank on the discovery documents. "
      + "[All \(findings.model.neurons.of("neuron")) (CSV)](../\(report.paths.labelData(label)))"
      + set(shown)
    let rest =
      shown.count > first
      ? [
        Section.Block.fold(
          "Neurons \(first + 1) to \(shown.count)",
          [table("Neurons \(first + 1) to \(shown.count) for \(own.name)", shown.dropFirst(first))])
      ] : []
    return [.prose(csv), table("Best neurons for \(own.name)", shown.prefix(first))] + rest
  }
}
