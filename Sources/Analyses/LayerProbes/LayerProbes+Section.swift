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
      alone, fitted to convergence on \(result.training.of("token")) and judged on \
      \(result.test.of("other token")) of other documents, as many documents of either class.
      """
    let studied = result.studied
    var caption =
      "\(name(studied)) classifies \(Wording.percent(studied.testAccuracy)) of held-out tokens "
      + "correctly: "
    switch result.rank {
    case 0: caption += "no neuron of its layer does better"
    case 1: caption += "one neuron of its layer does better"
    case let rank: caption += "\(rank) of the layer's \(result.neurons.grouped) neurons do better"
    }
    if let best = result.top.first(where: { $0.neuron != studied.neuron }) {
      caption += "; the best other is \(name(best)) with \(Wording.percent(best.testAccuracy))"
    }
    caption += "."
    let note =
      "Half of the layer's neurons are at or below \(Wording.percent(result.quantiles[1])), 95 % at "
      + "or below \(Wording.percent(result.quantiles[2])); chance 50 %."
    let marks =
      [StripChart.Mark(name(studied), .init(100 * studied.testAccuracy), .studied)]
      + (result.top.first { $0.neuron != studied.neuron }.map {
        [StripChart.Mark(name($0), .init(100 * $0.testAccuracy), .rival)]
      } ?? []) + [StripChart.Mark("chance", .init(50), .null)]
    let chart = HistogramChart(
      title: "Accuracy of every neuron of the layer", x: Axis("Held-out accuracy", unit: "%"),
      y: Axis("Share of the neurons", unit: "%"), edges: result.edges,
      groups: [
        .init("layer \(result.layer)", heights: result.percent, mean: 100 * result.mean)
      ], marks: marks)
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
      id: Self.id, title: "Every neuron of the layer", part: .response, finding: caption,
      isFolded: true,
      blocks: [
        .figure(
          Figure(
            id: "layer-probes", caption: caption, note: note, chart: .histogram(chart), data: data)),
        .prose(prose),
      ])
  }
}
