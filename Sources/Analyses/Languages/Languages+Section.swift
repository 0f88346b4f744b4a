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
      Every corpus apart, on \(Wording.list(result.corpora.map {
        "\($0.documents.of("document")) of \(Markdown.text($0.name))"
      })), BOS left out. MCC is Matthews' correlation of one corpus against all the others together \
      (1 perfect, 0 chance): a token belongs to the side whose mean activation is nearer. The documents \
      of each corpus are dealt out to two folds in turn, and each fold is judged by the means of the \
      other. A negative MCC: the neuron is lower on the corpus. Below the studied neuron stands, for \
      each corpus, the neuron of the layer with the highest MCC for it.
      """
    return Section(
      id: Self.id, title: "By language",
      blocks: [
        .prose(prose), .figure(Self.distribution(result, own, neuron)),
        .figure(Self.matrix(result, own, neuron)),
      ])
  }

  private static func distribution(
    _ result: Result, _ own: Result.Corpus, _ neuron: NeuronAddress
  ) -> Figure {
    let others = result.corpora.filter { $0.name != own.name }
    var caption =
      "\(neuron) has the median \(quantile(own, 2)) on \(own.name) (90 % of tokens from "
      + "\(quantile(own, 0)) to \(quantile(own, 4)), mean \(Wording.number(own.mean)))"
    if let next = others.max(by: { $0.mean < $1.mean }) {
      caption +=
        "; of the \(others.count) others \(next.name) has the highest mean, "
        + "\(Wording.number(next.mean)) (median \(quantile(next, 2)), 90 % from "
        + "\(quantile(next, 0)) to \(quantile(next, 4)))"
    }
    let chart = IntervalChart(
      title: "Activations by corpus", x: Axis("Activation of \(neuron): median, 5 % and 95 %"),
      rows: result.corpora.map { corpus in
        func q(_ index: Int) -> Double? { corpus.quantiles.at(index) ?? nil }
        return IntervalChart.Row(
          corpus.name, [q(2).map { .init($0, low: q(0), high: q(4)) }],
          control: q(1).flatMap { low in q(3).map { .init(low, $0) } })
      }, controlName: "middle half of the tokens")
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
      id: "languages-activations", caption: caption + ".", chart: .intervals(chart), data: data)
  }

  private static func matrix(
    _ result: Result, _ own: Result.Corpus, _ neuron: NeuronAddress
  ) -> Figure {
    func name(_ row: Result.Row) -> String {
      NeuronAddress(layer: result.layer, neuron: row.neuron).description
    }
    let names = result.corpora.map(\.name)
    let rows =
      [(label: "\(neuron) (studied)", mcc: result.corpora.map(\.mcc))]
      + result.corpora.map { (label: "\(name($0.best)) (\($0.name))", mcc: $0.best.mcc) }
    let others = result.corpora.filter { $0.name != own.name }
    let best = own.best.neuron
    let isOwn = best == result.neuron
    var caption =
      "\(neuron) tells \(own.name) from the rest with an MCC of \(Wording.fixed(own.mcc, 3))"
    if let next = others.max(by: { $0.mcc < $1.mcc }) {
      caption +=
        "; of the other corpora \(next.name) has the highest, \(Wording.fixed(next.mcc, 3))"
    }
    caption += ". "
    let ownMCC = names.firstIndex(of: own.name).flatMap { own.best.mcc.at($0) } ?? 0
    caption +=
      isOwn
      ? "No neuron of the layer tells \(own.name) better. "
      : "Another neuron of the layer tells \(own.name) best, \(name(own.best)) (MCC "
        + "\(Wording.fixed(ownMCC, 3))). "
    let list = zip(names, result.corpora).enumerated().filter { $0.element.0 != own.name }
      .map { index, pair in
        "\(pair.0) \(name(pair.1.best)) (\(Wording.fixed(pair.1.best.mcc.at(index) ?? 0, 3)))"
      }
    caption += "The best for the others: \(Wording.list(list))."
    let chart = HeatMap(
      title: "Best neuron for each corpus", value: Axis("MCC, one corpus against the rest"),
      rows: rows.map(\.label), columns: names, columnLabel: "Corpus",
      cells: rows.map { $0.mcc.map { $0 } }, isSigned: true)
    let data = DataTable(
      header: ["neuron", "best for"] + names.map { "\($0), MCC" } + names.map { "\($0), mean" },
      rows: ([(neuron.description, "", result.corpora.map(\.mcc), result.corpora.map(\.mean))]
        + result.corpora.map { (name($0.best), $0.name, $0.best.mcc, $0.best.means) })
        .map { name, corpus, mcc, means in
          [.text(name), .text(corpus)]
            + [mcc, means].flatMap { values in names.indices.map { cell(values.at($0)) } }
        })
    return Figure(
      id: "languages-matrix", caption: caption, chart: .heatMap(chart), data: data)
  }

  private static func quantile(_ corpus: Result.Corpus, _ index: Int) -> String {
    (corpus.quantiles.at(index) ?? nil).map { Wording.number($0) } ?? "–"
  }

  private static func cell(_ value: Double?) -> DataTable.Cell {
    value.map { .number($0, decimals: 3) } ?? .missing
  }
}
