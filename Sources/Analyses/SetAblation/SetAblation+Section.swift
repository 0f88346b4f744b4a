import Charts
import LanguageModel
import Passes
import ReportModel
import StudyFile

extension SetAblation {
  /// The most single neurons that a chart has room for; the data hold all.
  private static let drawn = 16

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let target = study.file.target
    guard let own = result.corpora[target] else { return nil }
    let prose = """
      All neurons of the set are set to their values at once, each in its own layer, from position \
      \(result.from) on. A neuron of a later layer is set to its value in the run in which the earlier \
      ones are set already. Random sets have as many neurons of each layer, drawn without those of \
      the set (seed \(result.seed)); sets that fire as often have those whose share of tokens with an \
      activation above 0 is nearest. Of equal size are random sets whose neurons each shift the \
      residual stream of a document as far as their counterpart in the set, and moves along random \
      directions, one for each neuron. Intervals are 95 % over documents: Student's for 10 to 40, BCa \
      over \(result.resamples.grouped) resamples beyond, none for fewer.
      """
    return Section(
      id: Self.id, title: "Ablation of all together", part: .need,
      blocks: [
        .figure(Self.corpora(result, study)), .figure(Self.alone(result, own, target)),
        .figure(Self.curve(result, own, target)), .figure(Self.controls(result, own, study)),
        .fold("How it was measured", [.prose(prose), .table(Self.values(result, study))]),
      ])
  }

  private static func corpora(_ result: Result, _ study: FindingsStudy) -> Figure {
    let target = study.file.target
    let repeated = Set(study.repeatedCorpora.map(\.name))
    let names = ([target] + study.corpora.map(\.name).filter { $0 != target })
      .filter { !repeated.contains($0) }
    let rows = names.compactMap { name in result.corpora[name].map { (name: name, change: $0) } }
    let chart = IntervalChart(
      title: "Change of loss by corpus", x: Axis("Change of loss", unit: "%"),
      rows: rows.map { name, change in
        .init(
          name, [change.together.percent.estimate],
          emphasis: name == target ? .studied : .muted)
      }, controlName: "\(equalName(result)) on \(target)", band: band(result, on: target))
    let data = DataTable(
      header: [
        "corpus", "documents", "tokens", "clean loss", "change, nats", "low", "high", "change, %",
        "low, %", "high, %", "sum of each alone, nats", "low", "high",
      ],
      rows: rows.map { name, change in
        [
          .text(name), .integer(change.sample.documents), .integer(change.sample.tokens),
          .number(change.together.clean, decimals: 4),
        ] + change.together.change.cells(5) + change.together.percent.cells(3) + change.sum.cells(5)
      })
    let own = rows.first?.change.sample
    return Figure(
      id: "set-ablation-corpora", caption: corporaCaption(result, in: study),
      note: own.map {
        "Per token, with 95 % interval; \($0.documents.of("document")) of \(target), \($0.fit)."
      } ?? "", chart: .intervals(chart), data: data)
  }

  /// The number of edits of equal size, in words.
  static func equalName(_ result: Result) -> String {
    result.controls.equal.count.of("edit of equal size", plural: "edits of equal size")
  }

  /// The range of the changes under edits of equal size, in percent of the target's clean loss.
  static func band(_ result: Result, on target: String) -> IntervalChart.Band? {
    guard let clean = result.corpora[target]?.together.clean, clean > 0,
      let low = result.controls.equal.min(), let high = result.controls.equal.max()
    else { return nil }
    return .init(100 * low / clean, 100 * high / clean)
  }

  private static func alone(_ result: Result, _ own: Change, _ target: String) -> Figure {
    let singles = zip(result.neurons, own.alone).map { neuron, change in
      (name: neuron.address.description, change: change.change)
    }
    let largest = singles.sorted { $0.change.value > $1.change.value }.prefix(drawn)
    let chart = IntervalChart(
      title: "All together and each alone",
      x: Axis("Change of loss on \(target)", unit: "nats per token"),
      rows: [
        .init("all together", [own.together.change.estimate], emphasis: .studied),
        .init("sum of each alone", [own.sum.estimate]),
      ] + largest.map { .init($0.name, [$0.change.estimate], emphasis: .muted, isPart: true) })
    let data = DataTable(
      header: ["ablated", "change, nats per token", "low", "high"],
      rows: ([
        ("all together", own.together.change), ("sum of each alone", own.sum),
        ("together less the sum", own.beyond),
      ] + singles.map { ($0.name, $0.change) })
      .map { [.text($0.0)] + $0.1.cells(5) })
    let omitted = singles.count - largest.count
    return Figure(
      id: "set-ablation-alone", caption: additivity(own),
      note: "Nats per token of \(target), with 95 % interval; "
        + "\(own.sample.documents.of("document"))."
        + (omitted > 0 ? " The \(omitted) smallest are left to the data." : ""),
      chart: .intervals(chart), data: data)
  }

  private static func curve(_ result: Result, _ own: Change, _ target: String) -> Figure {
    func range(_ name: String, _ values: (Point) -> [Double]) -> LineChart.Series? {
      let points = result.curve.map { point -> LineChart.Point in
        let changes = values(point)
        let mean = changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count)
        return .init(x: Double(point.size), y: mean, low: changes.min(), high: changes.max())
      }
      return points.contains { $0.y != nil } ? .init(name, points: points) : nil
    }
    let count = (
      random: result.curve.last?.random.count ?? 0, matched: result.curve.last?.matched.count ?? 0
    )
    let set = LineChart.Series(
      "the set",
      points: result.curve.map {
        .init(x: Double($0.size), y: $0.change.value, low: $0.change.low, high: $0.change.high)
      })
    let chart = LineChart(
      title: "The first k neurons of the set", x: .numeric(Axis("Neurons ablated, k")),
      y: Axis("Change of loss", unit: "nats per token"),
      series: [set]
        + [
          range("\(count.random) random sets", \.random),
          range("\(count.matched) sets that fire as often", \.matched),
        ].compactMap(\.self))
    let data = DataTable(
      header: ["k", "set", "change, nats per token", "low", "high"],
      rows: result.curve.flatMap { point -> [[DataTable.Cell]] in
        func rows(_ name: String, _ changes: [Double]) -> [[DataTable.Cell]] {
          changes.map { [.integer(point.size), .text(name)] + Measured($0).cells(5) }
        }
        return [[.integer(point.size), .text("the set")] + point.change.cells(5)]
          + rows("random", point.random) + rows("fires as often", point.matched)
      })
    return Figure(
      id: "set-ablation-curve", caption: curveCaption(result.curve, target),
      note: "In the order of the study; \(own.sample.documents.of("document")) of \(target). The "
        + "set with 95 % interval, the others as mean and range.",
      chart: .line(chart), data: data)
  }

  private static func controls(
    _ result: Result, _ own: Change, _ study: FindingsStudy
  ) -> Figure {
    let groups = Self.groups(result)
    let chart = IntervalChart(
      title: "Change of loss beside control sets",
      x: Axis("Change of loss on \(study.file.target)", unit: "nats per token"),
      rows: [.init("the set", [own.together.change.estimate], emphasis: .studied)]
        + groups.map { .init("\($0.changes.count) \($0.short)", [], dots: $0.changes) },
      controlName: "controls, a dot each")
    func names(_ sets: [[NeuronAddress]], _ index: Int) -> DataTable.Cell {
      sets.indices.contains(index)
        ? .text(sets[index].map(\.description).joined(separator: " ")) : .missing
    }
    let controls = result.controls
    let data = DataTable(
      header: ["kind", "neurons", "change, nats per token", "low", "high"],
      rows: [
        [
          .text("the set"),
          .text(
            result.neurons.map(\.address.description).joined(separator: " ")),
        ] + own.together.change.cells(5)
      ]
        + groups.flatMap { group in
          group.changes.enumerated().map { index, change in
            let sets =
              switch group.short {
              case "sets that fire as often": controls.matched
              case "random sets": controls.random
              default: [[NeuronAddress]]()
              }
            return [.text(group.name), names(sets, index)] + Measured(change).cells(5)
          }
        })
    return Figure(
      id: "set-ablation-controls", caption: controlsCaption(result, in: study),
      note: "Nats per token; \(own.sample.documents.of("document")), \(own.sample.fit).",
      chart: .intervals(chart), data: data)
  }

  private static func values(_ result: Result, _ study: FindingsStudy) -> DataTable {
    DataTable(
      title: "What each neuron is set to", header: ["neuron", "value"],
      rows: result.neurons.map { neuron in
        [
          .text(neuron.address.description),
          neuron.value.map { .number($0, decimals: 4) }
            ?? .text(study.file.ablation.value.wordsOfSeveral),
        ]
      })
  }
}
