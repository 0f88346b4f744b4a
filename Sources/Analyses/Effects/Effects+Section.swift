import Charts
import ReportModel
import StudyFile

extension Effects {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      *Total*: \(neuron) is set to its mean over the other class from position 1 on and the model \
      runs on. *Direct*: the same, while every later head and MLP writes what it wrote in the clean \
      run. *Indirect*: the neuron is clean and later heads and MLPs write what they wrote in the \
      ablated run. The changes of the final residual stream add up exactly; those of the loss do \
      not, since the final norm and the softmax see both at once, and the rest is shown. \
      \(result.sample.words(study.file.target))
      """
    var blocks: [Section.Block] = [
      .prose(prose), .figure(Self.paths(result, neuron, study.file.target)),
    ]
    if !result.components.isEmpty {
      blocks.append(.figure(Self.parts(result, neuron, study.file.target)))
    }
    return Section(id: Self.id, title: "Direct and indirect effect", blocks: blocks)
  }

  private static func paths(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let rows = [
      ("total", result.total), ("direct", result.direct), ("indirect", result.indirect),
      ("rest", result.remainder),
    ]
    let chart = IntervalChart(
      title: "Direct and indirect effect", x: Axis("Change of loss", unit: "nats per token"),
      rows: rows.map { .init($0, [$1.estimate]) }, reference: .init(0, label: "no change"))
    return Figure(
      id: "effects", caption: caption(result, target: target), chart: .intervals(chart),
      data: table(rows.map { ($0, $1) }, first: "effect"))
  }

  package static func caption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    var text =
      "Ablating \(neuron) changes the loss on \(target) by \(result.total.words(4)) nats per token: "
      + "\(result.direct.words(4)) straight through the residual stream, "
      + "\(result.indirect.words(4)) through later heads and MLPs, and a rest of "
      + "\(Wording.signed(result.remainder.value, 4))"
    if !result.total.hasInterval {
      text += ". The documents are too few for an interval"
    } else if result.total.mayBeZero {
      let cancel =
        !result.direct.mayBeZero && !result.indirect.mayBeZero
        && result.direct.value * result.indirect.value < 0
      text +=
        cancel
        ? ". Direct and indirect cancel: the total cannot be told from zero"
        : ". The total cannot be told from zero, so that its parts say little"
    } else if result.total.value != 0 {
      text +=
        ". Direct is \(Wording.percent(result.direct.value / result.total.value)) of the total"
    }
    return text + ", over \(result.sample.documents.of("document")) and "
      + "\(result.sample.tokens.of("token"))."
  }

  /// Components that one chart has room for.
  private static let mostRows = 24

  private static func parts(
    _ result: Result, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let all = result.components
    // In the order of the model where they fit; the largest where they do not.
    let shown =
      all.count <= mostRows
      ? all
      : Array(
        all.sorted { $0.effect.value.magnitude > $1.effect.value.magnitude }.prefix(mostRows))
    let chart = IntervalChart(
      title: "Indirect effect by component", x: Axis("Change of loss", unit: "nats per token"),
      rows: shown.map { .init($0.label, [$0.effect.estimate]) },
      reference: .init(0, label: "no change"))
    var caption = partsCaption(result, target: target)
    if shown.count < all.count { caption += " The \(shown.count) largest are drawn." }
    return Figure(
      id: "effects-components", caption: caption, chart: .intervals(chart),
      data: table(all.map { ($0.label, $0.effect) }, first: "component"))
  }

  package static func partsCaption(_ result: Result, target: String) -> String {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let clear = result.components.filter(\.isClear)
    var text =
      "What the loss on \(target) gains when one later component alone writes what it writes "
      + "without \(neuron). "
    if let largest = clear.max(by: { $0.effect.value.magnitude < $1.effect.value.magnitude }) {
      text +=
        "The largest is \(largest.label), \(largest.effect.words(4)) nats per token; after Holm's "
        + "correction \(clear.count) of \(result.components.count) components differ from zero (5 %)"
    } else {
      text +=
        result.components.contains { $0.pValue != nil }
        ? "After Holm's correction no component differs from zero (5 %)"
        : "The documents are too few to say which differ from zero"
    }
    let sum = result.components.reduce(0) { $0 + $1.effect.value }
    return text + ". Together they come to \(Wording.signed(sum, 4)), beside an indirect effect of "
      + "\(Wording.signed(result.indirect.value, 4))."
  }

  private static func table(_ rows: [(String, Measured)], first: String) -> DataTable {
    DataTable(
      header: [first, "change of loss, nats per token", "low", "high"],
      rows: rows.map { [.text($0)] + $1.cells(5) })
  }
}
