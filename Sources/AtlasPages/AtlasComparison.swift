import Analyses
import Atlas
import JSON
import ReportModel
import Reporting

/// The changes between two atlases, such as those of two checkpoints or of two corpora.
package struct AtlasComparison {
  private let base: AtlasReport
  private let head: AtlasReport
  /// The path of the base, as on the command line.
  private let basePath: String?

  package init(base: AtlasReport, head: AtlasReport, basePath: String? = nil) {
    self.base = base
    self.head = head
    self.basePath = basePath
  }

  package var comparison: ReportComparison {
    ReportComparison(
      title: "What changed in \(head.title)",
      baseName: "“\(base.title)”" + (basePath.map { " (\($0))" } ?? ""),
      settings: settings, figures: figures,
      expectations: ReportComparison.expected(
        head.checks, before: CheckResult.all(head.findings.file.expect, findings: base.json)),
      before: Self.numbers(base), after: Self.numbers(head), further: [neurons])
  }

  // MARK: Settings and figures

  private var settings: [ReportComparison.Fact] {
    let model = StudyChanges.settings(
      base: base.json["model"] ?? .null, head: head.json["model"] ?? .null)
    let corpora = base.findings.orderedLabels.compactMap { label -> ReportComparison.Fact? in
      guard let other = head.findings.labels[label.name], other.sha256 != label.sha256 else {
        return nil
      }
      return ReportComparison.Fact(
        name: "texts of \(label.name)", base: String(label.sha256.prefix(12)),
        head: String(other.sha256.prefix(12)))
    }
    return StudyChanges.settings(
      base: base.json["file"] ?? .null, head: head.json["file"] ?? .null)
      + model.map {
        ReportComparison.Fact(name: "model, \($0.name)", base: $0.base, head: $0.head)
      } + corpora + StudyChanges.made(base: base.made, head: head.made)
  }

  private var figures: [ReportComparison.KeyFigureChange] {
    KeyFigureChanges.figures(base: Self.figures(base), head: Self.figures(head))
  }

  /// Labels with a confirmed neuron, then two figures of each label.
  private static func figures(_ report: AtlasReport) -> [KeyFigure] {
    let labels = report.findings.orderedLabels
    let sets = SetClaim(report.findings)
    return [
      KeyFigure(
        label: "Labels with a confirmed neuron",
        value: Measured(Double(labels.count { $0.confirmed > 0 })), isChange: false)
    ]
      + labels.enumerated().flatMap { index, label -> [KeyFigure] in
        let own = sets.flatMap { $0.percent(.auc, label: index, on: index, size: $0.size) }
        return [
          KeyFigure(
            label: "\(label.name): confirmed neurons", value: Measured(Double(label.confirmed)),
            isChange: false),
          KeyFigure(
            label: "\(label.name): AUC of the best neuron",
            value: Measured(label.auc, low: label.low, high: label.high), isChange: false),
        ]
          + (own.map { own in
            [
              KeyFigure(
                label: "\(label.name): loss without its \(sets?.size ?? 0) best neurons",
                value: own.hasInterval
                  ? Measured(own.value, low: own.low, high: own.high) : Measured(own.value),
                unit: " %")
            ]
          } ?? [])
      }
  }

  /// The numbers that are compared one by one; columns of neurons are not among them.
  private static func numbers(_ report: AtlasReport) -> JSON {
    .object(
      ["labels", "nulls"].compactMap { key in
        report.json[key].map { .init(key: key, value: $0) }
      })
  }

  // MARK: Neurons

  /// Which neurons gained or lost a grade for each label; both atlases must have the same neurons.
  private var neurons: Section {
    let (a, b) = (base.findings.model, head.findings.model)
    guard a.layers == b.layers, a.dMLP == b.dMLP else {
      return Section(
        id: "neurons", title: "Neurons",
        blocks: [
          .prose(
            "The models have other shapes (\(a.layers) × \(a.dMLP) and \(b.layers) × \(b.dMLP)), so "
              + "their neurons are not held against each other.")
        ])
    }
    let shared = base.findings.labelNames.filter { head.findings.labels[$0] != nil }
    guard !shared.isEmpty else {
      return Section(
        id: "neurons", title: "Neurons", blocks: [.prose("The atlases share no label.")])
    }
    return Section(
      id: "neurons", title: "Neurons",
      blocks: [
        .prose("A neuron of the one is held against the neuron of the same address of the other."),
        .table(
          DataTable(
            title: "Confirmed neurons by label",
            header: ["Label", "In both", "Lost", "Gained", "Of the 50 best, in both"],
            rows: shared.map(row))),
      ])
  }

  private func row(_ name: String) -> [DataTable.Cell] {
    guard let first = base.findings.labelNames.firstIndex(of: name),
      let second = head.findings.labelNames.firstIndex(of: name)
    else { return [.text(name), .missing, .missing, .missing, .missing] }
    func confirmed(_ report: AtlasReport, _ label: Int) -> Set<Int> {
      Set(
        report.findings.cells[label].grade.indices.filter {
          report.findings.cells[label].grade($0) == .confirmed
        })
    }
    let (before, after) = (confirmed(base, first), confirmed(head, second))
    func names(_ places: Set<Int>) -> DataTable.Cell {
      let shown = places.sorted().prefix(8).map(head.paths.name)
      let rest = places.count - shown.count
      return .text(
        places.isEmpty
          ? "none" : shown.joined(separator: ", ") + (rest > 0 ? " and \(rest.grouped) more" : ""))
    }
    let best = Set(base.rankings[first].prefix(50)).intersection(head.rankings[second].prefix(50))
    return [
      .text(name), names(before.intersection(after)), names(before.subtracting(after)),
      names(after.subtracting(before)), .integer(best.count),
    ]
  }
}
