import Atlas
import ReportModel

/// Rows of tables about pairs of a neuron and a label.
struct LabelCells {
  let report: AtlasReport
  /// The atlas's folder, relative to the page.
  let folder: String
  private var findings: AtlasFindings { report.findings }

  init(_ report: AtlasReport, folder: String) {
    self.report = report
    self.folder = folder
  }

  private var interval: String { AtlasText.confidence(findings.design.confidence) }

  /// The columns that a pair of a neuron and a label fills.
  private var pairHeader: [String] {
    [
      "Grade", "AUC [\(AtlasText.unbroken(interval))]", "Next best label, AUC [lower bound]", "MCC",
      "p, label", "p, atlas", "q",
    ]
  }

  /// The columns of the best neurons of one label.
  var neuronHeader: [String] { ["Neuron"] + pairHeader + ["LAPE", "Cluster"] }

  func neuronRow(_ place: Int, _ label: Int) -> [DataTable.Cell] {
    let cluster = findings.neurons.cluster[place]
    return [report.paths.cell(place, from: folder)] + cells(place, label)
      + [
        .text(findings.cells[label].lape[place] == 1 ? "yes" : "–"),
        cluster < 0 ? .missing : .id(cluster),
      ]
  }

  /// The columns of all labels of one neuron.
  var labelHeader: [String] { ["Label"] + pairHeader }

  func labelRow(_ place: Int, _ label: Int) -> [DataTable.Cell] {
    [.link(findings.labelNames[label], path: folder + report.paths.labelPage(label))]
      + cells(place, label)
  }

  private func cells(_ place: Int, _ label: Int) -> [DataTable.Cell] {
    let column = findings.cells[label]
    let p = findings.p(place, label)
    let grade = column.grade(place)
    let next =
      "\(AtlasText.fixed(column.nextAUC[place])) [\(AtlasText.fixed(column.nextLow[place]))]"
    return [
      grade == .confirmed ? .strong(grade.words) : .text(grade == .none ? "–" : grade.words),
      .text(
        AtlasText.unbroken(
          AtlasText.auc(column.auc[place], column.low[place], column.high[place]))),
      .text("\(findings.labelNames[column.next[place]]) " + AtlasText.unbroken(next)),
      .number(column.mcc[place], decimals: 3),
      .text(AtlasText.p(p.label)), .text(AtlasText.p(p.atlas)), .text(AtlasText.p(column.q[place])),
    ]
  }
}
