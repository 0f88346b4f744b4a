import Charts
import Study

extension Upstream {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      What \(neuron) reads: each earlier component's output, divided by the scale of the layer norm \
      before the MLP and dotted with the neuron's W\\_in, a mean over tokens after BOS. Components \
      and b\\_in (\(Wording.fixed(result.bias, 4))) add up to the pre-activation within \
      \(NumberText.significant(result.sumError)). \
      \(result.samples.target.words(study.file.target)) \
      \(result.samples.other.words("the other class"))
      """
    var blocks: [Section.Block] = [
      .prose(prose), .figure(Self.reads(result, neuron, study.file.target)),
    ]
    if !result.downstream.isEmpty {
      blocks.append(.figure(Self.moves(result, neuron, study.file.target)))
      blocks.append(.table(Self.neurons(result.downstream)))
    }
    return Section(id: Self.id, title: "Wiring", blocks: blocks)
  }

  /// Components that the chart has room for.
  private static let mostRows = 16

  private static func reads(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let largest = result.parts.sorted { $0.difference.magnitude > $1.difference.magnitude }
      .prefix(mostRows)
    let chart = IntervalChart(
      title: "What \(neuron) reads", x: Axis("Part in the pre-activation"),
      rows: largest.map { .init($0.label, [$0.target.estimate, $0.other.estimate]) },
      groups: [target, "other"])
    let data = DataTable(
      header: [
        "component", target, "low", "high", "other", "other, low", "other, high", "difference",
      ],
      rows: result.parts.map {
        [.text($0.label)] + $0.target.cells(4) + $0.other.cells(4)
          + [.number($0.difference, decimals: 4)]
      })
    return Figure(
      id: "upstream-reads",
      caption: readsCaption(result, target: target)
        + " Drawn are the \(largest.count) of \(result.parts.count) components that differ most.",
      chart: .intervals(chart), data: data)
  }

  package static func readsCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let difference = result.pre.target.value - result.pre.other.value
    let sorted = result.parts.sorted { $0.difference.magnitude > $1.difference.magnitude }
    let shares = sorted.prefix(3).map { "\($0.label) \(Wording.signed($0.difference, 2))" }
    return "The pre-activation of \(neuron) is \(result.pre.target.words(2)) on \(target) and "
      + "\(result.pre.other.words(2)) on the other class. Of the difference, "
      + "\(Wording.signed(difference, 2)), the largest parts are \(Wording.list(shares))."
  }

  private static func moves(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let chart = IntervalChart(
      title: "Change of later activations", x: Axis("Mean |change| in standard deviations"),
      rows: result.downstream.map { layer in
        .init(
          "Layer \(layer.layer)", [.init(layer.meanAbsolute)],
          control: layer.null.min().flatMap { low in layer.null.max().map { .init(low, $0) } })
      }, controlName: "\(result.downstream.first?.null.count ?? 0) random neurons ablated")
    let data = DataTable(
      header: [
        "layer", "mean absolute change", "random: lowest", "random: highest",
        "random: largest change of a neuron", "neurons beyond that", "constant neurons",
      ],
      rows: result.downstream.map { layer in
        [
          .integer(layer.layer), .number(layer.meanAbsolute, decimals: 4),
          .number(layer.null.min() ?? 0, decimals: 4), .number(layer.null.max() ?? 0, decimals: 4),
          .number(layer.nullLargest, decimals: 4), .integer(layer.beyond),
          .integer(layer.constant),
        ]
      })
    return Figure(
      id: "upstream-moves", caption: movesCaption(result, target: target),
      chart: .intervals(chart), data: data)
  }

  package static func movesCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let layers = result.downstream.map { layer in
      "in layer \(layer.layer) by \(Wording.fixed(layer.meanAbsolute, 3)), "
        + "\(layer.null.count { $0 < layer.meanAbsolute } == layer.null.count ? "more than" : "beside") "
        + "the \(Wording.fixed(layer.null.min() ?? 0, 3)) to "
        + "\(Wording.fixed(layer.null.max() ?? 0, 3)) of \(layer.null.count) random neurons "
        + "(\(layer.beyond.of("neuron")) move further than any does then)"
    }
    return "Ablating \(neuron) moves later neurons' mean activations on \(target), in units of "
      + "their clean standard deviation, \(layers.joined(separator: "; "))."
  }

  private static func neurons(_ layers: [LayerChange]) -> DataTable {
    DataTable(
      header: ["neuron", "change in standard deviations", "beyond every random ablation"],
      rows: layers.flatMap { layer in
        zip(layer.neurons, layer.changes).map { neuron, change in
          [
            .text("L\(layer.layer)N\(neuron)"), .number(change, decimals: 3),
            .text(abs(change) > layer.nullLargest ? "yes" : "no"),
          ]
        }
      })
  }
}
