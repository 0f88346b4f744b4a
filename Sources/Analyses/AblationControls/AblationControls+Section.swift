import Charts
import Corpora
import Passes
import ReportModel
import StudyFile

extension AblationControls {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let target = result.corpora[study.file.target] else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      \(neuron) is edited from position 1 on, BOS left alone. Intervals are 95 % percentile \
      intervals over \(result.resamples.grouped) resamples of documents, since the tokens of one \
      document are not independent (seed \(result.seed)). \(target.sample.words(study.file.target)) \
      Other corpora run on their first documents, as the table counts them.
      """
    return Section(
      id: Self.id, title: "Ablation with controls",
      blocks: [
        .prose(prose),
        .figure(Self.corpora(result, neuron, study)),
        .figure(Self.kinds(target, neuron, study.file.target)),
        .figure(
          Self.controls(
            result.controls, neuron, study.file.target, study.file.ablation.value)),
        .prose(
          """
          Tokens of \(Markdown.text(study.file.target)) that the ablated model predicts worse, at \
          most one per document, and those that it predicts better; loss in nats.
          """),
        .table(Self.tokens(result.tokens.hurt)), .table(Self.tokens(result.tokens.helped)),
      ])
  }

  /// The corpora in the study's order, the target first.
  private static func ordered(
    _ result: Result, _ study: FindingsStudy
  ) -> [(name: String, corpus: Corpus)] {
    let names = [study.file.target] + study.corpora.map(\.name).filter { $0 != study.file.target }
    return names.compactMap { name in result.corpora[name].map { (name, $0) } }
  }

  // MARK: Every corpus

  private static func corpora(
    _ result: Result, _ neuron: NeuronAddress, _ study: FindingsStudy
  ) -> Figure {
    let rows = ordered(result, study)
    let kind = Kind(study.file.ablation.value)
    let chart = IntervalChart(
      title: "Change of loss by corpus", x: Axis("Change of loss", unit: "%"),
      rows: rows.map { name, corpus in
        .init(name, [corpus.ablations[kind.rawValue]?.percent.estimate])
      }, reference: .init(0, label: "no change"))
    let data = DataTable(
      header: ["corpus", "ablation"] + changeHeader,
      rows: rows.flatMap { name, corpus in
        Kind.shown.compactMap { kind in
          corpus.ablations[kind.rawValue].map { change in
            [.text(name), .text(kind.words)] + changeCells(change, corpus.sample)
          }
        }
      })
    return Figure(
      id: "ablation-controls-corpora", caption: corporaCaption(result, in: study),
      chart: .intervals(chart), data: data)
  }

  package static func corporaCaption(_ result: Result, in study: FindingsStudy) -> String {
    let rows = ordered(result, study).compactMap { name, corpus in
      corpus.ablations[Kind(study.file.ablation.value).rawValue].map { (name, corpus.sample, $0) }
    }
    guard let (name, sample, change) = rows.first else { return "" }
    let value = study.file.ablation.value
    let words = value == .ownMean ? "its mean over the corpus itself" : value.words
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    var text =
      "With \(neuron) set to \(words) from position 1 on, the loss on \(name) "
      + "changes by \(change.change.words(4)) nats per token (\(change.percent.words(2)) %), over "
      + "\(sample.documents.of("document")) and \(sample.tokens.of("token")): "
      + (change.change.mayBeZero
        ? "the interval holds zero"
        : change.change.value > 0 ? "the interval is above zero" : "the interval is below zero")
      + "."
    // A corpus that evaluates may be the target's own text; only other text is a contrast.
    let others = rows.dropFirst().filter { row in study.file.other.contains(row.0) }
    if let largest = others.max(by: {
      $0.2.percent.value.magnitude < $1.2.percent.value.magnitude
    }) {
      text +=
        " Of the \(others.count.of("corpus", plural: "corpora")) of the other class, "
        + "\(largest.0) changes most: \(largest.2.percent.words(2)) %."
    }
    return text
  }

  // MARK: Ways to ablate

  private static func kinds(_ corpus: Corpus, _ neuron: NeuronAddress, _ target: String) -> Figure {
    let changes = Kind.shown.compactMap { kind in
      corpus.ablations[kind.rawValue].map { (kind, $0) }
    }
    let chart = IntervalChart(
      title: "Change of loss by way of ablation",
      x: Axis("Change of loss", unit: "nats per token"),
      rows: changes.map { kind, change in
        .init(kind.words, [change.change.estimate, change.byDocument.estimate])
      }, groups: ["each token weighs the same", "each document weighs the same"],
      reference: .init(0, label: "no change"))
    let data = DataTable(
      header: ["ablation"] + changeHeader,
      rows: changes.map { [.text($0.words)] + changeCells($1, corpus.sample) })
    return Figure(
      id: "ablation-controls-ways", caption: kindsCaption(corpus, neuron, target),
      chart: .intervals(chart), data: data)
  }

  package static func kindsCaption(
    _ corpus: Corpus, _ neuron: NeuronAddress, _ target: String
  ) -> String {
    let parts = Kind.shown.compactMap { kind in
      corpus.ablations[kind.rawValue].map { "\(kind.words) \($0.change.words(4))" }
    }
    var text =
      "The change of the loss on \(target), in nats per token, by what \(neuron) is set to: "
      + parts.joined(separator: "; ") + "."
    if let mean = corpus.ablations[Kind.otherMean.rawValue] {
      text +=
        " Set to the other class's mean, \(Wording.percent(mean.worse)) of the documents get worse"
      if let size = mean.effectSize {
        text += ", and the mean over documents is \(Wording.fixed(size, 2)) standard deviations"
      }
      text += "."
    }
    let kept = corpus.kept.values.max() ?? 0
    if kept > 0 {
      text += " At most \(kept.of("token")) kept their activation for want of a long donor."
    }
    return text
  }

  // MARK: Controls

  private static func controls(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String,
    _ value: AblationSettings.Value
  ) -> Figure {
    func band(_ neurons: [Control]) -> IntervalChart.Band? {
      let values = neurons.map(\.change.value)
      guard let low = values.min(), let high = values.max() else { return nil }
      return .init(low, high)
    }
    let rows = [("random", controls.random), ("matched", controls.matched)].filter {
      !$0.1.isEmpty
    }
    let chart = IntervalChart(
      title: "Change of loss beside control neurons",
      x: Axis("Change of loss on \(target)", unit: "nats per token"),
      rows: rows.map { name, neurons in
        .init(
          "\(neuron) beside \(neurons.count) \(name)", [controls.studied.change.estimate],
          control: band(neurons))
      }, controlName: "from the lowest to the highest control neuron",
      reference: .init(0, label: "no change"))
    let data = DataTable(
      header: [
        "kind", "neuron", "mean on target", "root mean square", "change, nats per token", "low",
        "high",
      ],
      rows: ([("studied", [controls.studied])] + rows).flatMap { kind, neurons in
        neurons.map { control in
          [
            .text(kind), .text("L\(neuron.layer)N\(control.neuron)"),
            .number(control.mean, decimals: 4), .number(control.rootMeanSquare, decimals: 4),
          ] + control.change.cells(5)
        }
      })
    return Figure(
      id: "ablation-controls-neurons", caption: controlsCaption(controls, neuron, target, value),
      chart: .intervals(chart), data: data)
  }

  package static func controlsCaption(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String,
    _ value: AblationSettings.Value = .otherMean
  ) -> String {
    let studied = controls.studied.change.value
    func part(_ name: String, _ neurons: [Control]) -> String {
      let below = neurons.count { $0.change.value < studied }
      let values = neurons.map(\.change.value)
      return "more than \(below) of \(neurons.count) \(name) (which reach from "
        + "\(Wording.signed(values.min() ?? 0, 4)) to \(Wording.signed(values.max() ?? 0, 4)))"
    }
    let groups = [
      ("random neurons of its layer", controls.random),
      ("neurons whose activation on \(target) is nearest to its own", controls.matched),
    ].filter { !$0.1.isEmpty }.map { part($0.0, $0.1) }
    let sizes = controls.matched.map(\.mean)
    var text =
      "Each set to \(value.wordsOfSeveral), \(neuron) changes the loss on \(target) by "
      + "\(controls.studied.change.words(4)) nats per token: \(Wording.list(groups)). Run on "
      + "\(controls.sample.documents.of("document")) with \(controls.sample.tokens.of("token"))."
    if let low = sizes.min(), let high = sizes.max() {
      text +=
        " The matched neurons' means run from \(Wording.number(low)) to \(Wording.number(high)), "
        + "the studied one's is \(Wording.number(controls.studied.mean))."
    }
    return text
  }

  // MARK: Tables

  private static let changeHeader = [
    "documents", "left out", "tokens", "clean loss", "change, nats", "low", "high", "change, %",
    "low, %",
    "high, %", "by document, nats", "by document, low", "by document, high", "by document, %",
    "by document, low, %", "by document, high, %", "effect size", "documents worse, %",
  ]

  private static func changeCells(
    _ change: LossChange, _ sample: DocumentSample.Size
  ) -> [DataTable.Cell] {
    [
      .integer(sample.documents), .integer(sample.leftOut), .integer(sample.tokens),
      .number(change.clean, decimals: 4),
    ] + change.change.cells(4) + change.percent.cells(2) + change.byDocument.cells(4)
      + change.percentByDocument.cells(2)
      + [
        change.effectSize.map { .number($0, decimals: 2) } ?? .missing,
        .number(100 * change.worse, decimals: 1),
      ]
  }

  private static func tokens(_ tokens: [Token]) -> DataTable {
    DataTable(
      header: ["document", "position", "before", "token", "clean", "ablated", "change"],
      rows: tokens.map { token in
        [
          .integer(token.document), .integer(token.position),
          .text("…" + ReadableText.visible(token.context)), .text(token.token),
          .number(token.clean, decimals: 3), .number(token.ablated, decimals: 3),
          .number(token.ablated - token.clean, decimals: 3),
        ]
      })
  }
}

extension AblationControls.Kind {
  var words: String {
    switch self {
    case .otherMean: "mean of the other class"
    case .ownMean: "mean of the corpus itself"
    case .zero: "zero"
    case .resampleOwn: "a document of the corpus"
    case .resampleOther: "a document of the other class"
    case .number: "the study's number"
    }
  }
}

extension DocumentSample.Size {
  /// How the sample was taken, in Markdown.
  func words(_ corpus: String) -> String {
    let corpus = Markdown.text(corpus)
    var text =
      "Of the \(available.of("document")) of \(corpus), \(documents.grouped) "
      + "(\(tokens.of("token"))) are run"
    if leftOut > 0 {
      text += ", after leaving out the \(leftOut.of("document")) on which the neuron was chosen."
    } else if holdsSelection {
      text +=
        ". **The neuron was chosen on these documents**: the corpus has no others, so that "
        + "the numbers flatter it."
    } else {
      text += ", none of which the neuron was chosen on."
    }
    return text
  }
}
