import Charts
import ReportModel
import StudyFile

extension Ablation {
  /// The value the neuron is set to: `0.0124, its mean over the other class`, or the words alone
  /// where they already say the number.
  private static func value(_ result: Result, _ study: FindingsStudy) -> String {
    let words = study.file.ablation.value.words
    switch (study.file.ablation.value, result.value) {
    case (.otherMean, let value?), (.ownMean, let value?):
      return "\(Wording.number(value)), \(words)"
    default: return words
    }
  }

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let corpora = study.file.ablation.corpora.compactMap { reference in
      let name = study.file.name(of: reference)
      return result.corpora[name].map { (name: name, losses: $0) }
    }
    guard !corpora.isEmpty else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let hasPadded = corpora.contains { $0.losses.padded != nil }
    var prose = """
      \(neuron) is set to \(Self.value(result, study)), at every \
      position, BOS included. The loss is counted over real tokens, each weighing the same. \
      The documents are the study's first, those on which the neuron was chosen among them.
      """
    if study.model.isGated == true, study.file.ablation.value == .otherMean {
      prose += """
         The neuron is gated: 0 is where it is off by nature, and its mean over the other class, \
        which this is, may have either sign.
        """
    }
    if hasPadded {
      prose += """
         Beside it stands the notebook's own average: a mean over batches in which pads are \
        predicted too.\(Self.cost(corpora.compactMap { $0.losses.padding }))
        """
    }
    let table = DataTable(
      header: [
        "corpus", "documents", "tokens", "average", "clean", "ablated", "change, nats", "change, %",
      ],
      rows: corpora.flatMap { name, losses in
        [("real tokens", losses.masked), ("padded", losses.padded)].compactMap { average, pair in
          pair.map { pair in
            [
              .text(name), .integer(losses.documents), .integer(losses.tokens), .text(average),
              .number(pair.clean, decimals: 4), .number(pair.ablated, decimals: 4),
              .number(pair.change, decimals: 4), .number(pair.percent, decimals: 2),
            ]
          }
        }
      })
    let chart = BarChart(
      title: "Change of the loss under ablation", x: Axis("Change of loss", unit: "nats per token"),
      groups: hasPadded ? [.init("real tokens"), .init("padded batches")] : [.init("")],
      rows: corpora.map { name, losses in
        BarChart.Row(
          name,
          values: [losses.masked, losses.padded].prefix(hasPadded ? 2 : 1).map {
            $0.map { IntervalChart.Estimate($0.change) }
          })
      })
    let repeated = study.repeatedCorpora
    let changes = corpora.map { name, losses in
      let source = repeated.first { $0.name == name }.map { " (text of \($0.source))" } ?? ""
      return "\(Wording.signed(losses.masked.change, 4)) nats on \(name)\(source)"
    }
    let caption =
      "As the notebook ablates, without \(neuron) the loss changes by \(Wording.list(changes))."
    return Section(
      id: Self.id, title: "Ablation as in the notebook", finding: caption, isFolded: true,
      blocks: [
        .figure(
          Figure(
            id: "ablation", caption: caption,
            note:
              "Per real token\(hasPadded ? "; beside it over padded batches" : ""). No interval, "
              + "no controls.",
            chart: .bars(chart), data: table)),
        .prose(prose),
      ])
  }

  /// A sentence on how many rows padding adds; empty where nothing was padded.
  private static func cost(_ paddings: [Padding]) -> String {
    let (real, computed) = paddings.reduce((0, 0)) { ($0.0 + $1.real, $0.1 + $1.computed) }
    guard real > 0 else { return "" }
    let share = 100 * Double(computed - real) / Double(real)
    return " For that the model runs on \(computed.of("row")) instead of the \(real.grouped) of "
      + "the documents with their BOS, \(Wording.fixed(share, 0)) % more."
  }
}
