import Atlas
import Charts
import ReportModel

/// How each label's best neurons came about over training.
struct CheckpointFigure {
  let report: AtlasReport
  private var findings: AtlasFindings { report.findings }

  init(_ report: AtlasReport) {
    self.report = report
  }

  var section: Section {
    Section(
      id: "checkpoints", title: "Over training",
      blocks: [.figure(curve), .table(table)] + (equal.map { [.prose(Markdown.text($0))] } ?? []))
  }

  /// The checkpoints' names, then that of the atlas's own model.
  private var names: [String] {
    findings.checkpoints.map(\.name) + [findings.model.revision ?? "the model"]
  }

  private var curve: Figure {
    let labels = findings.orderedLabels
    let series = labels.enumerated().map { index, label in
      let points = findings.checkpoints.map(\.labels[index]).enumerated().map { place, figures in
        LineChart.Point(
          x: Double(place), y: figures.auc, low: figures.low, high: figures.high)
      }
      return LineChart.Series(
        label.name,
        points: points + [
          .init(
            x: Double(findings.checkpoints.count), y: label.auc, low: label.low, high: label.high)
        ])
    }
    return Figure(
      id: "checkpoints", caption: caption,
      note:
        "AUC on confirmation documents of the neuron that the discovery documents rank first at "
        + "each checkpoint; 0.5 is chance.",
      chart: .line(
        LineChart(
          title: "Best neurons over training", x: .categories(names, label: "Checkpoint"),
          y: Axis("AUC"), series: series)),
      data: table)
  }

  /// `Labels with a confirmed neuron: 0, 3 and 5 at step0, step512 and step1000; 5 at the end.`
  private var caption: String {
    let counts = findings.checkpoints.map { checkpoint in
      checkpoint.labels.count { $0.confirmed > 0 }
    }
    let last = findings.orderedLabels.count { $0.confirmed > 0 }
    let first = counts.first ?? last
    let start = "From \(names[0]) to the atlas's own model, the labels with a confirmed neuron "
    return first == last
      ? start + "are \(last) at both ends."
      : start + (first < last ? "grow" : "shrink") + " from \(first) to \(last)."
  }

  private var table: DataTable {
    DataTable(
      title: "Checkpoints",
      header: [
        "Checkpoint", "Label", "Confirmed", "Suggestive", "Best neuron", "AUC",
        "AUC of the final best",
      ],
      rows: findings.checkpoints.flatMap { checkpoint in
        zip(findings.labelNames, checkpoint.labels).map { name, figures in
          [
            .text(checkpoint.name), .text(name), .integer(figures.confirmed),
            .integer(figures.suggestive), .text(report.paths.name(figures.best)),
            .text(AtlasText.auc(figures.auc, figures.low, figures.high)),
            .number(figures.final, decimals: 3),
          ]
        }
      })
  }

  /// Checkpoints whose weights are those of another; nil if there is none.
  private var equal: String? {
    let pairs = findings.checkpoints.compactMap { checkpoint in
      checkpoint.equals.map { "\(checkpoint.name) has the weights of \($0)" }
    }
    return pairs.isEmpty
      ? nil : "Equal weights were computed once: \(pairs.joined(separator: "; "))."
  }
}
