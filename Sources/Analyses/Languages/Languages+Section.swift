import Charts
import Corpora
import ReportModel
import StudyFile

extension Languages {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let own = result.corpora.first(where: { $0.name == study.file.target }),
      result.corpora.count > 1
    else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      Each corpus separately, on the documents that the table counts, BOS left out. MCC is Matthews' correlation of \
      one corpus against all the others together. A token belongs to the side whose mean activation \
      is nearer. The documents of each corpus are dealt out to two folds in turn, and each fold is \
      judged by the means of the other. A negative MCC: the neuron is lower on the corpus.
      """
    return Section(
      id: Self.id, title: "By corpus", part: .response,
      blocks: [
        .figure(Self.distribution(result, own, study)),
        .fold(
          "The best neuron of the layer for each corpus",
          [.figure(Self.matrix(result, own, neuron)), .prose(prose)]),
      ])
  }

  private static func distribution(
    _ result: Result, _ own: Result.CorpusActivations, _ study: FindingsStudy
  ) -> Figure {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let activity = Activity(
      neuron: neuron,
      target: .init(name: own.name, mean: own.mean, median: own.quantiles.at(2) ?? nil),
      others: result.corpora.filter { $0.name != own.name }.map {
        .init(name: $0.name, mean: $0.mean, median: $0.quantiles.at(2) ?? nil)
      })
    let documents = result.corpora.map(\.documents)
    let count =
      documents.min() == documents.max()
      ? "\((documents.first ?? 0).of("document")) of each corpus"
      : "\(documents.min() ?? 0) to \((documents.max() ?? 0).of("document")) of a corpus"
    // Quantiles and correlations of single corpora have no interval, of few documents or many.
    let few =
      documents.min() ?? 0 < MeasuringSettings.fewest
      ? ", fewer than \(MeasuringSettings.fewest), and no interval says how far they carry" : ""
    let chart = IntervalChart(
      title: "Activations by corpus", x: Axis("Activation of \(neuron)"),
      rows: result.corpora.map { corpus in
        func q(_ index: Int) -> Double? { corpus.quantiles.at(index) ?? nil }
        return IntervalChart.Row(
          corpus.name, [q(2).map { .init($0, low: q(0), high: q(4)) }],
          control: q(1).flatMap { low in q(3).map { .init(low, $0) } },
          emphasis: corpus.name == own.name ? .studied : .muted)
      }, controlName: "middle half of the tokens", isQuantiles: true)
    let data = DataTable(
      header: [
        "corpus", "documents", "tokens", "mean", "5 %", "25 %", "50 %", "75 %", "95 %", "MCC",
      ],
      rows: result.corpora.map { corpus in
        [
          .text(corpus.name), .integer(corpus.documents), .integer(corpus.tokens),
          .number(corpus.mean, decimals: 3),
        ] + Result.shares.indices.map { cell(corpus.quantiles.at($0) ?? nil) }
          + [.number(corpus.mcc, decimals: 3)]
      })
    return Figure(
      id: "languages-activations", caption: activity.sentence,
      note: "Median and 5–95 % of tokens; \(count)\(few).",
      chart: .intervals(chart), data: data)
  }

  private static func matrix(
    _ result: Result, _ own: Result.CorpusActivations, _ neuron: NeuronAddress
  ) -> Figure {
    func name(_ row: Result.Row) -> String {
      NeuronAddress(layer: result.layer, neuron: row.neuron).description
    }
    let names = result.corpora.map(\.name)
    // A neuron that is the best for several corpora has one row.
    var bests: [(row: Result.Row, corpora: String)] = []
    for corpus in result.corpora where corpus.best.neuron != result.neuron {
      if let index = bests.firstIndex(where: { $0.row.neuron == corpus.best.neuron }) {
        bests[index].corpora += ", " + corpus.name
      } else {
        bests.append((corpus.best, corpus.name))
      }
    }
    let largestFor = result.corpora.filter { $0.best.neuron == result.neuron }.map(\.name)
    let rows =
      [(label: "\(neuron) (studied)", mcc: result.corpora.map(\.mcc))]
      + bests.map { (label: "\(name($0.row)) (\($0.corpora))", mcc: $0.row.mcc) }
    let others = result.corpora.filter { $0.name != own.name }
    var caption =
      "\(neuron) tells \(own.name) from the rest with an MCC of \(Wording.fixed(own.mcc, 3))"
    if let low = others.map(\.mcc).min(), let high = others.map(\.mcc).max() {
      caption +=
        others.count == 1
        ? "."
        : "; on the others it is between \(Wording.fixed(low, 3)) and \(Wording.fixed(high, 3))."
    } else {
      caption += "."
    }
    let ownMCC = names.firstIndex(of: own.name).flatMap { own.best.mcc.at($0) } ?? 0
    let note =
      own.best.neuron == result.neuron
      ? "No other neuron of the layer has a higher MCC for \(own.name)."
      : "The highest MCC for \(own.name) is that of \(name(own.best)), "
        + "\(Wording.fixed(ownMCC, 3))."
    let chart = HeatMap(
      title: "Best neurons by corpus",
      value: Axis("MCC, one corpus against the rest"),
      rows: rows.map(\.label), columns: names, columnLabel: "Corpus",
      cells: rows.map { $0.mcc.map { $0 } }, isSigned: true)
    let data = DataTable(
      header: ["neuron", "best for"] + names.map { "\($0), MCC" }
        + names.map { "\($0), mean" },
      rows: ([
        (
          neuron.description, largestFor.joined(separator: ", "), result.corpora.map(\.mcc),
          result.corpora.map(\.mean)
        )
      ] + bests.map { (name($0.row), $0.corpora, $0.row.mcc, $0.row.means) })
      .map { name, corpus, mcc, means in
        [.text(name), .text(corpus)]
          + [mcc, means].flatMap { values in names.indices.map { cell(values.at($0)) } }
      })
    return Figure(
      id: "languages-matrix", caption: caption, note: note, chart: .heatMap(chart), data: data)
  }

  private static func cell(_ value: Double?) -> DataTable.Cell {
    value.map { .number($0, decimals: 3) } ?? .missing
  }
}
