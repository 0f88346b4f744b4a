import Charts
import ReportModel
import StudyFile

extension NeuronLogits {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      What \(neuron) says of the next token. Its output direction moves a token's logit by w_out · \
      W_U for each unit of activation, before the final norm divides it. Attribution is a mean over \
      tokens of \(Markdown.text(study.file.target)) of what each component adds to the logit of the \
      token that really comes next; ablation sets the neuron to \(study.file.ablation.value.words) from \
      position 1 on. The ablated run is divided by its own final scale and, beside it, by the clean \
      run's: only the second leaves components before layer \(result.layer) where they were. \
      Components and b_U (\(Wording.fixed(result.bias, 4))) add up to the mean logit within \
      \(NumberText.significant(result.sumError)). \(result.sample.words(study.file.target))
      """
    return Section(
      id: Self.id, title: "What the neuron says of the next token",
      blocks: [
        .prose(Self.escaped(prose)), .figure(Self.tokens(result.output, neuron)),
        .table(Self.moments(result.output)), .figure(Self.attribution(result, neuron, study)),
        .figure(Self.lens(result, neuron, study.file.target)),
        .prose(
          """
          The token that really comes next, means over the same tokens with 95 % intervals over \
          documents; rank 0 is the most likely token, log-probabilities are in nats:
          """), .table(Self.next(result.next)),
      ])
  }

  /// Subscripts are no emphasis.
  private static func escaped(_ prose: String) -> String {
    prose.replacing("w_out", with: "w\\_out").replacing("W_U", with: "W\\_U")
      .replacing("b_U", with: "b\\_U")
  }

  // MARK: Output direction

  private static func tokens(_ output: OutputDirection, _ neuron: NeuronAddress) -> Figure {
    let rows = output.promoted + output.suppressed.reversed()
    let chart = BarChart(
      title: "Tokens that \(neuron) promotes and suppresses",
      x: Axis("Change of the logit per unit of activation"),
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
      id: "neuron-logits-tokens", caption: tokensCaption(output, neuron: neuron),
      chart: .bars(chart), data: data)
  }

  package static func tokensCaption(_ output: OutputDirection, neuron: NeuronAddress) -> String {
    func list(_ tokens: [TokenEffect]) -> String {
      Wording.list(
        tokens.prefix(3).map {
          "\(Wording.quoted($0.token)) (\(Wording.signed($0.effect, 2)))"
        })
    }
    var text =
      "A unit of \(neuron) raises the logits of \(list(output.promoted)) most and lowers those of "
      + "\(list(output.suppressed))."
    if let kurtosis = output.moments.first(where: { $0.name == "kurtosis" }),
      let value = kurtosis.value
    {
      text +=
        " The cosines with the vocabulary have an excess kurtosis of \(Wording.fixed(value, 2)), "
        + "larger than that of \(Wording.percent(kurtosis.below)) of the layer's neurons: "
        + (kurtosis.below > 0.95
          ? "few tokens stand out as they do for few neurons."
          : "no set of tokens stands out more than for other neurons.")
    }
    return text
  }

  private static func moments(_ output: OutputDirection) -> DataTable {
    DataTable(
      header: ["moment of cos(w_out, W_U)", "value", "larger than, % of the layer's neurons"],
      rows: output.moments.map { moment in
        [
          .text(moment.name), moment.value.map { .number($0, decimals: 4) } ?? .missing,
          .number(100 * moment.below, decimals: 1),
        ]
      })
  }

  // MARK: Attribution

  /// Components that the chart has room for.
  private static let mostRows = 14

  private static func attribution(
    _ result: Result, _ neuron: NeuronAddress, _ study: FindingsStudy
  ) -> Figure {
    let largest = result.attribution.sorted {
      $0.clean.value.magnitude > $1.clean.value.magnitude
    }.prefix(mostRows)
    let chart = IntervalChart(
      title: "Logit of the true next token by component",
      x: Axis("Part in the logit"),
      rows: ([result.own] + largest).map {
        .init($0.label, [$0.clean.estimate, $0.ablated.estimate, $0.frozen.estimate])
      }, groups: ["clean", "ablated, own scale", "ablated, clean scale"])
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
      caption: attributionCaption(result, target: study.file.target)
        + " The \(largest.count) largest of \(result.attribution.count) components are drawn.",
      chart: .intervals(chart), data: data)
  }

  package static func attributionCaption(_ result: Result, target: String) -> String {
    let own = result.own
    var text =
      "On \(target) \(own.label) itself adds \(own.clean.words(4)) to the logit of the token that "
      + "comes next, and \(own.ablated.words(4)) when it is ablated."
    if let largest = result.attribution.max(by: {
      $0.clean.value.magnitude < $1.clean.value.magnitude
    }) {
      text += " The largest part is that of \(largest.label), \(largest.clean.words(2))."
    }
    return text
  }

  // MARK: The next token

  private static func next(_ next: NextToken) -> DataTable {
    let rows: [(String, Pair, Int)] = [
      ("rank", next.rank, 2), ("share at rank 0", next.first, 4), ("logit", next.logit, 4),
      ("log-probability", next.logProbability, 4),
    ]
    return DataTable(
      header: ["mean", "clean", "low", "high", "ablated", "low", "high", "change", "low", "high"],
      rows: rows.map { name, pair, decimals in
        [.text(name)] + pair.clean.cells(decimals) + pair.ablated.cells(decimals)
          + pair.change.cells(decimals)
      })
  }

  // MARK: Logit lens

  private static func lens(_ result: Result, _ neuron: NeuronAddress, _ target: String) -> Figure {
    func series(_ name: String, _ value: KeyPath<Lens, Measured>) -> LineChart.Series {
      .init(
        name,
        points: result.lens.enumerated().map { index, lens in
          let measured = lens[keyPath: value]
          return .init(x: Double(index), y: measured.value, low: measured.low, high: measured.high)
        })
    }
    let chart = LineChart(
      title: "Logit lens", x: .categories(result.lens.map(\.label), label: "After"),
      y: Axis("Loss", unit: "nats per token"),
      series: [series("clean", \.clean), series("\(neuron) ablated", \.ablated)])
    let data = DataTable(
      header: ["after", "clean", "low", "high", "ablated", "ablated, low", "ablated, high"],
      rows: result.lens.map { [.text($0.label)] + $0.clean.cells(4) + $0.ablated.cells(4) })
    return Figure(
      id: "neuron-logits-lens", caption: lensCaption(result, target: target), chart: .line(chart),
      data: data)
  }

  package static func lensCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let changes = result.lens.map { ($0.label, $0.ablated.value - $0.clean.value) }
    guard let first = result.lens.first, let last = result.lens.last,
      let largest = changes.max(by: { $0.1.magnitude < $1.1.magnitude })
    else { return "" }
    return "Unembedding the residual stream of \(target) after each layer, the loss goes from "
      + "\(Wording.fixed(first.clean.value, 2)) to \(Wording.fixed(last.clean.value, 2)) nats per "
      + "token. Ablating \(neuron) changes it by \(Wording.signed(changes[changes.count - 1].1, 4)) "
      + "at the end and most after \(largest.0), by \(Wording.signed(largest.1, 4))."
  }
}
