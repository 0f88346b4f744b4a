import Atlas
import Charts
import ReportModel

/// The tables of an atlas as CSV files: every neuron with every label.
struct AtlasTables {
  let report: AtlasReport
  private var findings: AtlasFindings { report.findings }

  init(_ report: AtlasReport) {
    self.report = report
  }

  /// The tables that belong to no figure, by the names of their files.
  var all: [(name: String, table: DataTable)] {
    [("labels", labels), ("layers", layers), ("neurons", neurons), ("clusters", clusters)]
      + (findings.sets == nil ? [] : [("sets", sets)])
      + [("nulls", nulls)] + (findings.checkpoints.isEmpty ? [] : [("checkpoints", checkpoints)])
  }

  /// All neurons of one label, in the order of layers; no grade is an empty field.
  func neurons(of label: Int) -> DataTable {
    let column = findings.cells[label]
    return DataTable(
      header: [
        "neuron", "grade", "auc", "low", "high", "mcc", "next", "next_auc", "next_low", "p_label",
        "p_atlas", "q", "lape",
      ],
      rows: (0..<findings.model.neurons).map { place in
        let p = findings.p(place, label)
        let grade = column.grade(place)
        return [
          .text(report.paths.name(place)), grade == .none ? .missing : .text(grade.words),
          number(column.auc[place]), number(column.low[place]), number(column.high[place]),
          number(column.mcc[place]),
          .text(findings.labelNames[column.next[place]]), number(column.nextAUC[place]),
          number(column.nextLow[place]), number(p.label), number(p.atlas), number(column.q[place]),
          .integer(column.lape[place]),
        ]
      })
  }

  private var labels: DataTable {
    DataTable(
      header: [
        "label", "discovery_documents", "discovery_tokens", "confirmation_documents",
        "confirmation_tokens", "repeated", "cut", "confirmed", "clusters", "suggestive", "lape",
        "best", "auc", "low", "high",
      ],
      rows: findings.orderedLabels.map { label in
        [
          .text(label.name), .integer(label.discovery.documents), .integer(label.discovery.tokens),
          .integer(label.confirmation.documents), .integer(label.confirmation.tokens),
          .integer(label.repeated), .integer(label.cut), .integer(label.confirmed),
          .integer(label.clusters), .integer(label.suggestive), .integer(label.lape),
          .text(report.paths.name(label.best)), number(label.auc), number(label.low),
          number(label.high),
        ]
      })
  }

  private var layers: DataTable {
    let grades = findings.bestGrades
    return DataTable(
      header: [
        "layer", "neurons", "confirmed", "suggestive", "dead", "in_clusters", "firing_median",
      ],
      rows: (0..<findings.model.layers).map { layer in
        let places = findings.places(layer: layer)
        let firing = places.map { findings.neurons.firing[$0] }.sorted()
        return [
          .integer(layer), .integer(places.count),
          .integer(grades[places].count { $0 == .confirmed }),
          .integer(grades[places].count { $0 == .suggestive }),
          .integer(firing.count { $0 == 0 }),
          .integer(places.count { findings.neurons.cluster[$0] >= 0 }),
          number(firing[firing.count / 2]),
        ]
      })
  }

  /// What does not depend on a label. Tokens are shown with their spaces as ␣, one after the other.
  private var neurons: DataTable {
    let columns = findings.neurons
    func tokens(_ indices: [Int]) -> DataTable.Cell {
      .text(indices.map { ReadableText.token(findings.tokens[$0]) }.joined(separator: " "))
    }
    return DataTable(
      header: [
        "neuron", "mean", "max", "firing", "lape_entropy", "cluster", "promotes", "fires_on",
      ],
      rows: (0..<findings.model.neurons).map { place in
        [
          .text(report.paths.name(place)), number(columns.mean[place]),
          number(columns.max[place]), number(columns.firing[place]), number(columns.entropy[place]),
          columns.cluster[place] < 0 ? .missing : .integer(columns.cluster[place]),
          tokens(columns.promoted[place]), tokens(columns.fires[place]),
        ]
      })
  }

  private var clusters: DataTable {
    DataTable(
      header: ["cluster", "neurons", "r", "members"],
      rows: findings.clusters.enumerated().map { index, cluster in
        [
          .integer(index), .integer(cluster.members.count), number(cluster.r),
          .text(cluster.members.map(report.paths.name).joined(separator: " ")),
        ]
      })
  }

  private var sets: DataTable {
    let names = findings.labelNames
    return DataTable(
      header: ["ranking", "label", "size", "loss_of", "change", "low", "high", "neurons"],
      rows: (findings.sets?.effects ?? []).flatMap { effect in
        names.indices.map { other in
          [
            .text(effect.ranking.rawValue), .text(names[effect.label]), .integer(effect.size),
            .text(names[other]), number(effect.change[other]),
            effect.hasIntervals ? number(effect.low[other]) : .missing,
            effect.hasIntervals ? number(effect.high[other]) : .missing,
            // The members stand once, in the row of the set's own label.
            other == effect.label
              ? .text(effect.neurons.map(report.paths.name).joined(separator: " ")) : .missing,
          ]
        }
      })
  }

  private var nulls: DataTable {
    DataTable(
      header: ["family", "share", "z", "auc"],
      rows: findings.nulls.flatMap { null in
        NullLine.shares.enumerated().map { index, share in
          [
            .text(null.label ?? "atlas"), number(share), number(null.z[index]),
            null.auc.isEmpty ? .missing : number(null.auc[index]),
          ]
        }
      })
  }

  private var checkpoints: DataTable {
    let sizes = findings.sets?.sizes ?? []
    return DataTable(
      header: [
        "checkpoint", "equals", "label", "confirmed", "suggestive", "best", "auc", "low", "high",
        "auc_of_final",
      ] + sizes.map { "change_\($0)" },
      rows: findings.checkpoints.flatMap { checkpoint in
        zip(findings.labelNames, checkpoint.labels).map { name, label in
          [
            .text(checkpoint.name), checkpoint.equals.map { .text($0) } ?? .missing, .text(name),
            .integer(label.confirmed), .integer(label.suggestive),
            .text(report.paths.name(label.best)), number(label.auc), number(label.low),
            number(label.high), number(label.final),
          ]
            + sizes.indices.map {
              $0 < label.change.count ? number(label.change[$0]) : .missing
            }
        }
      })
  }

  private func number(_ value: Double) -> DataTable.Cell { .number(value, decimals: 3) }
}
