import Charts
import ReportModel
import StudyFile

extension ProbeSweep {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard !result.layers.isEmpty else { return nil }
    let target = study.file.target
    let classes = [(target, result.classes.target), ("the other class", result.classes.other)]
    let sizes = Wording.list(
      classes.map {
        "\($0.1.documents.of("document")) of \(Markdown.text($0.0)) (\($0.1.tokens.of("token")))"
      })
    let prose = """
      Every neuron of every layer alone, on documents that its threshold was not fitted on: of \
      \(sizes)\(Self.choice(result)), each is judged once, while its fold of \(result.splits) is \
      held out. A token counts as \(Markdown.text(target)) when it is nearer to that class's mean \
      activation than to the other's, the means being those of the tokens of all other folds \
      (scikit-learn's NearestCentroid on one feature); in the same way a document, by its mean \
      activation. Numbers are those of all judgements together, with the lowest and the highest fold \
      in brackets; ROC-AUC is that of the activation itself, the mean over the folds. The best of \
      many is best partly by luck: so are the best of as many random directions of each layer's \
      activations, judged alike, and the best of all neurons with labels dealt out anew to the \
      documents, one dealing for all folds. Sparse curves are fitted on evenly spaced training \
      tokens, at most \(SparseCurve.rowLimit.grouped).
      """
    return Section(
      id: Self.id, title: "All neurons of all layers",
      blocks: [
        .prose(prose),
        .figure(Self.layerFigure(result, target)),
        .figure(Self.metricFigure(result, target)),
        .figure(Self.curveFigure(result, study)),
        .prose("The \(result.top.count) neurons with the highest held-out MCC on tokens:"),
        .table(Self.table(result.top + [result.studied], ranks: result)),
      ])
  }

  private static func choice(_ result: Result) -> String {
    result.holdsSelection ?? true
      ? ", **which the neuron was chosen on, there being no others**"
      : ", none of which took part in choosing the neuron"
  }

  /// `; 51 others have the same MCC on documents`
  private static func ties(_ result: Result) -> String {
    guard let tied = result.tied?.documents, tied > 0 else { return "" }
    return " (on documents \(tied.of("other")) \(tied == 1 ? "has" : "have") the same)"
  }

  private static func shuffledWords(_ shuffled: Result.Shuffled) -> String {
    guard let labelings = shuffled.labelings, let p = shuffled.pValue else { return "" }
    return "With labels dealt out anew \(labelings.grouped) times the best neuron of all reaches "
      + "\(Wording.fixed(shuffled.best, 3)) at most (95 % of the times "
      + "\(Wording.fixed(shuffled.quantile, 3)) or less): over all neurons searched, p "
      + "\(p <= 1 / Double(1 + labelings) ? "≤" : "=") \(NumberText.significant(p))."
  }

  // MARK: By layer

  private static func layerFigure(_ result: Result, _ target: String) -> Figure {
    let studied = result.studied
    var caption =
      "\(name(studied)) tells \(target) from the rest with an MCC of \(words(studied.tokens.mcc)) on "
      + "held-out tokens and \(words(studied.documents.mcc)) on held-out documents: rank "
      + "\(result.rank.tokens.grouped) and \(result.rank.documents.grouped) of "
      + "\(result.neurons.of("neuron"))\(ties(result)). "
    if studied.tokens.rocAUC.mean < 0.5 {
      caption += "It does so by being lower on \(target) (ROC-AUC below 0.5). "
    }
    if let tokens = result.interval.tokens.interval(3) {
      caption += "The 95 % interval over documents is \(tokens) on tokens. "
    }
    if let right = result.right {
      caption +=
        "By its mean \(right.documents.grouped) of \(right.of.of("document")) are on their class's "
        + "side" + (right.share.interval(3).map { " (share \($0))" } ?? "") + ". "
    }
    if let best = result.top.first, name(best) != name(studied) {
      caption += "The best on tokens is \(name(best)) (\(words(best.tokens.mcc))). "
    }
    let random = result.directions.best.max() ?? 0
    caption +=
      "The best random direction has \(Wording.fixed(random, 3)). "
      + shuffledWords(result.shuffled)
    let idle = result.layers.reduce((constant: 0, dead: 0)) {
      ($0.constant + $1.constant, $0.dead + $1.dead)
    }
    caption +=
      " Of all neurons, \(idle.constant.grouped) \(idle.constant == 1 ? "is" : "are") constant and "
      + "\(idle.dead.grouped) \(idle.dead == 1 ? "is" : "are") never above 0."
    let chart = IntervalChart(
      title: "Best neuron of each layer", x: Axis("Held-out MCC on tokens", includesZero: true),
      rows: result.layers.enumerated().map { index, layer in
        IntervalChart.Row(
          "layer \(layer.layer): \(name(layer.best))", [estimate(layer.best.tokens.mcc)],
          control: result.directions.median.at(index).flatMap { low in
            result.directions.best.at(index).map { .init(low, $0) }
          })
      } + [IntervalChart.Row("studied: \(name(studied))", [estimate(studied.tokens.mcc)])],
      controlName: "\(result.directions.perLayer) random directions, median to best",
      reference: .init(result.shuffled.best, label: "best neuron with shuffled labels"))
    let data = DataTable(
      header: [
        "layer", "best neuron", "MCC", "lowest", "highest", "best on documents", "document MCC",
        "median of all neurons", "random directions, median", "random directions, best",
        "constant", "never above 0",
      ],
      rows: result.layers.enumerated().map { index, layer in
        [
          .integer(layer.layer), .text(name(layer.best)), number(layer.best.tokens.mcc.mean),
          number(layer.best.tokens.mcc.low), number(layer.best.tokens.mcc.high),
          .text(name(layer.bestDocuments)), number(layer.bestDocuments.documents.mcc.mean),
          number(median(layer.tokens.mcc)), number(result.directions.median.at(index)),
          number(result.directions.best.at(index)), .integer(layer.constant),
          .integer(layer.dead),
        ]
      })
    return Figure(
      id: "probe-sweep-layers", caption: caption, chart: .intervals(chart), data: data)
  }

  private static func metricFigure(_ result: Result, _ target: String) -> Figure {
    let neurons = result.layers.map(\.best)
    // The same short names in the chart as fit above its cells.
    let columns = [
      "MCC", "F1", "precision", "recall", "balanced", "ROC-AUC", "doc. MCC", "doc. F1", "doc. AUC",
    ]
    func cells(_ neuron: Result.Neuron) -> [Double?] {
      let all = metrics(neuron).map { $0.value.map { 100 * $0 } }
      return Array(all.prefix(8)) + all.suffix(1)
    }
    let best = result.layers.max { $0.best.tokens.mcc.mean < $1.best.tokens.mcc.mean }
    let documents = result.layers.max {
      $0.bestDocuments.documents.mcc.mean < $1.bestDocuments.documents.mcc.mean
    }
    var caption =
      "The neurons with the highest MCC of each layer, by every measure; “doc.” is on documents' "
      + "means. "
    if let best, let documents {
      caption +=
        "Layer \(best.layer) has the best on tokens, \(name(best.best)) (F1 "
        + "\(Wording.fixed(best.best.tokens.f1.mean, 3)), balanced accuracy "
        + "\(Wording.percent(best.best.tokens.balancedAccuracy.mean))); over whole documents "
        + "\(name(documents.bestDocuments)) reaches an MCC of "
        + "\(Wording.fixed(documents.bestDocuments.documents.mcc.mean, 3))."
    }
    let chart = HeatMap(
      title: "Measures of each layer's best neuron", value: Axis("Mean over the splits, × 100"),
      rows: neurons.map(name) + ["\(name(result.studied)) (studied)"],
      columns: columns, cells: (neurons + [result.studied]).map(cells))
    return Figure(
      id: "probe-sweep-measures", caption: caption, chart: .heatMap(chart),
      data: table(neurons + [result.studied], ranks: nil))
  }

  // MARK: Several neurons

  private static func curveFigure(_ result: Result, _ study: FindingsStudy) -> Figure {
    let sparse = result.sparse
    let lines = [
      ("largest mean difference", sparse.byDifference),
      ("largest |coefficient|", sparse.byCoefficient),
    ]
    func at(_ size: Int) -> String? {
      sparse.sizes.firstIndex(of: size).flatMap { index in
        sparse.byDifference.at(index).flatMap { difference in
          sparse.byCoefficient.at(index).map {
            "\(size.of("neuron")) \(Wording.fixed(difference.mean, 3)) (by |coefficient| "
              + "\(Wording.fixed($0.mean, 3)))"
          }
        }
      }
    }
    let points = Wording.list([1, 8, sparse.sizes.last ?? 64].compactMap(at))
    let caption =
      "Logistic regressions on k neurons of layer \(study.neuron.layer), MCC on tokens of held-out "
      + "documents: \(points). Neurons are taken by mean difference, or from those "
      + "\(sparse.sizes.last ?? 0) by |coefficient| times standard deviation; bands run from the "
      + "lowest to the highest split."
    let chart = LineChart(
      title: "Probes of k neurons",
      x: .categories(sparse.sizes.map { String($0) }, label: "Neurons in the probe"),
      y: Axis("Held-out MCC on tokens"),
      series: lines.map { name, values in
        LineChart.Series(
          name,
          points: values.enumerated().map { index, range in
            LineChart.Point(x: Double(index), y: range.mean, low: range.low, high: range.high)
          })
      },
      references: [
        .init(result.studied.tokens.mcc.mean, label: "\(name(result.studied)) alone")
      ])
    let data = DataTable(
      header: ["k"] + lines.flatMap { ["\($0.0), MCC", "lowest", "highest"] },
      rows: sparse.sizes.enumerated().map { index, size in
        [.integer(size)]
          + lines.flatMap { line -> [DataTable.Cell] in
            let range = line.1.at(index)
            return [number(range?.mean), number(range?.low), number(range?.high)]
          }
      })
    return Figure(id: "probe-sweep-sparse", caption: caption, chart: .line(chart), data: data)
  }

  // MARK: Words and cells

  private static func metrics(_ neuron: Result.Neuron) -> [(name: String, value: Double?)] {
    func part(_ name: String, _ scores: Result.Scores) -> [(name: String, value: Double?)] {
      [
        ("MCC, \(name)", scores.mcc.mean), ("F1, \(name)", scores.f1.mean),
        ("precision, \(name)", scores.precision.mean), ("recall, \(name)", scores.recall.mean),
        ("balanced accuracy, \(name)", scores.balancedAccuracy.mean),
        ("ROC-AUC, \(name)", scores.rocAUC.mean),
      ]
    }
    return part("tokens", neuron.tokens) + part("documents", neuron.documents)
  }

  /// A row for each neuron; with `ranks` the list is the top and its last is the studied one.
  private static func table(_ neurons: [Result.Neuron], ranks: Result?) -> DataTable {
    let header = neurons.first.map { metrics($0).map(\.name) } ?? []
    return DataTable(
      header: (ranks == nil ? [] : ["rank"]) + ["neuron"] + header + ["lowest MCC", "highest MCC"],
      rows: neurons.enumerated().map { index, neuron in
        let rank = ranks.map { index < $0.top.count ? index + 1 : $0.rank.tokens }
        let head: [DataTable.Cell] = rank.map { [.integer($0)] } ?? []
        return head
          + [.text(name(neuron))] + metrics(neuron).map { number($0.value) }
          + [number(neuron.tokens.mcc.low), number(neuron.tokens.mcc.high)]
      })
  }

  private static func name(_ neuron: Result.Neuron) -> String {
    NeuronAddress(layer: neuron.layer, neuron: neuron.neuron).description
  }

  /// `0.683 [0.671, 0.700]`
  private static func words(_ range: Result.Range) -> String {
    "\(Wording.fixed(range.mean, 3)) [\(Wording.fixed(range.low, 3)), "
      + "\(Wording.fixed(range.high, 3))]"
  }

  private static func estimate(_ range: Result.Range) -> IntervalChart.Estimate {
    .init(range.mean, low: range.low, high: range.high)
  }

  private static func number(_ value: Double?) -> DataTable.Cell {
    value.map { .number($0, decimals: 3) } ?? .missing
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
