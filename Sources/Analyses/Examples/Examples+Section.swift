import Charts
import ReportModel
import StudyFile

extension Examples {
  /// Passages of the target whose loss is shown too.
  private static let lossPassages = 5

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let shown = result.classes.filter { !$0.passages.isEmpty }
    guard !shown.isEmpty else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      Passages of about \(ExampleChoice.window) tokens around a document's strongest token, one of a \
      document: those of the strongest documents, of the documents at the quantiles between, and of \
      the weakest. Tokens are shaded by the activation of \(neuron); BOS is left out. A passage that \
      shares \(result.shingle) tokens in a row with one already shown is left out as a \
      near-duplicate. A character that is split over several tokens stands at the last of them; the \
      others are dots.
      """
    var blocks: [Section.Block] = [.prose(prose)]
    if study.model.isGated == true {
      blocks.append(
        .prose(
          """
          The neuron is gated, so it fires with both signs, and what it does at −3 is as strong as \
          what it does at 3: the passages where it is lowest stand beside those where it is highest.
          """))
    }
    for (index, found) in result.classes.enumerated() where !found.passages.isEmpty {
      blocks.append(.figure(Self.figure(found, index, neuron)))
      if index == 0, let figure = Self.lossFigure(found, neuron) { blocks.append(.figure(figure)) }
    }
    let errors = [
      Self.errorFigure(result.probe.falsePositives, result.probe, neuron, study, isPositive: true),
      Self.errorFigure(result.probe.falseNegatives, result.probe, neuron, study, isPositive: false),
    ].compactMap(\.self)
    if !errors.isEmpty {
      blocks.append(
        .prose(
          """
          Where it is wrong: a logistic regression on \(neuron) alone, fitted on the sparse probe's \
          training part, judged on every token of both classes. Around each token that is furthest \
          on the wrong side, one of a document:
          """))
      blocks += errors.map { .figure($0) }
    }
    return Section(id: Self.id, title: "Examples", blocks: blocks)
  }

  private static func figure(
    _ found: Result.Class, _ index: Int, _ neuron: NeuronAddress
  ) -> Figure {
    let place = found.name == CorpusReference.other.description ? "the other class" : found.name
    var caption = "On \(place) "
    if let best = found.passages.first, let peak = best.peak {
      caption +=
        "\(neuron) is strongest in document \(best.document) of \(best.corpus): "
        + "\(Wording.number(peak.activation)) at “\(ReadableText.token(peak.token))”. "
    }
    // Minimum, quartiles, maximum; findings from elsewhere may hold fewer.
    if found.peaks.count > 2, let middle = found.peaks[2], let least = found.peaks[0] {
      caption +=
        "The strongest token of the median document has \(Wording.number(middle)), that of the "
        + "weakest \(Wording.number(least)), over \(found.documents.of("document")). "
    }
    caption += "\(found.nearDuplicates.of("near-duplicate")) left out."
    return Figure(
      id: index == 0 ? "examples-target" : "examples-other", caption: caption,
      chart: strip("Activations on \(place)", Axis("Activation of \(neuron)"), found.passages),
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
    guard let worst = changes.max(by: { $0.change < $1.change }),
      let best = changes.min(by: { $0.change < $1.change })
    else { return nil }
    let mean = changes.reduce(0) { $0 + $1.change } / Double(changes.count)
    let worse = changes.count { $0.change > 0 }
    let caption =
      "With \(neuron) ablated, the tokens of the \(passages.count) strongest passages of "
      + "\(found.name) cost \(Wording.signed(mean, 4)) nats each; "
      + "\(worse.grouped) of \(changes.count.grouped) cost more, most of all "
      + "“\(ReadableText.token(worst.next))” (\(Wording.signed(worst.change, 2))), and "
      + "“\(ReadableText.token(best.next))” gains most (\(Wording.signed(best.change, 2))). "
      + "A token is shaded by the change of its own loss."
    // A loss stands at the position it is predicted from; a reader looks at the token predicted.
    let strip = TokenStrip(
      title: "Change of each token's loss",
      value: Axis("Change of the token's loss under ablation", unit: "nats"),
      passages: passages.map { passage in
        let own = [nil] + (passage.lossChange ?? []).dropLast()
        return TokenStrip.Passage(
          label(passage), tokens: zip(passage.tokens, own).map { TokenStrip.Token($0, $1) })
      })
    return Figure(
      id: "examples-loss", caption: caption, chart: .tokens(strip), data: data(Array(passages)))
  }

  private static func errorFigure(
    _ errors: Result.Errors, _ probe: Result.Probe, _ neuron: NeuronAddress,
    _ study: FindingsStudy, isPositive: Bool
  ) -> Figure? {
    guard !errors.passages.isEmpty, errors.of > 0 else { return nil }
    let target = study.file.target
    let share = Wording.percent(Double(errors.tokens) / Double(errors.of))
    let rule =
      probe.threshold.map {
        "\(probe.coefficient > 0 ? "above" : "below") \(Wording.number($0)) it says \(target)"
      } ?? "it never decides"
    let examples = Wording.list(
      errors.passages.prefix(3).compactMap { passage in
        passage.peak.map {
          "“\(ReadableText.token($0.token))” (\(passage.corpus), \(Wording.number($0.activation)))"
        }
      })
    let caption =
      isPositive
      ? "False positives: \(errors.tokens.grouped) of the other class's "
        + "\(errors.of.of("token")) (\(share)) are taken for \(target) (\(rule)); the furthest: "
        + "\(examples)."
      : "False negatives: \(errors.tokens.grouped) of \(errors.of.of("token")) of \(target) "
        + "(\(share)) are missed (\(rule)); the furthest: \(examples)."
    let kind = isPositive ? "False positives" : "False negatives"
    return Figure(
      id: isPositive ? "examples-false-positives" : "examples-false-negatives", caption: caption,
      chart: strip(kind + " of the probe", Axis("Activation of \(neuron)"), errors.passages),
      data: data(errors.passages))
  }

  private static func strip(_ title: String, _ value: Axis, _ passages: [Result.Passage]) -> Chart {
    .tokens(
      TokenStrip(
        title: title, value: value,
        passages: passages.map { passage in
          TokenStrip.Passage(
            label(passage),
            tokens: zip(passage.tokens, passage.activations).map { TokenStrip.Token($0, $1) })
        }))
  }

  /// `median · Dutch, document 12: 7.31 at ␣de`
  private static func label(_ passage: Result.Passage) -> String {
    let place = "\(kind(passage)) · \(passage.corpus), document \(passage.document)"
    return passage.peak.map {
      "\(place): \(Wording.number($0.activation)) at \(ReadableText.token($0.token))"
    } ?? place
  }

  private static func kind(_ passage: Result.Passage) -> String {
    switch passage.quantile {
    case 0.5: "median"
    case .some(let share): "\(Wording.fixed(100 * share, 0)) % quantile"
    case nil: passage.kind
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
