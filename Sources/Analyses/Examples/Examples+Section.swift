import Charts
import ReportModel
import StudyFile

extension Examples {
  /// The number of the target's passages whose loss is shown too.
  private static let lossPassages = 5

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let shown = result.classes.filter { !$0.passages.isEmpty }
    guard !shown.isEmpty else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      One passage per document: about \(ExampleChoice.window) tokens around its strongest token. \
      Shown are the strongest documents, the weakest, and those at the quantiles between. A passage \
      that shares \(result.shingle) tokens in a row with one already shown is left out. A character \
      split across tokens is shown at its last token; the earlier ones are dots.
      """
    // All passages share one scale, so that a colour means the same activation everywhere.
    let range = Self.range(shown.flatMap(\.passages))
    var folded: [Section.Block] = [.prose(prose)]
    if study.model.isGated == true {
      folded.append(
        .prose(
          """
          The neuron is gated, so it fires with both signs, and what it does at −3 is as strong as \
          what it does at 3: the passages where it is lowest stand beside those where it is highest.
          """))
    }
    var blocks: [Section.Block] = []
    for (index, found) in result.classes.enumerated() where !found.passages.isEmpty {
      blocks.append(.figure(Self.figure(found, index, neuron, range)))
      if index == 0, let figure = Self.lossFigure(found, neuron) { folded.append(.figure(figure)) }
    }
    return Section(
      id: Self.id, title: "Examples", part: .response,
      blocks: blocks + [.fold("How passages are chosen; each token's loss", folded)])
  }

  /// The number of a class's passages that a chart has room for. The data hold all of them.
  private static let drawn = 3

  /// The range of the activations that are shown.
  private static func range(_ passages: [Result.Passage]) -> ClosedRange<Double>? {
    let values = passages.flatMap(\.activations).filter(\.isFinite)
    return values.min().flatMap { low in values.max().map { low...$0 } }
  }

  /// The first and the last of the passages, and evenly spaced ones between.
  private static func chosen(_ passages: [Result.Passage]) -> [Result.Passage] {
    guard passages.count > drawn else { return passages }
    return (0..<drawn).map { passages[$0 * (passages.count - 1) / (drawn - 1)] }
  }

  private static func figure(
    _ found: Result.Class, _ index: Int, _ neuron: NeuronAddress, _ range: ClosedRange<Double>?
  ) -> Figure {
    let place = found.name == CorpusReference.other.description ? "the other class" : found.name
    var caption = "On \(place) "
    if let best = found.passages.first, let peak = best.peak {
      caption +=
        "\(neuron) is highest at “\(ReadableText.token(peak.token))” "
        + "(\(Wording.number(peak.activation)))"
    }
    // The peaks are minimum, quartiles and maximum; findings from elsewhere may hold fewer.
    if found.peaks.count > 2, let middle = found.peaks[2], let least = found.peaks[0] {
      caption +=
        "; the strongest token of the median document has \(Wording.number(middle)), of the lowest "
        + Wording.number(least)
    }
    let shown = chosen(found.passages)
    return Figure(
      id: index == 0 ? "examples-target" : "examples-other", caption: caption + ".",
      note: "\(found.documents.of("document")); \(shown.count) of "
        + "\(found.passages.count.of("passage")) drawn, in the same colours for both classes.",
      chart: strip("Activations on \(place)", Axis("Activation of \(neuron)"), shown, range),
      data: data(found.passages))
  }

  private static func lossFigure(_ found: Result.Class, _ neuron: NeuronAddress) -> Figure? {
    let passages = found.passages.filter { $0.kind == "strongest" && $0.lossChange != nil }
      .prefix(lossPassages)
    let changes = passages.flatMap { passage in
      zip(passage.tokens.dropFirst(), passage.lossChange ?? []).compactMap { next, change in
        change.map { (next: next, change: $0) }
      }
    }
    guard let most = changes.max(by: { $0.change < $1.change }),
      let least = changes.min(by: { $0.change < $1.change })
    else { return nil }
    let mean = changes.reduce(0) { $0 + $1.change } / Double(changes.count)
    let worse = changes.count { $0.change > 0 }
    let caption =
      "Without \(neuron), \(worse.grouped) of \(changes.count.of("token")) of the strongest passages "
      + "cost more: \(Wording.signed(mean, 4)) nats on average, from "
      + "\(Wording.signed(least.change, 2)) (“\(ReadableText.token(least.next))”) to "
      + "\(Wording.signed(most.change, 2)) (“\(ReadableText.token(most.next))”)."
    // A loss is stored at the position it is predicted from; the reader sees it at the predicted
    // token.
    let strip = TokenStrip(
      title: "Change of each token's loss",
      value: Axis("Change of the token's loss", unit: "nats"),
      passages: passages.map { passage in
        let own = [nil] + (passage.lossChange ?? []).dropLast()
        return TokenStrip.Passage(
          label(passage), tokens: zip(passage.tokens, own).map { TokenStrip.Token($0, $1) })
      })
    return Figure(
      id: "examples-loss", caption: caption,
      note:
        "\(passages.count.of("passage")); the neuron is ablated at every position, BOS included.",
      chart: .tokens(strip), data: data(Array(passages)))
  }

  /// Passages around the tokens at which the probe is wrong, for the part on limits.
  package static func errorFigures(_ result: Result, _ study: FindingsStudy) -> [Figure] {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    return [
      errorFigure(result.probe.falsePositives, result.probe, neuron, study, isPositive: true),
      errorFigure(result.probe.falseNegatives, result.probe, neuron, study, isPositive: false),
    ].compactMap(\.self)
  }

  private static func errorFigure(
    _ errors: Result.Errors, _ probe: Result.Probe, _ neuron: NeuronAddress,
    _ study: FindingsStudy, isPositive: Bool
  ) -> Figure? {
    guard !errors.passages.isEmpty, errors.of > 0 else { return nil }
    let target = study.file.target
    let share = Wording.percent(Double(errors.tokens) / Double(errors.of))
    // A miss lies on the side of the threshold where the probe says the other class.
    let isAbove = (probe.coefficient > 0) == isPositive
    let rule =
      probe.threshold.map { "that is \(isAbove ? "above" : "below") \(Wording.number($0))" }
      ?? "it never decides"
    let caption =
      isPositive
      ? "False alarms: \(errors.tokens.grouped) of \(errors.of.of("token")) of the other class "
        + "(\(share)) are classified as \(target) (\(rule))."
      : "Misses: \(errors.tokens.grouped) of \(errors.of.of("token")) of \(target) (\(share)) are "
        + "not classified as \(target) (\(rule))."
    // An activation far below zero says little: at the minimum of GELU many tokens differ by
    // rounding only. The pre-activation still tells them apart.
    let note =
      errors.isRankedByInput != true
      ? "One passage per document, around a token on the wrong side; several may be equally far "
        + "from the threshold."
      : "One passage per document, around the token at which the neuron's input (hook_pre) is "
        + "furthest on the wrong side."
    let kind = isPositive ? "False alarms" : "Misses"
    return Figure(
      id: isPositive ? "examples-false-positives" : "examples-false-negatives", caption: caption,
      note: note,
      chart: strip(
        kind + " of the probe", Axis("Activation of \(neuron)"), errors.passages,
        range(errors.passages)), data: data(errors.passages))
  }

  private static func strip(
    _ title: String, _ value: Axis, _ passages: [Result.Passage], _ range: ClosedRange<Double>?
  ) -> Chart {
    .tokens(
      TokenStrip(
        title: title, value: value, range: range,
        passages: passages.map { passage in
          TokenStrip.Passage(
            label(passage),
            tokens: zip(passage.tokens, passage.activations).map { TokenStrip.Token($0, $1) })
        }))
  }

  /// A passage's label, such as `median: Dutch document 12, 7.31 at ␣de`: short enough for a phone.
  private static func label(_ passage: Result.Passage) -> String {
    let kind =
      switch passage.quantile {
      case 0.5: "median"
      case .some(let share): "\(Wording.fixed(100 * share, 0)) % quantile"
      case nil: passage.kind == "furthest" ? "error" : passage.kind
      }
    let place = "\(kind): \(passage.corpus) document \(passage.document)"
    return passage.peak.map {
      "\(place), \(Wording.number($0.activation)) at \(ReadableText.token($0.token))"
    } ?? place
  }

  private static func kind(_ passage: Result.Passage) -> String {
    switch passage.quantile {
    case 0.5: "median document"
    case .some(let share): "document at the \(Wording.fixed(100 * share, 0)) % quantile"
    case nil: passage.kind == "furthest" ? "error" : passage.kind + " document"
    }
  }

  private static func data(_ passages: [Result.Passage]) -> DataTable {
    let hasLoss = passages.contains { $0.lossChange != nil }
    return DataTable(
      header: ["passage", "corpus", "document", "position", "token", "activation"]
        + (hasLoss ? ["next token's loss change, nats"] : []),
      rows: passages.flatMap { passage in
        zip(passage.tokens, passage.activations).enumerated().map { offset, token in
          let change = passage.lossChange.flatMap { offset < $0.count ? $0[offset] : nil }
          return [
            .text(kind(passage)), .text(passage.corpus), .integer(passage.document),
            .integer(passage.first &+ offset), .text(token.0), .number(token.1, decimals: 3),
          ] + (hasLoss ? [change.map { .number($0, decimals: 4) } ?? .missing] : [])
        }
      })
  }
}
