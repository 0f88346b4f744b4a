import Charts
import ReportModel
import StudyFile

extension WeightSimilarity {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard !result.cosine.isEmpty else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      What \(neuron) writes into the residual stream, W_out, beside what each later neuron reads, \
      its column of W_in: their cosine, and their dot product, which the lengths of both sway. \
      A large value says that the one could drive the other, not that it does: other components \
      write the same directions, and only the change under ablation settles it.
      """
    let gated = """
      Neurons of this model read twice: W\\_gate is what decides whether a neuron lets through what \
      it reads by W\\_in. A direction that matches W\\_gate alone opens or closes the neuron and says \
      nothing of its sign.
      """
    var gates: [Section.Block] = []
    if let cosine = result.cosineGate, let dot = result.dotGate {
      gates = [
        .prose(gated),
        .figure(
          Self.bars(cosine, of: neuron, kind: .cosine, map: "W_gate", random: result.random)),
        .figure(Self.bars(dot, of: neuron, kind: .dot, map: "W_gate", random: result.random)),
      ]
    }
    return Section(
      id: Self.id, title: "Weight similarity", part: .mechanism,
      finding: Self.cosineCaption(result), isFolded: true,
      blocks: [
        .figure(Self.cosineHistogram(result, neuron: neuron)),
        .figure(Self.bars(result.cosine, of: neuron, kind: .cosine, random: result.random)),
        .figure(Self.dotHistogram(result, neuron: neuron)),
        .figure(Self.bars(result.dot, of: neuron, kind: .dot, random: result.random)),
        .prose(prose),
      ] + gates)
  }

  private static func cosineHistogram(_ result: Result, neuron: NeuronAddress) -> Figure {
    histogram(
      "weight-cosine-histogram", Axis("Cosine with W_out of \(neuron)"),
      edges: result.histogram.edges, percent: result.histogram.cosine,
      marks: [-1.0, 1.0].map {
        .init(
          $0 < 0 ? "" : "largest of a layer of random directions",
          .init($0 * result.random.expectedLargest), .null)
      }, caption: cosineCaption(result), note: cosineNote(result))
  }

  private static func dotHistogram(_ result: Result, neuron: NeuronAddress) -> Figure {
    return histogram(
      "weight-dot-histogram", Axis("Dot product with W_out of \(neuron)"),
      edges: result.histogram.dotEdges, percent: result.histogram.dot,
      caption: "The dot product with W_in of a later neuron is largest by absolute value in layer "
        + largest(result.dot) + ".", note: "\(result.random.compared.of("later neuron")).")
  }

  private static func histogram(
    _ id: String, _ x: Axis, edges: [Double], percent: [Double], marks: [StripChart.Mark] = [],
    caption: String, note: String
  ) -> Figure {
    let chart = HistogramChart(
      title: x.label, x: x, y: Axis("Later neurons", unit: "%"), edges: edges,
      groups: [.init("later neurons", heights: percent)], marks: marks)
    let data = DataTable(
      header: ["from", "to", "percent"],
      rows: zip(zip(edges, edges.dropFirst()), percent).map {
        [
          .number($0.0, decimals: 4), .number($0.1, decimals: 4), .number($1, decimals: 3),
        ]
      })
    return Figure(id: id, caption: caption, note: note, chart: .histogram(chart), data: data)
  }

  /// The caption that compares the largest cosines with those of random directions.
  package static func cosineCaption(_ result: Result) -> String {
    let random = result.random
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    return
      "\(random.beyond.grouped) of \(random.compared.of("later neuron")) read a direction closer to "
      + "what \(neuron) writes than random directions would; the largest cosine by absolute value is "
      + "in layer \(largest(result.cosine))."
  }

  private static func cosineNote(_ result: Result) -> String {
    let random = result.random
    return "Random directions in \(random.dimensions.of("dimension")) have a standard deviation of "
      + "\(Wording.fixed(random.standardDeviation, 3)) (here "
      + "\(Wording.fixed(random.observedStandardDeviation, 3))); the largest |cos| of a layer of "
      + "\(random.neurons.grouped) is expected to be \(Wording.fixed(random.expectedLargest, 3))."
  }

  /// The strongest neuron of each layer; of many layers, the three strongest.
  private static func largest(_ tops: [LayerTop]) -> String {
    let most = tops.count > LayerRange.fewLayers ? 3 : tops.count
    let shown = tops.sorted {
      ($0.values.first?.magnitude ?? 0) > ($1.values.first?.magnitude ?? 0)
    }.prefix(most).map(\.layer)
    let listed = tops.filter { shown.contains($0.layer) }
    return Wording.list(listed.map { "\($0.layer): \(strongest($0))" })
      + (most < tops.count ? ", the strongest of \(tops.count) layers" : "")
  }

  private static func strongest(_ top: LayerTop) -> String {
    guard let neuron = top.neurons.first, let value = top.values.first else { return "none" }
    return "\(NeuronAddress(layer: top.layer, neuron: neuron)) (\(Wording.fixed(value, 2)))"
  }

  private enum Kind: String {
    case cosine, dot

    var label: String { self == .cosine ? "Cosine" : "Dot product" }
  }

  /// The most bars that one chart has room for.
  private static let mostBars = 20

  private static func bars(
    _ layers: [LayerTop], of neuron: NeuronAddress, kind: Kind, map: String? = nil, random: Null
  ) -> Figure {
    let by = map.map { " by \($0)" } ?? ""
    let all = layers.flatMap { top in
      zip(top.neurons, top.values).map { (NeuronAddress(layer: top.layer, neuron: $0), $1) }
    }
    // The bars are drawn layer after layer if they fit; otherwise the largest of all are drawn.
    let shown =
      all.count <= mostBars
      ? all : Array(all.sorted { abs($0.1) > abs($1.1) }.prefix(mostBars))
    let chart = BarChart(
      title: "\(kind.label) with later neurons\(by)",
      x: Axis("\(kind.label) with W_out of \(neuron)"),
      rows: shown.map { BarChart.Row($0.0.description, $0.1) })
    let data = DataTable(
      header: ["layer", "neuron", kind.label.lowercased()],
      rows: all.map { [.integer($0.0.layer), .id($0.0.neuron), .number($0.1, decimals: 4)] })
    let positive = all.count { $0.1 > 0 }
    let caption =
      "Of the ten later neurons a layer with the largest |\(kind.label.lowercased())|\(by), \(positive) "
      + "have a positive one and \(all.count - positive) a negative one."
    var note = shown.count < all.count ? "The \(shown.count) largest are drawn. " : ""
    if kind == .cosine {
      let beyond = all.count { abs($0.1) > random.expectedLargest }
      note +=
        "\(beyond) of these \(all.count) are beyond ±\(Wording.fixed(random.expectedLargest, 3)), what "
        + "the best of a layer of random directions would reach."
    }
    return Figure(
      id: "weight-\(kind.rawValue)\(map == nil ? "" : "-gate")-top", caption: caption, note: note,
      chart: .bars(chart),
      data: data)
  }
}
