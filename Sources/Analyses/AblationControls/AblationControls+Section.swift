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
    let name = study.file.target
    let prose = """
      \(neuron) is edited from position 1 on; the start token is left alone. Intervals are 95 % \
      intervals over documents, since the tokens of one document are not independent: Student's for 10 \
      to 40 documents, BCa over \(result.resamples.grouped) resamples beyond (seed \(result.seed)), \
      none for fewer. \(target.sample.words(name)) Other corpora's documents are drawn in the same \
      way, at most as many as either class has; the data count them.
      """
    return Section(
      id: Self.id, title: "Ablation with controls", part: .need,
      blocks: [
        .figure(Self.corpora(result, neuron, study)),
        .figure(Self.controls(result.controls, neuron, name, study.file.ablation.value)),
        .figure(Self.kinds(target, neuron, name, Kind(study.file.ablation.value))),
        .fold(
          "How it was measured; the tokens that change most",
          [
            .prose(prose),
            .table(Self.tokens(result.tokens.hurt, title: "Tokens of \(name) predicted worse")),
            .table(Self.tokens(result.tokens.helped, title: "Tokens of \(name) predicted better")),
          ]),
      ])
  }

  /// The corpora in the study's order, the target first.
  private static func ordered(
    _ result: Result, _ study: FindingsStudy
  ) -> [(name: String, corpus: CorpusAblations)] {
    let names = [study.file.target] + study.corpora.map(\.name).filter { $0 != study.file.target }
    return names.compactMap { name in result.corpora[name].map { (name, $0) } }
  }

  // MARK: Every corpus

  private static func corpora(
    _ result: Result, _ neuron: NeuronAddress, _ study: FindingsStudy
  ) -> Figure {
    // A corpus that repeats another's text is no second test. It is shown with the notebook's
    // figures.
    let repeated = Set(study.repeatedCorpora.map(\.name))
    let rows = ordered(result, study).filter { !repeated.contains($0.name) }
    let kind = Kind(study.file.ablation.value)
    let target = result.corpora[study.file.target]
    let clean = target?.ablations[kind.rawValue]?.clean ?? 0
    let values = result.controls.equal
    let band = values.min().flatMap { low in
      values.max().flatMap {
        clean > 0 ? IntervalChart.Band(100 * low / clean, 100 * $0 / clean) : nil
      }
    }
    let chart = IntervalChart(
      title: "Change of loss by corpus", x: Axis("Change of loss", unit: "%"),
      rows: rows.map { name, corpus in
        .init(
          name, [corpus.ablations[kind.rawValue]?.percent.estimate],
          emphasis: name == study.file.target ? .studied : .muted)
      }, controlName: "\(result.controls.count) on \(study.file.target)",
      band: band)
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
      note: corporaNote(rows), chart: .intervals(chart), data: data)
  }

  package static func corporaCaption(_ result: Result, in study: FindingsStudy) -> String {
    let value = study.file.ablation.value
    let kind = Kind(value).rawValue
    guard let change = result.corpora[study.file.target]?.ablations[kind] else { return "" }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let text =
      "Setting \(neuron) to \(value.words) changes the loss on \(study.file.target) by "
      + "\(change.percent.words) %"
    // An evaluation corpus may hold the target's own text; only text of other corpora is a
    // contrast.
    let others = study.file.other.compactMap { name in
      result.corpora[name]?.ablations[kind].map { (name: name, percent: $0.percent) }
    }
    return text + LossChange.range(others) + "."
  }

  private static func corporaNote(_ rows: [(name: String, corpus: CorpusAblations)]) -> String {
    guard let target = rows.first else { return "" }
    let others = rows.dropFirst().map(\.corpus.sample.documents)
    let counts =
      others.min().flatMap { low in
        others.max().map { low == $0 ? "\(low)" : "\(low) to \($0)" }
      }.map { ", \($0) of each other corpus" } ?? ""
    let own = target.corpus.sample.documents
    // The target's own number is commented on where the choice is.
    let least = others.min().map { least in
      let small = DocumentSample.Size.small(least)
      return least < own && !small.isEmpty
        ? " The smallest other corpus has \(least.of("document"))\(small)." : ""
    }
    return "Per token, with 95 % interval; \(own.of("document")) of "
      + "\(target.name)\(counts); \(target.corpus.sample.choice)." + (least ?? "")
  }

  // MARK: Ways to ablate

  private static func kinds(
    _ corpus: CorpusAblations, _ neuron: NeuronAddress, _ target: String, _ own: Kind
  ) -> Figure {
    let changes = Kind.shown.compactMap { kind in
      corpus.ablations[kind.rawValue].map { (kind, $0) }
    }
    let chart = IntervalChart(
      title: "Change of loss by way of ablation",
      x: Axis("Change of loss", unit: "nats per token"),
      rows: changes.map { kind, change in
        .init(
          kind.label, [change.change.estimate],
          emphasis: kind == own ? .studied : .plain)
      })
    let data = DataTable(
      header: ["ablation"] + changeHeader,
      rows: changes.map { [.text($0.words)] + changeCells($1, corpus.sample) })
    return Figure(
      id: "ablation-controls-ways", caption: kindsCaption(corpus, neuron, target, own),
      note: kindsNote(corpus, own), chart: .intervals(chart), data: data)
  }

  package static func kindsCaption(
    _ corpus: CorpusAblations, _ neuron: NeuronAddress, _ target: String, _ own: Kind = .otherMean
  ) -> String {
    func part(_ kind: Kind) -> String? {
      corpus.ablations[kind.rawValue].map {
        let isUnclear = kind == .ownMean && $0.change.hasInterval && $0.change.mayBeZero
        return "\($0.change.words)"
          + "\(isUnclear ? ", which cannot be told from zero," : "") for \(kind.words)"
      }
    }
    // The study's own kind comes first, then the kinds that every study has.
    let common = [Kind.otherMean, .zero, .ownMean]
    let kinds = common.contains(own) ? common : [own] + common
    return "Setting \(neuron) to another value changes the loss on \(target) by "
      + Wording.list(kinds.compactMap(part)) + " (nats)."
  }

  private static func kindsNote(_ corpus: CorpusAblations, _ own: Kind) -> String {
    var text =
      "95 % intervals; \(corpus.sample.documents.of("document")), \(corpus.sample.choice)."
    if let change = corpus.ablations[own.rawValue] {
      text += " Set to \(own.words), \(Wording.percent(change.worse)) of the documents get worse."
    }
    if let donors = corpus.donors {
      let fewest = donors.values.min() ?? 0
      text +=
        donors.isEmpty
        ? " With fewer than \(AblationControls.fewestDonors) other documents nothing is resampled."
        : " Resampled activations come from at least \(fewest.of("other document"))"
          + (fewest < AblationControls.fewestDonors
            ? ", fewer than the \(AblationControls.fewestDonors) that a test of the verdict takes."
            : ".")
    }
    let kept = corpus.kept.values.max() ?? 0
    if kept > 0 {
      text +=
        " Up to \(kept.of("token")) were left unchanged because the donor document was too short."
    }
    return text
  }

  // MARK: Controls

  private static func controls(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String,
    _ value: AblationSettings.Value
  ) -> Figure {
    let groups = Self.groups(controls)
    let chart = IntervalChart(
      title: "Change of loss beside control neurons",
      x: Axis("Change of loss on \(target)", unit: "nats per token"),
      rows: [
        .init(neuron.description, [controls.studied.change.estimate], emphasis: .studied)
      ]
        + groups.map { group in
          .init("\(group.changes.count) \(group.short)", [], dots: group.changes)
        }, controlName: "controls, a dot each")
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
      id: "ablation-controls-neurons", caption: controlsCaption(controls, neuron, target, value),
      note: controlsNote(controls, target, value), chart: .intervals(chart), data: data)
  }

  package static func controlsCaption(
    _ controls: Controls, _ neuron: NeuronAddress, _ target: String,
    _ value: AblationSettings.Value = .otherMean
  ) -> String {
    "\(neuron) changes the loss on \(target) by \(controls.studied.change.words) nats"
      + ControlGroup.below(controls.studied.change.value, groups(controls)) + "."
  }

  /// The groups of controls that were run, edits of equal size first.
  private static func groups(_ controls: Controls) -> [ControlGroup] {
    [
      ControlGroup(
        name: "random neuron scaled to the size of its edit",
        names: "random neurons scaled to the size of its edit", short: "neurons, scaled",
        changes: controls.scaled?.map(\.change.value) ?? []),
      ControlGroup(
        name: "random direction moved along as far",
        names: "random directions moved along as far", short: "random directions",
        changes: controls.directions?.map(\.change.value) ?? []),
      ControlGroup(
        name: "neuron nearest by the size of its edit",
        names: "neurons nearest by the size of their edit", short: "matched neurons",
        changes: controls.matched.map(\.change.value)),
      ControlGroup(
        name: "random neuron", names: "random neurons", short: "random neurons",
        changes: controls.random.map(\.change.value)),
    ].filter { !$0.changes.isEmpty }
  }

  /// A note on what the controls are and how large their edits are.
  package static func controlsNote(
    _ controls: Controls, _ target: String, _ value: AblationSettings.Value = .otherMean
  ) -> String {
    var text =
      "Nats per token; each set to \(value.wordsOfSeveral); "
      + "\(controls.sample.documents.of("document")), \(controls.sample.choice)."
    if let own = controls.studied.size, let median = median(controls.random.compactMap(\.size)) {
      text +=
        " Its edit shifts the residual stream by \(Wording.number(own)) (root mean square), the median "
        + "random neuron's by \(Wording.number(median))"
      let matched = controls.matched.compactMap(\.size)
      if let low = matched.min(), let high = matched.max() {
        text += ", the matched ones' by \(Wording.number(low)) to \(Wording.number(high))"
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

  private static func tokens(_ tokens: [ExtremeToken], title: String) -> DataTable {
    DataTable(
      title: title,
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
  /// The name of a row, short enough for a phone.
  fileprivate var label: String {
    switch self {
    case .otherMean: "other class's mean"
    case .ownMean: "own mean"
    case .zero: "zero"
    case .resampleOwn: "own, resampled"
    case .resampleOther: "other, resampled"
    case .number: "the study's number"
    case .targetMean: "target's mean"
    }
  }

  var words: String {
    switch self {
    case .otherMean: "the other class's mean"
    case .ownMean: "its own mean"
    case .zero: "zero"
    case .resampleOwn: "values of another document"
    case .resampleOther: "values of a document of the other class"
    case .number: "the study's number"
    case .targetMean: "its mean over the target"
    }
  }
}

extension AblationControls.Controls {
  /// The changes of loss under edits of equal size; in findings of earlier versions, under the
  /// ablation of random neurons.
  package var equal: [Double] {
    let equal = (scaled ?? []) + (directions ?? [])
    return equal.isEmpty ? random.map(\.change.value) : equal.map(\.change.value)
  }

  /// The number of these edits and what they are: `80 edits of equal size`.
  package var count: String {
    (scaled ?? []).isEmpty && (directions ?? []).isEmpty
      ? equal.count.of("random neuron")
      : equal.count.of("edit of equal size", plural: "edits of equal size")
  }
}
