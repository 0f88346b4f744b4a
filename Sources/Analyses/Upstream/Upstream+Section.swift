import Charts
import Passes
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
    let reads = Self.reads(result, neuron, study.file.target)
    var blocks: [Section.Block] = [.figure(reads), .figure(Self.tokens(result.inputs, neuron))]
    if let gate = result.gate {
      blocks.append(.prose(gate.prose(neuron, target: study.file.target)))
      blocks.append(.table(gate.table(target: study.file.target)))
    }
    if !result.inputs.active.isEmpty {
      blocks.append(.table(Self.activeTokens(result.inputs, study.file.target)))
    }
    if !result.downstream.isEmpty {
      blocks += [
        .figure(Self.moves(result, neuron, study.file.target)),
        .figure(Self.weights(result, neuron)),
        .table(Self.neurons(result.downstream)),
      ]
    }
    return Section(
      id: Self.id, title: "What it reads, and what reads it", part: .mechanism,
      finding: reads.caption, isFolded: true, blocks: blocks + [.prose(prose)])
  }

  /// The most components that the chart has room for.
  private static let mostRows = 8

  private static func reads(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let largest = result.parts.sorted { $0.difference.magnitude > $1.difference.magnitude }
      .prefix(mostRows)
    let chart = IntervalChart(
      title: "What \(neuron) reads", x: Axis("Part in the pre-activation, \(target) − other"),
      rows: largest.map { .init($0.label, [.init($0.difference)]) })
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
      caption: readsCaption(result, target: target),
      note: "\(result.samples.target.documents.of("document")) of \(target), "
        + "\(result.samples.other.documents.grouped) of the other class"
        + "\(DocumentSample.Size.small(result.samples.target.documents)); the \(largest.count) of "
        + "\(result.parts.count) components that differ most.",
      chart: .intervals(chart), data: data)
  }

  package static func readsCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let difference = result.pre.target.value - result.pre.other.value
    let sorted = result.parts.sorted { $0.difference.magnitude > $1.difference.magnitude }
    let shares = sorted.prefix(3).map { "\($0.label) \(Wording.signed($0.difference, 2))" }
    let (input, gate) =
      result.gate.map {
        (
          "linear input",
          ", its gate \($0.pre.target.words(2)) and \($0.pre.other.words(2))"
        )
      } ?? ("input", "")
    return "The \(input) of \(neuron) is \(result.pre.target.words) on \(target) and "
      + "\(result.pre.other.words) elsewhere\(gate); of the \(result.gate == nil ? "" : "linear ")"
      + "difference, \(Wording.signed(difference, 2)), the largest parts are \(Wording.list(shares))."
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
      note: "Mean |ablated − clean| in clean standard deviations; bands: edits of equal size.",
      chart: .intervals(chart), data: data)
  }

  /// The mean changes under edits of equal size; in findings of earlier versions, of random
  /// neurons.
  private static func equal(_ layer: LayerChange) -> [Double] { layer.equal ?? layer.null }

  package static func movesCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let places = result.downstream.map { layer in
      Self.equal(layer).count { $0 < layer.meanAbsolute }
    }
    if let range = LayerRange(result.downstream.map { ($0.layer, $0.meanAbsolute) }, decimals: 3) {
      return "Ablating \(neuron) moves the neurons of the \(range.layers) later layers on "
        + "\(target) by \(range.words), more than \(LayerRange.counts(places)) of "
        + "\(LayerRange.counts(result.downstream.map { Self.equal($0).count })) edits of equal size."
    }
    let layers = zip(result.downstream, places).map { layer, below in
      "\(Wording.fixed(layer.meanAbsolute, 3)) in layer \(layer.layer), more than \(below) of "
        + "\(Self.equal(layer).count.of("edit")) of equal size"
    }
    return
      "Ablating \(neuron) moves later neurons on \(target) by \(layers.joined(separator: "; "))."
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
          .text($0.token), .id($0.id), .number($0.effect, decimals: 4),
          .number($0.cosine, decimals: 4),
        ]
      })
    return Figure(
      id: "upstream-tokens", caption: tokensCaption(inputs, neuron: neuron),
      note: "By the weights alone; the table below has tokens of the documents.",
      chart: .bars(chart), data: data)
  }

  package static func tokensCaption(_ inputs: InputTokens, neuron: NeuronAddress) -> String {
    func list(_ tokens: [TokenEffect]) -> String {
      Wording.list(
        tokens.prefix(3).map { "\(Wording.quoted($0.token)) (\(Wording.signed($0.effect, 2)))" })
    }
    var text =
      "By the weights, the embeddings of \(list(inputs.excite)) add most to what \(neuron) reads"
    if let active = inputs.active.first {
      text +=
        "; in the documents it is most active at \(Wording.quoted(active.token)) "
        + "(\(Wording.number(active.mean)))"
    }
    return text + "."
  }

  private static func activeTokens(_ inputs: InputTokens, _ target: String) -> DataTable {
    DataTable(
      title: "Tokens that occur at least \(inputs.fewest) times, by mean activation",
      header: ["token", "mean activation", "occurrences in \(target)", "in the other class"],
      rows: inputs.active.map {
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
        "of these, changes beyond edits of equal size", "correlation of cosine and change",
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
      id: "upstream-weights", caption: weightsCaption(result),
      note: "Bands: random neurons of its own layer.", chart: .intervals(chart), data: data)
  }

  package static func weightsCaption(_ result: Result) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let places = result.downstream.map { layer in
      layer.cosineNull.count { $0 < layer.largestCosine }
    }
    if let range = LayerRange(result.downstream.map { ($0.layer, $0.largestCosine) }, decimals: 2) {
      let beyond = result.downstream.reduce(0) { $0 + $1.cosineBeyond }
      let both = result.downstream.reduce(0) { $0 + $1.both }
      return "The largest |cos| of W_out of \(neuron) with W_in of a neuron of the \(range.layers) "
        + "later layers is \(range.words), above \(LayerRange.counts(places)) of "
        + "\(LayerRange.counts(result.downstream.map(\.cosineNull.count))) random neurons"
        + (beyond > 0
          ? " (\(beyond) beyond all of them, of which \(both) also "
            + "\(both == 1 ? "moves" : "move") most)"
          : "") + "."
    }
    let layers = zip(result.downstream, places).map { layer, below in
      "\(Wording.fixed(layer.largestCosine, 2)) in layer \(layer.layer), above \(below) of "
        + "\(layer.cosineNull.count.of("random neuron"))"
        + (layer.cosineBeyond > 0
          ? " (\(layer.cosineBeyond) beyond all of them, of which \(layer.both) also "
            + "\(layer.both == 1 ? "moves" : "move") most)" : "")
    }
    return "The largest |cos| of W_out of \(neuron) with W_in of a later neuron is "
      + "\(layers.joined(separator: "; "))."
  }

  private static func neurons(_ layers: [LayerChange]) -> DataTable {
    DataTable(
      title: "Later neurons that change most, ablated − clean in clean standard deviations",
      header: [
        "neuron", "change in standard deviations", "beyond every edit of equal size", "cosine",
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
