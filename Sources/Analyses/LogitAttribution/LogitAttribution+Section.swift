import Charts
import ReportModel
import StudyFile

extension LogitAttribution {
  package func section(_ result: [Attribution], in study: FindingsStudy) -> Section? {
    guard !result.isEmpty else { return nil }
    let prose = """
      The logit difference of two answers, taken apart by what writes the residual stream at the \
      last token: each component's output as the final norm sees it, divided by that norm's scale, \
      dotted with the difference of the two unembedding directions. Positive speaks for the first \
      answer. Ablation sets \(study.neuron) to \(study.file.ablation.value.words) at every position. \
      Each run is divided by its own scale, so components before layer \(study.neuron.layer), \
      whose outputs are the same in both runs, move by a common factor. Components and the \
      difference of b_U add up to the model's own logit difference\
      \(result.contains { $0.uncapped != nil } ? " before its soft cap" : "") within \
      \(NumberText.significant(result.map(\.largestSumError).max() ?? 0)).
      """
    let blocks = result.enumerated().flatMap { index, attribution -> [Section.Block] in
      [
        .figure(Self.components(attribution, number: index + 1, neuron: study.neuron)),
        .table(Self.sumCheck(attribution)),
        .figure(
          Self.activations(
            attribution, number: index + 1, neuron: study.neuron, front: study.model.front ?? 1)),
      ]
    }
    return Section(id: Self.id, title: "Logit attribution", blocks: [.prose(prose)] + blocks)
  }

  private static func components(
    _ attribution: Attribution, number: Int, neuron: NeuronAddress
  ) -> Figure {
    let chart = LineChart(
      title: "Logit attribution after \(Wording.quoted(attribution.prompt, limit: 30))",
      x: .categories(attribution.labels, label: "Component"),
      y: Axis("Part in " + sign(attribution), unit: "logits"),
      series: [
        .init("clean", values: attribution.clean),
        .init("\(neuron) ablated", values: attribution.ablated),
      ])
    let data = DataTable(
      header: ["component", "clean", "ablated", "change"],
      rows: attribution.components.map { label, clean, ablated in
        [
          .text(label), .number(clean, decimals: 4), .number(ablated, decimals: 4),
          .number(ablated - clean, decimals: 4),
        ]
      })
    return Figure(
      id: "logit-attribution-\(number)", caption: caption(attribution, neuron: neuron),
      chart: .line(chart), data: data)
  }

  /// What every number's sign means: `the logit of “ van” minus that of “ of”`.
  private static func sign(_ attribution: Attribution) -> String {
    let answers = attribution.answers.map { Wording.quoted($0) }
    return "the logit of " + answers.joined(separator: " minus that of ")
  }

  package static func caption(_ attribution: Attribution, neuron: NeuronAddress) -> String {
    let (total, scale) = (attribution.logitDifference, attribution.scale)
    var text =
      "After \(Wording.quoted(attribution.prompt)), \(sign(attribution)) is "
      + "\(Wording.fixed(total.clean, 2)) clean and \(Wording.fixed(total.ablated, 2)) with "
      + "\(neuron) ablated (\(Wording.signed(total.ablated - total.clean, 2)))."
    let components = attribution.components
    func move(_ index: Int) -> String {
      let (label, clean, ablated) = components[index]
      return "\(label), from \(Wording.fixed(clean, 2)) to \(Wording.fixed(ablated, 2))"
    }
    func change(_ index: Int) -> Double { abs(components[index].ablated - components[index].clean) }
    let own = components.firstIndex { $0.label == "\(neuron.layer)_mlp_out" }
    let largest = components.indices.max { change($0) < change($1) }
    if let own, let largest {
      text += " The neuron writes in \(move(own))"
      text +=
        largest == own
        ? ", the largest change of all." : "; the largest change is in \(move(largest))."
    }
    return text + " The final scale is \(Wording.fixed(scale.clean, 3)) clean and "
      + "\(Wording.fixed(scale.ablated, 3)) ablated."
  }

  /// Components and b_U beside the logit difference that the model itself gives.
  static func sumCheck(_ attribution: Attribution) -> DataTable {
    let runs = [
      ("clean", attribution.sums.clean, attribution.whole.clean),
      ("ablated", attribution.sums.ablated, attribution.whole.ablated),
    ]
    return DataTable(
      header: [
        "run", "sum of components", "difference of b_U", "together",
        attribution.uncapped == nil ? "logit difference" : "logit difference before the soft cap",
        "sum check: off by",
      ],
      rows: runs.map { run, sum, difference in
        [
          .text(run), .number(sum - attribution.bias, decimals: 4),
          .number(attribution.bias, decimals: 4), .number(sum, decimals: 4),
          .number(difference, decimals: 4), .number(abs(sum - difference), decimals: 6),
        ]
      })
  }

  private static func activations(
    _ attribution: Attribution, number: Int, neuron: NeuronAddress, front: Int
  ) -> Figure {
    let tokens = Array(zip(attribution.tokens, attribution.activation))
    // BOS is no word of the prompt, and its activation would set the scale.
    let shaded = tokens.enumerated().map { index, token in
      TokenStrip.Token(token.0, index < front ? nil : token.1)
    }
    let strip = TokenStrip(
      title: "Activation along the prompt", value: Axis("Activation of \(neuron)"),
      passages: [
        .init(Wording.quoted(attribution.prompt), tokens: shaded)
      ])
    let data = DataTable(
      header: ["position", "token", "activation"],
      rows: tokens.enumerated().map { position, token in
        [
          .integer(position), .text(ReadableText.token(token.0)), .number(token.1, decimals: 4),
        ]
      })
    return Figure(
      id: "activation-\(number)",
      caption: activationCaption(attribution, neuron: neuron, front: front),
      chart: .tokens(strip), data: data)
  }

  package static func activationCaption(
    _ attribution: Attribution, neuron: NeuronAddress, front: Int = 1
  ) -> String {
    let place = "On \(Wording.quoted(attribution.prompt)), clean, \(neuron) is "
    let tokens = Array(zip(attribution.tokens, attribution.activation))
    guard let bos = tokens.first, let last = tokens.last,
      let strongest = tokens.indices.dropFirst(front).max(by: { tokens[$0].1 < tokens[$1].1 })
    else { return place + "not seen." }
    let beginning = front > 0 ? "\(Wording.fixed(bos.1, 2)) at BOS, " : ""
    return place + beginning + "highest at "
      + "\(Wording.quoted(tokens[strongest].0)) (position \(strongest) of \(tokens.count - 1)) with "
      + "\(Wording.fixed(tokens[strongest].1, 2)), and \(Wording.fixed(last.1, 2)) at the last token."
  }
}
