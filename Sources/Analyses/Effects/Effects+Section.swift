import Charts
import ReportModel
import StudyFile

extension Effects {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      *Total*: \(neuron) is set to \(study.file.ablation.value.words) from position 1 on and the model \
      runs on. *Direct*: the same, while every later head and MLP writes what it wrote in the clean \
      run. *Indirect*: the neuron is clean and later heads and MLPs write what they wrote in the \
      ablated run. The changes of the final residual stream add up exactly; those of the loss do \
      not, since the final norm and the softmax see both at once, and the rest is shown. \
      \(result.sample.words(study.file.target))
      """
    let parts =
      result.components.isEmpty
      ? [] : [Section.Block.figure(Self.parts(result, neuron, study.file.target))]
    return Section(
      id: Self.id, title: "Direct and indirect effect", part: .mechanism,
      blocks: [
        .figure(Self.paths(result, neuron, study.file.target)),
        .fold("Every component; how effects are told apart", parts + [.prose(prose)]),
      ])
  }

  /// The number of components that the chart of paths shows under the indirect effect.
  private static let shownParts = 6

  private static func paths(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let rows = [
      ("total", result.total), ("direct", result.direct), ("indirect", result.indirect),
      ("rest", result.remainder),
    ]
    let largest = result.components.sorted {
      $0.effect.value.magnitude > $1.effect.value.magnitude
    }.prefix(shownParts)
    let chart = IntervalChart(
      title: "Direct and indirect effect", x: Axis("Change of loss", unit: "nats per token"),
      rows: rows.flatMap { name, effect -> [IntervalChart.Row] in
        let own = IntervalChart.Row(
          name, [effect.estimate], emphasis: name == "total" ? .studied : .plain)
        guard name == "indirect" else { return [own] }
        return [own]
          + largest.map { .init($0.label, [$0.effect.estimate], emphasis: .muted, isPart: true) }
      })
    let drawn =
      largest.count < result.components.count
      ? "the \(largest.count) largest of \(result.components.count) components"
      : "all components"
    return Figure(
      id: "effects", caption: caption(result, target: target),
      note: "Nats per token, 95 % intervals; \(result.sample.documents.of("document")), "
        + "\(result.sample.choice)."
        + (largest.isEmpty ? "" : " Under the indirect effect, \(drawn)."),
      chart: .intervals(chart), data: table(rows.map { ($0, $1) }, first: "effect"))
  }

  package static func caption(_ result: Result, target: String) -> String {
    var text =
      "Of the change of the loss on \(target), \(result.total.words) nats, \(result.direct.words) "
      + "are direct and \(result.indirect.words) go through later heads and MLPs"
    if isLarge(result.remainder, beside: result.total) {
      text += "; acting together they differ from their sum by \(result.remainder.words)"
    }
    if !result.total.hasInterval {
      text += "; the documents are too few for an interval"
    } else if result.total.mayBeZero {
      let cancel =
        !result.direct.mayBeZero && !result.indirect.mayBeZero
        && result.direct.value * result.indirect.value < 0
      text +=
        cancel
        ? "; they cancel: the total cannot be told from zero"
        : "; the total cannot be told from zero"
    }
    return text + "."
  }

  /// Whether the direct and the indirect effect overlap so much that a reader would miss the rest:
  /// it is clear of zero and more than a tenth of the total.
  private static func isLarge(_ remainder: Measured, beside total: Measured) -> Bool {
    remainder.hasInterval && !remainder.mayBeZero
      && remainder.value.magnitude > total.value.magnitude / 10
  }

  /// The most components that one chart has room for.
  private static let mostRows = 24

  private static func parts(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let all = result.components
    // The components are drawn in the model's order if they fit; otherwise the largest are drawn.
    let shown =
      all.count <= mostRows
      ? all
      : Array(
        all.sorted { $0.effect.value.magnitude > $1.effect.value.magnitude }.prefix(mostRows))
    let chart = IntervalChart(
      title: "Indirect effect by component", x: Axis("Change of loss", unit: "nats per token"),
      rows: shown.map { .init($0.label, [$0.effect.estimate]) },
      reference: .init(0, label: "no change"))
    let caption = partsCaption(result, target: target)
    let sum = all.reduce(0) { $0 + $1.effect.value }
    var note =
      "Nats per token; together \(Wording.signedNumber(sum)), beside an indirect effect of "
      + "\(Wording.signedNumber(result.indirect.value))."
    if shown.count < all.count { note += " The \(shown.count) largest are drawn." }
    return Figure(
      id: "effects-components", caption: caption, note: note, chart: .intervals(chart),
      data: table(all.map { ($0.label, $0.effect) }, first: "component"))
  }

  package static func partsCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let clear = result.components.filter(\.isClear)
    let count =
      "after Holm's correction \(clear.count) of \(result.components.count) differ from zero"
    guard
      let largest = clear.max(by: { $0.effect.value.magnitude < $1.effect.value.magnitude })
    else {
      return "When one later component alone receives the ablated input, "
        + (result.components.contains { $0.pValue != nil }
          ? "no change of the loss on \(target) differs from zero after Holm's correction."
          : "the documents are too few to say which changes the loss on \(target).")
    }
    return
      "When one later component alone receives the ablated input without \(neuron), the loss on "
      + "\(target) changes most through \(largest.label): \(largest.effect.words); \(count)."
  }

  private static func table(_ rows: [(String, Measured)], first: String) -> DataTable {
    DataTable(
      header: [first, "change of loss, nats per token", "low", "high"],
      rows: rows.map { [.text($0)] + $1.cells(5) })
  }
}
