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
        .figure(
          Self.activations(
            attribution, number: index + 1, neuron: study.neuron, front: study.model.front ?? 1)),
        .table(Self.sumCheck(attribution)),
      ]
    }
    return Section(
      id: Self.id, title: "Logit attribution after prompts", part: .mechanism,
      finding: result.first.map { Self.caption($0, neuron: study.neuron) } ?? "", isFolded: true,
      blocks: blocks + [.prose(prose)])
  }

  private static func components(
    _ attribution: Attribution, number: Int, neuron: NeuronAddress
  ) -> Figure {
    let chart = BarChart(
      title: "Logit attribution after \(Wording.quoted(attribution.prompt, limit: 30))",
      x: Axis(
        "Logits, "
          + attribution.answers.map { Wording.quoted($0, limit: 16) }.joined(separator: " − ")),
      groups: [.init("clean", mark: .dot), .init("\(neuron) ablated", mark: .dot)],
      rows: attribution.components.map { .init($0.label, $0.clean, $0.ablated) },
      studied: attribution.components.firstIndex { $0.label == "\(neuron.layer)_mlp_out" })
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
      note: note(attribution), chart: .bars(chart), data: data)
  }

  /// What the numbers measure, which says what their sign means:
  /// `the logit of “ van” minus that of “ of”`.
  private static func sign(_ attribution: Attribution) -> String {
    let answers = attribution.answers.map { Wording.quoted($0) }
    return "the logit of " + answers.joined(separator: " minus that of ")
  }

  package static func caption(_ attribution: Attribution, neuron: NeuronAddress) -> String {
    let total = attribution.logitDifference
    return "After \(Wording.quoted(attribution.prompt)), \(sign(attribution)) is "
      + "\(Wording.fixed(total.clean, 2)) clean and \(Wording.fixed(total.ablated, 2)) without "
      + "\(neuron) (\(Wording.signed(total.ablated - total.clean, 2)))."
  }

  /// A note on the component that changes most and on both runs' final scales.
  private static func note(_ attribution: Attribution) -> String {
    let scale = attribution.scale
    var text = ""
    let components = attribution.components
    func move(_ index: Int) -> String {
      let (label, clean, ablated) = components[index]
      return "\(label), from \(Wording.fixed(clean, 2)) to \(Wording.fixed(ablated, 2))"
    }
    func change(_ index: Int) -> Double { abs(components[index].ablated - components[index].clean) }
    if let largest = components.indices.max(by: { change($0) < change($1) }) {
      text += "The largest change is in \(move(largest)). "
    }
    return text + "The final scale is \(Wording.fixed(scale.clean, 3)) clean and "
      + "\(Wording.fixed(scale.ablated, 3)) ablated."
  }

  /// A check that components and b_U add up to the model's logit difference.
  static func sumCheck(_ attribution: Attribution) -> DataTable {
    let runs = [
      ("clean", attribution.sums.clean, attribution.whole.clean),
      ("ablated", attribution.sums.ablated, attribution.whole.ablated),
    ]
    return DataTable(
      title: "Sum check after \(Wording.quoted(attribution.prompt, limit: 40))",
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
    // BOS is not part of the prompt, and its large activation would set the colour scale.
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
    let tokens = Array(zip(attribution.tokens, attribution.activation))
    guard let bos = tokens.first, let last = tokens.last,
      let strongest = tokens.indices.dropFirst(front).max(by: { tokens[$0].1 < tokens[$1].1 })
    else { return "On \(Wording.quoted(attribution.prompt)) \(neuron) is not seen." }
    let beginning = front > 0 ? "After BOS (\(Wording.number(bos.1))), " : ""
    return beginning + "\(neuron) is highest at "
      + "\(Wording.quoted(tokens[strongest].0)) with \(Wording.number(tokens[strongest].1)); at the "
      + "last token it has \(Wording.number(last.1))."
  }
}
