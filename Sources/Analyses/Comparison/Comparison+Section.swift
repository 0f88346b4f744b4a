import Charts
import Passes
import ReportModel
import StudyFile

extension Comparison {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let samples = result.samples, result.neurons.count > 1 else { return nil }
    let target = Markdown.text(study.file.target)
    let prose = """
      The studied neuron beside the ones that the study names (`compare:`), all of layer \
      \(result.layer). Probes are those of every neuron above: MCC, F1 and ROC-AUC on tokens of \
      documents that the threshold was not fitted on. Each neuron is set to \(study.file.ablation.value.wordsOfSeveral) \
      from position 1 on, over \(samples.target.documents.of("document")) of \
      \(target) (\(samples.target.tokens.of("token"))) and \
      \(samples.other.documents.of("document")) of the other class \
      (\(samples.other.tokens.of("token"))); intervals are 95 % over documents\
      \(DocumentSample.Size.small(samples.target.documents)).
      """
    let figure = Self.figure(result, study.file.target, study.file.ablation.value)
    return Section(
      id: Self.id, title: "Neurons side by side", part: .need, finding: figure.caption,
      isFolded: true, blocks: [.figure(figure), .prose(prose)])
  }

  private static func figure(
    _ result: Result, _ target: String, _ value: AblationSettings.Value
  ) -> Figure {
    func name(_ row: Row) -> String {
      NeuronAddress(layer: result.layer, neuron: row.neuron).description
    }
    let chart = IntervalChart(
      title: "Change of loss by neuron", x: Axis("Change of loss", unit: "%"),
      rows: result.neurons.enumerated().map { index, row in
        .init(
          name(row) + (index == 0 ? " (studied)" : ""),
          [row.change.target.percent.estimate, row.change.other.percent.estimate],
          emphasis: index == 0 ? .studied : .plain)
      }, groups: [target, "other class"], reference: .init(0, label: "no change"))
    let data = DataTable(
      header: [
        "neuron", "rank", "MCC", "lower end", "upper end", "F1", "ROC-AUC", "document MCC",
        "mean, \(target)", "mean, other", "loss change, \(target)", "lower", "upper",
        "percent, \(target)", "loss change, other", "lower (other)", "upper (other)",
        "percent, other",
      ],
      rows: result.neurons.map { row in
        [.text(name(row)), row.probe.map { .integer($0.rank) } ?? .missing]
          + (row.probe?.mcc.cells(3) ?? [.missing, .missing, .missing])
          + [row.probe?.f1, row.probe?.rocAUC, row.probe?.documentMCC].map(number)
          + [number(row.mean.target), number(row.mean.other)]
          + row.change.target.change.cells(4)
          + [.number(row.change.target.percent.value, decimals: 2)]
          + row.change.other.change.cells(4)
          + [.number(row.change.other.percent.value, decimals: 2)]
      })
    return Figure(
      id: "comparison-neurons", caption: caption(result, target, name),
      note: "95 % intervals; each neuron set to \(value.wordsOfSeveral).",
      chart: .intervals(chart), data: data)
  }

  private static func caption(
    _ result: Result, _ target: String, _ name: (Row) -> String
  ) -> String {
    let words = result.neurons.map { row in
      "\(name(row)) \(row.change.target.change.words)"
        + (row.probe.map { " (MCC \(Wording.fixed($0.mcc.value, 2)))" } ?? "")
    }
    return "Change of the loss on \(target) without each neuron, in nats: \(Wording.list(words))."
  }

  private static func number(_ value: Double?) -> DataTable.Cell {
    value.map { .number($0, decimals: 3) } ?? .missing
  }
}
