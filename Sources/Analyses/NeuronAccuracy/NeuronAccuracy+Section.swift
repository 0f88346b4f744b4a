import Charts
import ReportModel
import StudyFile

extension NeuronAccuracy {
  /// One neuron's accuracies, averaged over the splits in which it is a candidate.
  package struct Average: Sendable, Equatable {
    package let neuron: Int
    package let train: Double
    package let test: Double
    /// The number of splits in which the neuron is a candidate.
    package let splits: Int
  }

  /// The candidates by mean held-out accuracy, the best first and equals by index.
  ///
  /// Averages are by neuron, not by rank, because one rank belongs to different neurons in
  /// different splits.
  package static func averages(_ result: Result) -> [Average] {
    let fits = Dictionary(grouping: result.splits.flatMap(\.neurons), by: \.neuron)
    return fits.map { neuron, fits in
      Average(
        neuron: neuron, train: mean(fits.map(\.trainAccuracy)),
        test: mean(fits.map(\.testAccuracy)), splits: fits.count)
    }.sorted { ($1.test, $0.neuron) < ($0.test, $1.neuron) }
  }

  /// The studied neuron's average over all splits; nil if there are none.
  package static func studied(_ result: Result) -> Average? {
    guard let neuron = result.studied.first?.neuron else { return nil }
    return Average(
      neuron: neuron, train: mean(result.studied.map(\.trainAccuracy)),
      test: mean(result.studied.map(\.testAccuracy)),
      splits: result.splits.count { $0.neurons.contains { $0.neuron == neuron } })
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// The most rows of the chart; the data hold all.
  private static let chartRows = 40

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let studied = Self.studied(result) else { return nil }
    var averages = Self.averages(result)
    let rank = averages.firstIndex { $0.neuron == studied.neuron }
    if rank == nil { averages.append(studied) }
    let others = averages.filter { $0.neuron != studied.neuron }
    let shown = averages.prefix(Self.chartRows - 1)
    let rows = shown.contains { $0.neuron == studied.neuron } ? shown : shown + [studied]
    func name(_ neuron: Int) -> String {
      NeuronAddress(layer: result.layer, neuron: neuron).description
    }
    let splits = result.splits.count
    let target = study.file.target
    let prose = """
      A logistic regression on one neuron alone, for the candidates of \(splits.of("random split")) \
      that each hold out a tenth of the tokens; the larger class is cut at its end to the size of the \
      smaller, so that chance is 50 % and its last documents take no part. A neuron's accuracies are averaged over the splits in which it is among the candidates.
      """
    var caption =
      "On its own, \(name(studied.neuron)) classifies \(Wording.percent(studied.test)) of held-out "
      + "tokens of \(target) and the other class correctly, "
    switch rank {
    case 0: caption += "the best of \(averages.count.of("neuron"))"
    case .some(let rank): caption += "rank \(rank + 1) of \(averages.count.of("neuron"))"
    case nil: caption += "though it is a candidate in no split"
    }
    if let best = others.first {
      caption +=
        "; the best other, \(name(best.neuron)), \(Wording.percent(best.test))"
    }
    caption += "."
    let note =
      "Mean over \(splits.of("split")); chance 50 %; training accuracy "
      + "\(Wording.percent(studied.train))."
      + (averages.count > rows.count
        ? " \(rows.count) of \(averages.count.of("neuron")) are drawn." : "")
    let chart = BarChart(
      title: "Accuracy of single neurons", x: Axis("Accuracy", unit: "%"),
      groups: [.init("held-out tokens", mark: .dot), .init("training tokens", mark: .dot)],
      rows: rows.map { row in
        let part = row.splits == splits ? "" : " (\(row.splits) of \(splits) splits)"
        return BarChart.Row(name(row.neuron) + part, 100 * row.test, 100 * row.train)
      }, studied: rows.firstIndex { $0.neuron == studied.neuron })
    let data = DataTable(
      header: ["neuron", "held-out accuracy, %", "training accuracy, %", "splits as candidate"],
      rows: averages.map {
        [
          .text(name($0.neuron)), .number(100 * $0.test, decimals: 2),
          .number(100 * $0.train, decimals: 2), .integer($0.splits),
        ]
      })
    return Section(
      id: Self.id, title: "Accuracy of single neurons", part: .response, finding: caption,
      isFolded: true,
      blocks: [
        .figure(
          Figure(
            id: "neuron-accuracy", caption: caption, note: note, chart: .bars(chart), data: data)),
        .prose(prose),
      ])
  }
}
