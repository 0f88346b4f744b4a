import Charts
import ReportModel
import StudyFile

extension Upstream {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      What \(neuron) reads: each earlier component's output, divided by the scale of the norm \
      before the MLP and dotted with the neuron's W\\_in, a mean over tokens after BOS. Components \
      and b\\_in (\(Wording.fixed(result.bias, 4))) add up to the pre-activation within \
      \(NumberText.significant(result.sumError)). \
      \(result.samples.target.words(study.file.target)) \
      \(result.samples.other.words("the other class"))
      """
    var blocks: [Section.Block] = [
      .prose(prose), .figure(Self.reads(result, neuron, study.file.target)),
      .figure(Self.tokens(result.inputs, neuron)),
    ]
    if let gate = result.gate {
      blocks.append(.prose(gate.prose(neuron, target: study.file.target)))
      blocks.append(.table(gate.table(target: study.file.target)))
    }
    if !result.inputs.active.isEmpty {
      blocks.append(
        .prose(
          """
          Tokens of the documents that occur at least \(result.inputs.fewest) times, by the mean \
          activation of \(neuron) over their occurrences:
          """))
      blocks.append(.table(Self.activeTokens(result.inputs.active, study.file.target)))
    }
    if !result.downstream.isEmpty {
      blocks.append(.figure(Self.moves(result, neuron, study.file.target)))
      blocks.append(.figure(Self.weights(result, neuron)))
      blocks.append(
        .prose(
          """
          The ten neurons of each later layer that change most, in units of their clean standard \
          deviation, beside the cosine of W\\_out of \(neuron) with their W\\_in:
          """))
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
          control: Self.equal(layer).min().flatMap { low in
            Self.equal(layer).max().map { .init(low, $0) }
          })
      },
      controlName:
        "\(result.downstream.first.map { Self.equal($0).count } ?? 0) edits of equal size")
    let data = DataTable(
      header: [
        "layer", "mean absolute change", "equal size: lowest", "equal size: highest",
        "equal size: largest change of a neuron", "neurons beyond that", "random: lowest",
        "random: highest", "random: largest change of a neuron", "constant neurons",
      ],
      rows: result.downstream.map { layer in
        [
          .integer(layer.layer), .number(layer.meanAbsolute, decimals: 4),
          .number(Self.equal(layer).min() ?? 0, decimals: 4),
          .number(Self.equal(layer).max() ?? 0, decimals: 4),
          .number(layer.equalLargest ?? layer.nullLargest, decimals: 4), .integer(layer.beyond),
          .number(layer.null.min() ?? 0, decimals: 4), .number(layer.null.max() ?? 0, decimals: 4),
          .number(layer.nullLargest, decimals: 4), .integer(layer.constant),
        ]
      })
    return Figure(
      id: "upstream-moves", caption: movesCaption(result, target: target),
      chart: .intervals(chart), data: data)
  }

  /// Mean changes under the edits that the figure holds the neuron against.
  private static func equal(_ layer: LayerChange) -> [Double] { layer.equal ?? layer.null }

  package static func movesCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let layers = result.downstream.map { layer in
      "in layer \(layer.layer) by \(Wording.fixed(layer.meanAbsolute, 3)), "
        + "more than \(equal(layer).count { $0 < layer.meanAbsolute }) of "
        + "\(equal(layer).count.of("edit")) of equal size (\(Wording.fixed(equal(layer).min() ?? 0, 3)) to "
        + "\(Wording.fixed(equal(layer).max() ?? 0, 3))); \(layer.beyond.of("neuron")) "
        + "\(layer.beyond == 1 ? "moves" : "move") further than any does under those"
    }
    return "Ablating \(neuron) moves later neurons' mean activations on \(target) (ablated minus "
      + "clean, in units of their clean standard deviation) \(layers.joined(separator: "; "))."
  }

  // MARK: Input tokens

  private static func tokens(_ inputs: InputTokens, _ neuron: NeuronAddress) -> Figure {
    let rows = inputs.excite + inputs.inhibit.reversed()
    let chart = BarChart(
      title: "Tokens whose embedding feeds \(neuron)", x: Axis("W_E · w_in, before the norm"),
      rows: rows.map { .init($0.token, $0.effect) }, labelsAreTokens: true)
    let data = DataTable(
      header: ["token", "id", "effect", "cosine"],
      rows: rows.map {
        [
          .text($0.token), .integer($0.id), .number($0.effect, decimals: 4),
          .number($0.cosine, decimals: 4),
        ]
      })
    return Figure(
      id: "upstream-tokens", caption: tokensCaption(inputs, neuron: neuron), chart: .bars(chart),
      data: data)
  }

  package static func tokensCaption(_ inputs: InputTokens, neuron: NeuronAddress) -> String {
    func list(_ tokens: [TokenEffect]) -> String {
      Wording.list(
        tokens.prefix(3).map { "\(Wording.quoted($0.token)) (\(Wording.signed($0.effect, 2)))" })
    }
    var text =
      "By its weights alone the embedding of \(list(inputs.excite)) adds most to what \(neuron) "
      + "reads, that of \(list(inputs.inhibit)) takes most away."
    if let active = inputs.active.first {
      text +=
        " In the documents it is most active at \(Wording.quoted(active.token)), "
        + "\(Wording.number(active.mean)) on average."
    }
    return text
  }

  private static func activeTokens(_ tokens: [InputTokens.ActiveToken], _ target: String)
    -> DataTable
  {
    DataTable(
      header: ["token", "mean activation", "occurrences in \(target)", "in the other class"],
      rows: tokens.map {
        [
          .text($0.token), .number($0.mean, decimals: 3), .integer($0.count.target),
          .integer($0.count.other),
        ]
      })
  }

  // MARK: Weights beside changes

  private static func weights(_ result: Result, _ neuron: NeuronAddress) -> Figure {
    let chart = IntervalChart(
      title: "Largest cosine with later neurons", x: Axis("Largest |cos(w_out, w_in)|"),
      rows: result.downstream.map { layer in
        .init(
          "Layer \(layer.layer)", [.init(layer.largestCosine)],
          control: layer.cosineNull.min().flatMap { low in
            layer.cosineNull.max().map { .init(low, $0) }
          })
      }, controlName: "\(result.downstream.first?.cosineNull.count ?? 0) random neurons")
    let data = DataTable(
      header: [
        "layer", "largest |cos|", "random: lowest", "random: highest", "neurons beyond that",
        "of these, changes beyond random ablations", "correlation of cosine and change",
      ],
      rows: result.downstream.map { layer in
        [
          .integer(layer.layer), .number(layer.largestCosine, decimals: 4),
          .number(layer.cosineNull.min() ?? 0, decimals: 4),
          .number(layer.cosineNull.max() ?? 0, decimals: 4), .integer(layer.cosineBeyond),
          .integer(layer.both), layer.correlation.map { .number($0, decimals: 3) } ?? .missing,
        ]
      })
    return Figure(
      id: "upstream-weights", caption: weightsCaption(result), chart: .intervals(chart),
      data: data)
  }

  package static func weightsCaption(_ result: Result) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let layers = result.downstream.map { layer in
      let correlation =
        layer.correlation.map { ", and cosine and change correlate by \(Wording.fixed($0, 2))" }
        ?? ""
      return "in layer \(layer.layer) \(Wording.fixed(layer.largestCosine, 2)), beside "
        + "\(Wording.fixed(layer.cosineNull.min() ?? 0, 2)) to "
        + "\(Wording.fixed(layer.cosineNull.max() ?? 0, 2)) of as many random neurons of its own "
        + "layer (\(layer.both) of the \(layer.cosineBeyond.of("neuron")) beyond them also "
        + "\(layer.cosineBeyond == 1 ? "moves" : "move") beyond every random ablation\(correlation))"
    }
    return
      "What the weights foretell: the largest |cos| of W_out of \(neuron) with W_in of a later "
      + "neuron is \(layers.joined(separator: "; "))."
  }

  private static func neurons(_ layers: [LayerChange]) -> DataTable {
    DataTable(
      header: [
        "neuron", "change in standard deviations", "beyond every random ablation", "cosine",
        "|cos| beyond every random neuron",
      ],
      rows: layers.flatMap { layer in
        zip(layer.neurons, zip(layer.changes, layer.cosines)).map { neuron, values in
          [
            .text("L\(layer.layer)N\(neuron)"), .number(values.0, decimals: 3),
            .text(abs(values.0) > (layer.equalLargest ?? layer.nullLargest) ? "yes" : "no"),
            .number(values.1, decimals: 3),
            .text(abs(values.1) > layer.cosineNull.max() ?? 0 ? "yes" : "no"),
          ]
        }
      })
  }
}
