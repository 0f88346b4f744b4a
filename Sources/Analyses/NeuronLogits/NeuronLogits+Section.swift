import Charts
import ReportModel
import StudyFile

extension NeuronLogits {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      The output direction moves a token's logit by w_out · W_U for each unit of activation, before \
      the final norm divides it. Attribution is a mean over tokens of \
      \(Markdown.text(study.file.target)) of what each component adds to the logit of the token that \
      really comes next; ablation sets the neuron to \(study.file.ablation.value.words) from position 1 on. \
      The ablated run is divided by its own final scale and, beside it, by the clean run's: only the \
      second leaves components before layer \(result.layer) where they were. Components and b_U \
      (\(Wording.fixed(result.bias, 4))) add up to the mean logit within \
      \(NumberText.significant(result.sumError)). The logit lens applies the final norm and W_U to \
      the residual stream after each layer. \(result.sample.words(study.file.target))
      """
    return Section(
      id: Self.id, title: "Effect on the next token", part: .mechanism,
      blocks: [
        .figure(Self.tokens(result.output, neuron)),
        .fold(
          "Attribution, logit lens, the token that comes next",
          [
            .figure(Self.attribution(result, neuron, study)),
            .figure(Self.lens(result, neuron, study.file.target)),
            .table(Self.next(result.next)), .table(Self.moments(result.output)),
            .prose(Self.escaped(prose)),
          ]),
      ])
  }

  /// Escapes the underscores of names, which Markdown would read as emphasis.
  private static func escaped(_ prose: String) -> String {
    prose.replacing("w_out", with: "w\\_out").replacing("W_U", with: "W\\_U")
      .replacing("b_U", with: "b\\_U")
  }

  // MARK: Output direction

  private static func tokens(_ output: OutputDirection, _ neuron: NeuronAddress) -> Figure {
    let rows = output.promoted + output.suppressed.reversed()
    let shown = output.promoted.prefix(drawn) + output.suppressed.prefix(drawn).reversed()
    let chart = BarChart(
      title: "Tokens that \(neuron) promotes and suppresses",
      x: Axis("Change of the logit per unit of activation"),
      rows: shown.map { .init($0.token, $0.effect) }, labelsAreTokens: true)
    let data = DataTable(
      header: ["token", "id", "effect", "cosine"],
      rows: rows.map {
        [
          .text($0.token), .id($0.id), .number($0.effect, decimals: 4),
          .number($0.cosine, decimals: 4),
        ]
      })
    return Figure(
      id: "neuron-logits-tokens", caption: tokensCaption(output, neuron: neuron),
      note: tokensNote(output), chart: .bars(chart), data: data)
  }

  package static func tokensCaption(_ output: OutputDirection, neuron: NeuronAddress) -> String {
    func list(_ tokens: [TokenEffect]) -> String {
      Wording.list(
        tokens.prefix(3).map {
          "\(Wording.quoted($0.token)) (\(Wording.signed($0.effect, 2)))"
        })
    }
    return
      "A unit of \(neuron) raises the logits of \(list(output.promoted)) most and lowers those "
      + "of \(list(output.suppressed)) most."
  }

  /// The number of tokens of each kind that the chart shows.
  private static let drawn = 8

  private static func tokensNote(_ output: OutputDirection) -> String {
    var text =
      "By the weights alone, all tokens of the vocabulary ranked; the first \(drawn) of either kind."
    if let kurtosis = output.moments.first(where: { $0.name == "kurtosis" }),
      let value = kurtosis.value
    {
      text +=
        " Their cosines have an excess kurtosis of \(Wording.fixed(value, 2)), above that of "
        + "\(Wording.percent(kurtosis.below)) of the layer's neurons"
        + (kurtosis.below > 0.95 ? "." : ": no set of tokens stands out.")
    }
    return text
  }

  private static func moments(_ output: OutputDirection) -> DataTable {
    DataTable(
      title: "Moments of the cosines with the vocabulary",
      header: ["moment of cos(w_out, W_U)", "value", "larger than, % of the layer's neurons"],
      rows: output.moments.map { moment in
        [
          .text(moment.name), moment.value.map { .number($0, decimals: 4) } ?? .missing,
          .number(100 * moment.below, decimals: 1),
        ]
      })
  }

  // MARK: Attribution

  /// The most components that the chart has room for.
  private static let mostRows = 8

  private static func attribution(
    _ result: Result, _ neuron: NeuronAddress, _ study: FindingsStudy
  ) -> Figure {
    let largest = result.attribution.sorted {
      ($0.ablated.value - $0.clean.value).magnitude > ($1.ablated.value - $1.clean.value).magnitude
    }.prefix(mostRows)
    let chart = IntervalChart(
      title: "Logit of the true next token by component",
      x: Axis("Change of the part, ablated − clean"),
      rows: ([result.own] + largest).map {
        .init(
          $0.label,
          [Measured($0.ablated.value - $0.clean.value), Measured($0.frozen.value - $0.clean.value)]
            .map(\.estimate), emphasis: $0.label == result.own.label ? .studied : .plain)
      }, groups: ["own scale", "clean scale"])
    let data = DataTable(
      header: ["component"]
        + ["clean", "ablated, own scale", "ablated, clean scale"].flatMap {
          [$0, "\($0), low", "\($0), high"]
        },
      rows: (result.attribution + [result.own] + result.layers).map {
        [.text($0.label)] + $0.clean.cells(4) + $0.ablated.cells(4) + $0.frozen.cells(4)
      })
    return Figure(
      id: "neuron-logits-attribution",
      caption: attributionCaption(result, target: study.file.target),
      note: "\(result.sample.documents.of("document")), \(result.sample.choice); the "
        + "\(largest.count) of \(result.attribution.count) components that change most.",
      chart: .intervals(chart), data: data)
  }

  package static func attributionCaption(_ result: Result, target: String) -> String {
    let own = result.own
    var text =
      "On \(target), \(own.label) itself adds \(own.clean.words) to the logit of the token that comes "
      + "next, ablated \(own.ablated.words)"
    if let largest = result.attribution.max(by: {
      $0.clean.value.magnitude < $1.clean.value.magnitude
    }) {
      text += "; the largest part is \(largest.label)'s, \(largest.clean.words)"
    }
    return text + "."
  }

  // MARK: The next token

  private static func next(_ next: NextToken) -> DataTable {
    let rows: [(String, Pair, Int)] = [
      ("rank", next.rank, 2), ("share at rank 0", next.first, 4), ("logit", next.logit, 4),
      ("log-probability", next.logProbability, 4),
    ]
    return DataTable(
      title: "The token that comes next: means with 95 % intervals; rank 0 is the most likely",
      header: ["mean", "clean", "low", "high", "ablated", "low", "high", "change", "low", "high"],
      rows: rows.map { name, pair, decimals in
        [.text(name)] + pair.clean.cells(decimals) + pair.ablated.cells(decimals)
          + pair.change.cells(decimals)
      })
  }

  // MARK: Logit lens

  private static func lens(_ result: Result, _ neuron: NeuronAddress, _ target: String) -> Figure {
    let chart = LineChart(
      title: "Logit lens", x: .categories(result.lens.map(\.label), label: "After"),
      y: Axis("Change of loss", unit: "nats per token", includesZero: true),
      series: [
        .init(
          "\(neuron) ablated − clean", values: result.lens.map { $0.ablated.value - $0.clean.value }
        )
      ])
    let data = DataTable(
      header: ["after", "clean", "low", "high", "ablated", "ablated, low", "ablated, high"],
      rows: result.lens.map { [.text($0.label)] + $0.clean.cells(4) + $0.ablated.cells(4) })
    return Figure(
      id: "neuron-logits-lens", caption: lensCaption(result, target: target),
      note: "Loss of \(target) by the logit lens; \(result.sample.documents.of("document")), "
        + "\(result.sample.choice).",
      chart: .line(chart), data: data)
  }

  package static func lensCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let changes = result.lens.map { ($0.label, $0.ablated.value - $0.clean.value) }
    guard let first = result.lens.first, let last = result.lens.last,
      let largest = changes.max(by: { $0.1.magnitude < $1.1.magnitude })
    else { return "" }
    return "Ablating \(neuron) changes the loss read after each layer most after \(largest.0), by "
      + "\(Wording.signed(largest.1, 4)), and by \(Wording.signed(changes[changes.count - 1].1, 4)) at "
      + "the end (loss \(Wording.fixed(first.clean.value, 2)) to "
      + "\(Wording.fixed(last.clean.value, 2)))."
  }
}
