import Charts
import ReportModel
import StudyFile

extension LayerProbes {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard result.quantiles.count == 3 else { return nil }
    func name(_ probe: Probe) -> String {
      NeuronAddress(layer: result.layer, neuron: probe.neuron).description
    }
    let prose = """
      A logistic regression for each of the \(result.neurons.of("neuron")) of layer \(result.layer) \
      alone, taken to its optimum on \(result.training.of("token")) and judged on \
      \(result.test.of("other token")) of other documents, as many documents of either class.
      """
    let studied = result.studied
    var caption =
      "\(name(studied)) tells \(study.file.target) from the other class in "
      + "\(Wording.percent(studied.testAccuracy)) of held-out tokens: "
    switch result.rank {
    case 0: caption += "no neuron of its layer does better. "
    case 1: caption += "one neuron of its layer does better. "
    case let rank: caption += "\(rank) of the layer's \(result.neurons) neurons do better. "
    }
    if let best = result.top.first(where: { $0.neuron != studied.neuron }) {
      caption +=
        "The best \(result.rank == 0 ? "other" : "one"), \(name(best)), has "
        + "\(Wording.percent(best.testAccuracy)); "
    }
    caption +=
      "half of all neurons stay below \(Wording.percent(result.quantiles[1])), and 19 in 20 below "
      + "\(Wording.percent(result.quantiles[2]))."
    let chart = HistogramChart(
      title: "Accuracy of every neuron of the layer", x: Axis("Held-out accuracy", unit: "%"),
      y: Axis("Share of the neurons", unit: "%"), edges: result.edges,
      groups: [
        .init("layer \(result.layer)", heights: result.percent, mean: 100 * result.mean)
      ])
    let isListed = result.top.contains { $0.neuron == studied.neuron }
    let data = DataTable(
      header: [
        "neuron", "held-out accuracy, %", "training accuracy, %", "coefficient", "intercept",
      ],
      rows: (result.top + (isListed ? [] : [studied])).map {
        [
          .text(name($0)), .number(100 * $0.testAccuracy, decimals: 2),
          .number(100 * $0.trainAccuracy, decimals: 2), .number($0.coefficient, decimals: 4),
          .number($0.intercept, decimals: 4),
        ]
      })
    return Section(
      id: Self.id, title: "Every neuron of the layer",
      blocks: [
        .prose(prose),
        .figure(
          Figure(id: "layer-probes", caption: caption, chart: .histogram(chart), data: data)),
      ])
  }
}
