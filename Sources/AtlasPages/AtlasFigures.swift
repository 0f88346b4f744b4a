import Atlas
import Charts
import ReportModel
import StudyFile

/// The figures of an atlas's index: labels by layers, the sets' matrix, and controls.
struct AtlasFigures {
  let report: AtlasReport
  private var findings: AtlasFindings { report.findings }

  init(_ report: AtlasReport) {
    self.report = report
  }

  /// For each label and layer the neuron that the discovery documents rank first there.
  var bestByLayer: [[Int]] {
    findings.cells.map { column in
      (0..<findings.model.layers).map { layer in
        findings.places(layer: layer).min { column.rank[$0] < column.rank[$1] } ?? 0
      }
    }
  }

  /// A heat map of labels by layers: how many neurons are confirmed, or, where none is, how far the
  /// best ones get.
  var layers: Figure {
    let best = bestByLayer
    let names = findings.labelNames
    func counts(_ grade: LabelColumns.Grade) -> [[Int]] {
      findings.cells.map { column in
        (0..<findings.model.layers).map { layer in
          findings.places(layer: layer).count { column.grade($0) == grade }
        }
      }
    }
    let (confirmed, suggestive) = (counts(.confirmed), counts(.suggestive))
    let data = DataTable(
      header: ["label", "layer", "confirmed", "suggestive", "first", "auc", "low", "high"],
      rows: names.indices.flatMap { label in
        best[label].enumerated().map { layer, place in
          [
            .text(names[label]), .integer(layer), .integer(confirmed[label][layer]),
            .integer(suggestive[label][layer]), .text(report.paths.name(place)),
            .number(findings.cells[label].auc[place], decimals: 3),
            .number(findings.cells[label].low[place], decimals: 3),
            .number(findings.cells[label].high[place], decimals: 3),
          ]
        }
      })
    let isCounted = confirmed.joined().contains { $0 > 0 }
    let values =
      isCounted
      ? confirmed.map { $0.map(Double.init) }
      : zip(findings.cells, best).map { column, places in places.map { column.auc[$0] } }
    return Figure(
      id: "labels-by-layer",
      caption: Self.caption(values, names, isCounted: isCounted),
      note: isCounted
        ? "The number of neurons of each layer that are confirmed for a label."
        : "No neuron is confirmed. AUC on confirmation documents of the neuron that the discovery "
          + "documents rank first for a label in a layer; 0.5 is chance.",
      chart: .heatMap(
        HeatMap(
          title: isCounted ? "Confirmed neurons" : "Best neurons of each layer, by label",
          value: Axis(isCounted ? "Confirmed neurons" : "AUC"), rows: names,
          columns: (0..<findings.model.layers).map(String.init), columnLabel: "Layer",
          cells: values)),
      data: data)
  }

  /// `Most neurons of a layer are confirmed for Dutch in layer 3: 45.`
  static func caption(_ values: [[Double]], _ names: [String], isCounted: Bool) -> String {
    let cells = values.enumerated().flatMap { row, values in
      values.enumerated().map { (value: $0.element, label: row, layer: $0.offset) }
    }
    guard let top = cells.map(\.value).max(),
      case let places = cells.filter({ $0.value == top }), let first = places.first
    else { return "No layer was measured." }
    let place = "\(names[first.label]) in layer \(first.layer)"
    let value = isCounted ? Int(top).grouped : AtlasText.fixed(top)
    let what = isCounted ? "largest number of confirmed neurons" : "highest AUC"
    return places.count == 1
      ? "The \(what), \(value), is that for \(place)."
      : "The \(what), \(value), is reached \(places.count.of("time")), first for \(place)."
  }

  /// The change of every label's loss without each label's best neurons; nil without sets.
  var sets: [Figure] {
    guard let claim = SetClaim(findings) else { return [] }
    return [matrix(claim), controls(claim)]
  }

  private func matrix(_ claim: SetClaim) -> Figure {
    let names = findings.labelNames
    let cells = names.indices.map { label in
      names.indices.map { claim.percent(.auc, label: label, on: $0, size: claim.size)?.value }
    }
    let data = DataTable(
      header: ["set_of", "loss_of", "change_percent", "low", "high"],
      rows: names.indices.flatMap { label in
        names.indices.map { other in
          [.text(names[label]), .text(names[other])]
            + Self.cells(claim.percent(.auc, label: label, on: other, size: claim.size))
        }
      })
    return Figure(
      id: "sets-matrix", caption: claim.matrix,
      note: "Rows: whose \(claim.size == 1 ? "best neuron is" : "\(claim.size) best neurons are") "
        + "set to the mean over the other labels; columns: whose loss changes, in percent, on "
        + "confirmation documents alone.",
      chart: .heatMap(
        HeatMap(
          title: "Change of loss without each label's best neurons",
          value: Axis("Change of loss", unit: "%"), rows: names, columns: names,
          columnLabel: "Loss of", cells: cells, isSigned: true)),
      data: data)
  }

  private static let rankings: [SetEffects.Ranking] = [.auc, .lape, .random, .matched]

  private func controls(_ claim: SetClaim) -> Figure {
    let names = findings.labelNames
    let rankings = Self.rankings.filter { ranking in
      names.indices.contains {
        claim.percent(ranking, label: $0, on: $0, size: claim.size) != nil
      }
    }
    let estimates = names.indices.map { label in
      rankings.map { claim.percent($0, label: label, on: label, size: claim.size) }
    }
    return Figure(
      id: "sets-controls", caption: claim.controls,
      note:
        "Change of a label's own loss in percent, "
        + "\(SetClaim.intervals(estimates.flatMap(\.self))); random and matched sets have as many "
        + "neurons of each layer.",
      chart: .intervals(
        IntervalChart(
          title: "Best neurons beside control sets", x: Axis("Change of loss", unit: "%"),
          rows: names.indices.map { label in
            .init(names[label], estimates[label].map { $0.map(\.chart) })
          }, groups: rankings.map(\.words), reference: .init(0, label: ""))),
      data: DataTable(
        header: ["label", "ranking", "change_percent", "low", "high"],
        rows: names.indices.flatMap { label in
          zip(rankings, estimates[label]).map { ranking, estimate in
            [.text(names[label]), .text(ranking.rawValue)] + Self.cells(estimate)
          }
        }))
  }

  static func cells(_ estimate: SetClaim.Estimate?) -> [DataTable.Cell] {
    guard let estimate else { return [.missing, .missing, .missing] }
    return [
      .number(estimate.value, decimals: 3),
      estimate.hasInterval ? .number(estimate.low, decimals: 3) : .missing,
      estimate.hasInterval ? .number(estimate.high, decimals: 3) : .missing,
    ]
  }
}

extension SetClaim.Estimate {
  var chart: IntervalChart.Estimate {
    hasInterval ? .init(value, low: low, high: high) : .init(value)
  }
}

extension SetEffects.Ranking {
  var words: String {
    switch self {
    case .auc: "best by AUC"
    case .lape: "best by LAPE"
    case .random: "random"
    case .matched: "matched firing"
    }
  }
}
