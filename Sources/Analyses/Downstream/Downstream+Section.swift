import Charts
import ReportModel
import StudyFile

extension Downstream {
  package func section(_ result: [LayerDifference], in study: FindingsStudy) -> Section? {
    guard !result.isEmpty, let corpus = study.corpora.first(where: { $0.role == .evaluation })
    else { return nil }
    let hasPadded = result.contains { $0.padded != nil }
    var prose = """
      How far the activations of later neurons move on \(Markdown.text(corpus.name)) when \
      \(study.neuron) is set to \(study.file.ablation.value.words) at every position, BOS included: \
      mean activation ablated minus clean, as everywhere on this page, so that negative means that \
      the neuron drives the other (`findings.json`, and figures published from it, keep the \
      notebook's clean minus ablated). In each layer the ten neurons whose W_in is most similar to \
      its W_out stand against all others, by |mean ablated − mean clean| averaged over neurons, in \
      which signs do not cancel. Means over real tokens leave BOS out.
      """
    if hasPadded {
      prose += """
         The padded numbers are the notebook's: one batch padded to the longest document, every \
        position but the first counted, pads included.
        """
    }
    return Section(
      id: Self.id, title: "Downstream neurons as in the notebook",
      finding: Self.caption(result, neuron: study.neuron, corpus: corpus), isFolded: true,
      blocks: [
        .figure(Self.layers(result, study.neuron, corpus)),
        .figure(Self.neurons(result, study.neuron, corpus, hasPadded: hasPadded)),
        .prose(prose),
      ])
  }

  private static func layers(
    _ result: [LayerDifference], _ neuron: NeuronAddress, _ corpus: FindingsStudy.CorpusCount
  ) -> Figure {
    let chart = BarChart(
      title: "Change of later activations under ablation",
      x: Axis("Mean |change of activation|"),
      groups: [.init("most similar neurons"), .init("all others")],
      rows: result.map {
        BarChart.Row(
          "Layer \($0.layer)", $0.masked.selectedMeanAbsolute, $0.masked.otherMeanAbsolute)
      })
    return Figure(
      id: "downstream-layers", caption: caption(result, neuron: neuron, corpus: corpus),
      note:
        "\(corpus.documents.of("document")), \(corpus.tokens.of("token")) after BOS; no interval, "
        + "no controls.",
      chart: .bars(chart), data: means(result))
  }

  /// The caption of the figure by layer: how far the most similar neurons move, and all others.
  package static func caption(
    _ result: [LayerDifference], neuron: NeuronAddress, corpus: FindingsStudy.CorpusCount
  ) -> String {
    let start =
      "Without \(neuron) the activations of the later neurons most similar to it change on "
      + "\(Wording.quoted(corpus.name)) by "
    if let similar = LayerRange(
      result.map { ($0.layer, $0.masked.selectedMeanAbsolute) }, decimals: 3)
    {
      let others = LayerRange(
        result.compactMap { layer in layer.masked.otherMeanAbsolute.map { (layer.layer, $0) } },
        decimals: 3)
      return start + similar.words + (others.map { ", all others by \($0.words)" } ?? "")
        + ", over \(similar.layers) layers, as mean |change|."
    }
    let layers = result.map { layer -> String in
      let (selected, others) = (layer.masked.selectedMeanAbsolute, layer.masked.otherMeanAbsolute)
      let beside = others.map { " beside \(Wording.fixed($0, 4)) of all others" } ?? ""
      return "\(Wording.fixed(selected, 4))\(beside) in layer \(layer.layer)"
    }
    return start + "\(Wording.list(layers)), as mean |change|."
  }

  /// Ablated minus clean, of the notebook's clean minus ablated; a zero gets no sign.
  private static func turned(_ change: Double) -> Double { 0 - change }

  private static func means(_ result: [LayerDifference]) -> DataTable {
    func cell(_ value: Double?) -> DataTable.Cell {
      value.map { .number($0, decimals: 4) } ?? .missing
    }
    return DataTable(
      header: [
        "layer", "average", "positions", "similar: mean", "others: mean",
        "similar: mean absolute", "others: mean absolute",
      ],
      rows: result.flatMap { layer in
        [("real tokens", layer.masked), ("padded", layer.padded)].compactMap { average, change in
          change.map {
            [
              .integer(layer.layer), .text(average), .integer($0.rows),
              cell(turned($0.selectedMean)), cell($0.otherMean.map(turned)),
              cell($0.selectedMeanAbsolute), cell($0.otherMeanAbsolute),
            ]
          }
        }
      })
  }

  /// One of the selected neurons: its change, ablated minus clean.
  private struct Selected {
    let neuron: NeuronAddress
    let masked: Double
    let padded: Double?
  }

  /// The most rows that one chart has room for.
  private static let mostRows = 20

  private static func neurons(
    _ result: [LayerDifference], _ neuron: NeuronAddress, _ corpus: FindingsStudy.CorpusCount,
    hasPadded: Bool
  ) -> Figure {
    let all = result.flatMap { layer in
      zip(layer.neurons, layer.masked.selected).enumerated().map { index, pair in
        let padded = layer.padded?.selected ?? []
        return Selected(
          neuron: NeuronAddress(layer: layer.layer, neuron: pair.0), masked: turned(pair.1),
          padded: padded.at(index).map(turned))
      }
    }
    // The neurons are drawn in order of similarity if they fit; otherwise the largest changes are
    // drawn.
    let shown =
      all.count <= mostRows
      ? all : Array(all.sorted { abs($0.masked) > abs($1.masked) }.prefix(mostRows))
    let chart = BarChart(
      title: "Change of the most similar neurons", x: Axis("Mean activation, ablated − clean"),
      groups: hasPadded ? [.init("real tokens"), .init("padded batch")] : [.init("")],
      rows: shown.map { BarChart.Row($0.neuron.description, $0.masked, $0.padded) })
    let data = DataTable(
      header: ["layer", "neuron", "real tokens"] + (hasPadded ? ["padded"] : []),
      rows: all.map { selected in
        let padded = selected.padded.map { DataTable.Cell.number($0, decimals: 4) } ?? .missing
        return [
          .integer(selected.neuron.layer), .id(selected.neuron.neuron),
          .number(selected.masked, decimals: 4),
        ] + (hasPadded ? [padded] : [])
      })
    return Figure(
      id: "downstream-neurons", caption: neuronsCaption(all.map { ($0.neuron, $0.masked) }, neuron),
      note: "On \(Wording.quoted(corpus.name)), real tokens."
        + (shown.count < all.count ? " The \(shown.count) largest changes are drawn." : ""),
      chart: .bars(chart), data: data)
  }

  /// - Parameter changes: of the selected neurons, ablated minus clean
  private static func neuronsCaption(
    _ changes: [(neuron: NeuronAddress, change: Double)], _ neuron: NeuronAddress
  ) -> String {
    guard let largest = changes.max(by: { abs($0.change) < abs($1.change) }) else {
      return "No neuron was selected."
    }
    let lower = changes.count { $0.change < 0 }
    return "Without \(neuron), of the later neurons most similar to it, \(largest.neuron) moves "
      + "furthest, by \(Wording.signed(largest.change, 4)); \(lower) of \(changes.count) "
      + "\(lower == 1 ? "is" : "are") lower."
  }
}
