import Charts
import Corpora
import Passes
import ReportModel
import Statistics
import StudyFile

extension AblationControls {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let target = result.corpora[study.file.target] else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      \(neuron) is edited from position 1 on, BOS left alone. Intervals are 95 % intervals \
      over documents, since the tokens of one document are not independent: Student's for 10 to 40 \
      documents, BCa over \(result.resamples.grouped) resamples beyond (seed \(result.seed)), none \
      for fewer. \(target.sample.words(study.file.target)) \
      Other corpora's documents are drawn in the same way, as the table counts them.
      """
    return Section(
      id: Self.id, title: "Ablation with controls",
      blocks: [
        .prose(prose),
        .figure(Self.corpora(result, neuron, study)),
        .figure(Self.kinds(target, neuron, study.file.target)),
        .figure(Self.controls(result.controls, neuron, study.file.target)),
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
    let chart = IntervalChart(
      title: "Change of loss by corpus", x: Axis("Change of loss", unit: "%"),
      rows: rows.map { name, corpus in
        .init(name, [corpus.ablations[Kind.otherMean.rawValue]?.percent.estimate])
      }, reference: .init(0, label: "no change"))
    let data = DataTable(
      header: ["corpus", "ablation"] + changeHeader,
      rows: rows.flatMap { name, corpus in
        Kind.allCases.compactMap { kind in
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
      corpus.ablations[Kind.otherMean.rawValue].map { (name, corpus.sample, $0) }
    }
    guard let (name, sample, change) = rows.first else { return "" }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    var text =
      "With \(neuron) set to its mean over the other class from position 1 on, the loss on \(name) "
      + "changes by \(change.change.words(4)) nats per token (\(change.percent.words(2)) %), over "
      + "\(sample.documents.of("document")) and \(sample.tokens.of("token")): "
      + (!change.change.hasInterval
        ? "too few documents for an interval"
        : change.change.mayBeZero
          ? "the interval holds zero"
          : change.change.value > 0 ? "the interval is above zero" : "the interval is below zero")
      + "."
    // A corpus that evaluates may be the target's own text; only other text is a contrast.
    let others = rows.dropFirst().filter { row in study.file.other.contains(row.0) }
    if others.count == 1, let only = others.first {
      text += " On \(only.0) it changes by \(only.2.percent.words(2)) %."
    } else if let largest = others.max(by: {
      $0.2.percent.value.magnitude < $1.2.percent.value.magnitude
    }) {
      text +=
        " Of the \(others.count) corpora of the other class \(largest.0) changes most, up or down: "
        + "\(largest.2.percent.words(2)) %."
    }
    return text
  }

  // MARK: Ways to ablate

  private static func kinds(_ corpus: Corpus, _ neuron: NeuronAddress, _ target: String) -> Figure {
    let changes = Kind.allCases.compactMap { kind in
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
    let parts = Kind.allCases.compactMap { kind in
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
    if let donors = corpus.donors {
      text +=
        donors.isEmpty
        ? " With fewer than \(AblationControls.fewestDonors) other documents nothing is resampled."
        : " Resampled activations come from at least \(donors.values.min() ?? 0) documents, never a "
          + "document's own."
    }
    return text
  }

  // MARK: Controls

  private static func controls(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String
  ) -> Figure {
    let groups = groups(controls)
    let chart = IntervalChart(
      title: "Change of loss beside control edits",
      x: Axis("Change of loss on \(target)", unit: "nats per token"),
      rows: groups.map { group in
        .init(
          "\(neuron) beside \(group.changes.count) \(group.short)",
          [controls.studied.change.estimate],
          control: group.changes.min().flatMap { low in
            group.changes.max().map { .init(low, $0) }
          })
      }, controlName: "from the lowest to the highest control edit",
      reference: .init(0, label: "no change"))
    func row(_ kind: String, _ control: Control) -> [DataTable.Cell] {
      [
        .text(kind), .text("L\(neuron.layer)N\(control.neuron)"),
        .number(control.mean, decimals: 4), .number(control.rootMeanSquare, decimals: 4),
        control.size.map { .number($0, decimals: 4) } ?? .missing,
      ] + control.change.cells(5)
    }
    let equal = [("scaled neuron", controls.scaled), ("random direction", controls.directions)]
    let data = DataTable(
      header: [
        "kind", "neuron", "mean on target", "root mean square", "size of the edit",
        "change, nats per token", "low", "high",
      ],
      rows: [row("studied", controls.studied)] + controls.random.map { row("random", $0) }
        + controls.matched.map { row("matched", $0) }
        + equal.flatMap { kind, edits in
          (edits ?? []).map { edit in
            [
              .text(kind), edit.neuron.map { .text("L\(neuron.layer)N\($0)") } ?? .missing,
              .missing, .missing,
              controls.studied.size.map { .number($0, decimals: 4) } ?? .missing,
            ] + edit.change.cells(5)
          }
        })
    return Figure(
      id: "ablation-controls-neurons", caption: controlsCaption(controls, neuron, target),
      chart: .intervals(chart), data: data)
  }

  /// The control edits by kind: what a caption and what a row calls them, and their changes.
  private static func groups(
    _ controls: Controls
  ) -> [(name: String, short: String, changes: [Double])] {
    [
      (
        "random neurons scaled to the size of its edit", "random neurons of equal size",
        controls.scaled?.map(\.change.value) ?? []
      ),
      (
        "random directions moved along as far", "random directions of equal size",
        controls.directions?.map(\.change.value) ?? []
      ),
      (
        "neurons whose edit is nearest to its own in size", "matched neurons",
        controls.matched.map(\.change.value)
      ),
      (
        "plain random neurons, most of whose edits are smaller", "plain random neurons",
        controls.random.map(\.change.value)
      ),
    ].filter { !$0.2.isEmpty }
  }

  package static func controlsCaption(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String
  ) -> String {
    let studied = controls.studied.change.value
    let parts = groups(controls).map { group in
      "more than \(group.changes.count { $0 < studied }) of \(group.changes.count) \(group.name) "
        + "(\(Wording.signed(group.changes.min() ?? 0, 4)) to "
        + "\(Wording.signed(group.changes.max() ?? 0, 4)))"
    }
    var text =
      "Set to its mean over the other class, \(neuron) changes the loss on \(target) by "
      + "\(controls.studied.change.words(4)) nats per token: \(Wording.list(parts)). Over "
      + "\(controls.sample.documents.of("document")) with \(controls.sample.tokens.of("token"))."
    if let own = controls.studied.size, let median = median(controls.random.compactMap(\.size)) {
      let matched = controls.matched.compactMap(\.size)
      text +=
        " Its edit shifts the residual stream by \(Wording.number(own)) (root mean square); the "
        + "median plain random neuron by \(Wording.number(median))"
      if let low = matched.min(), let high = matched.max() {
        text += ", the matched ones by \(Wording.number(low)) to \(Wording.number(high))"
      }
      text += "."
    }
    return text
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : Quantile.linear(of: values, at: [0.5])[0]
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
    }
  }
}

extension DocumentSample.Size {
  /// How the sample was taken, in Markdown.
  func words(_ corpus: String) -> String {
    let corpus = Markdown.text(corpus)
    var text =
      "Of the \(available.of("document")) of \(corpus), \(documents.grouped) "
      + "(\(tokens.of("token"))), drawn at random\(window.map { " and cut to \($0) tokens" } ?? ""), "
      + "are run"
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
