import Charts
import Passes
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
      activation. Numbers are those of all judgements together; the data have the lowest and the \
      highest fold, too. The studied neuron's interval is over documents, thresholds held fixed. \
      ROC-AUC is that of the activation itself, the mean over the folds. The best of \
      many is best partly by luck: so are the best of \(result.directions.perLayer.of("random direction")) of each layer's \
      activations, judged in the same way, and the best of all neurons with document labels shuffled, \
      one shuffle for all folds. Sparse curves are fitted on \(Self.fitted(result)).
      """
    let isListed = result.top.contains { Self.name($0) == Self.name(result.studied) }
    let listed = result.top.prefix(Self.shown) + (isListed ? [] : [result.studied])
    return Section(
      id: Self.id, title: "All neurons of all layers", part: .response,
      blocks: [
        .figure(Self.layerFigure(result, target)),
        .fold(
          "Other measures, probes of several neurons, the best neurons",
          [
            .figure(Self.metricFigure(result, target)), .figure(Self.curveFigure(result, study)),
            .table(
              Self.table(
                Array(listed), ranks: result,
                title: "The neurons with the highest held-out MCC on tokens")),
            .prose(prose),
          ]),
      ])
  }

  private static func choice(_ result: Result) -> String {
    (result.holdsSelection ?? true
      ? ", **which the neuron was chosen on, there being no others**"
      : ", none of which took part in choosing the neuron")
      + small(result)
  }

  /// What few documents of a class mean for the interval, which is over those of both.
  private static func small(_ result: Result) -> String {
    DocumentSample.Size.small(min(result.classes.target.documents, result.classes.other.documents))
  }

  /// A clause on the highest MCC that the best of all neurons reaches with shuffled labels.
  private static func shuffledWords(_ shuffled: Result.Shuffled) -> String {
    guard let labelings = shuffled.labelings, let p = shuffled.pValue else {
      return "the best neuron with shuffled labels \(Wording.fixed(shuffled.best, 3))"
    }
    return "the best neuron with labels shuffled \(labelings.grouped) times at most "
      + "\(Wording.fixed(shuffled.best, 3)) (over all neurons searched, p "
      + "\(p <= 1 / Double(1 + labelings) ? "≤" : "=") \(NumberText.significant(p)))"
  }

  /// The number of neurons in the table; the findings hold more.
  private static let shown = 10

  // MARK: By layer

  /// A clause on the studied neuron's rank by MCC on documents, or on the neurons with the same
  /// MCC.
  package static func place(_ result: Result) -> String {
    let mcc = result.studied.documents.mcc.mean
    let tied = result.neurons(withDocumentMCC: mcc)
    let place = result.rank.documents
    if tied > 1 {
      return "on the mean of whole documents it is one of \(tied.of("neuron")) with an MCC of "
        + Wording.fixed(mcc, 3)
    }
    return "on the mean of whole documents it is rank \(place.grouped) (\(Wording.fixed(mcc, 3)))"
  }

  /// How many documents the neuron is right about, with Wilson's interval; nil in findings of
  /// earlier versions.
  package static func rightWords(_ result: Result) -> String? {
    guard let right = result.right, right.of > 0 else { return nil }
    var text =
      "By its mean \(right.documents.grouped) of \(right.of.of("held-out document")) "
      + "\(right.documents == 1 ? "is on its" : "are on their") class's side "
      + "(\(Wording.percent(right.share.value))"
    if let low = right.share.low, let high = right.share.high {
      text +=
        "; 95 % interval \(Wording.fixed(100 * low, 1)) to \(Wording.fixed(100 * high, 1)) %, "
        + "Wilson's"
    }
    return text + ")."
  }

  private static func layerFigure(_ result: Result, _ target: String) -> Figure {
    let studied = result.studied
    let mcc = Measured(
      studied.tokens.mcc.mean, low: result.interval.tokens.low, high: result.interval.tokens.high)
    let tied = result.layers.reduce(0) {
      $0 + $1.tokens.mcc.count { ($0 - studied.tokens.mcc.mean).magnitude < 0.000051 }
    }
    var caption =
      "On held-out documents \(name(studied)) ranks \(result.rank.tokens.grouped) of "
      + "\(result.neurons.of("neuron"))\(tied > 1 ? ", with \(tied - 1) equal" : "") at telling "
      + "tokens of \(target) (MCC \(mcc.unsignedWords)); \(place(result))."
    if studied.isLower { caption += " It is lower on \(target)." }
    let random = result.directions.best.max() ?? 0
    let perLayer = result.layers.first.map(\.tokens.mcc.count) ?? 0
    let note =
      "One dot column per MCC. Chance: the best of \(result.directions.perLayer) random directions a "
      + "layer has \(Wording.fixed(random, 3)) (a layer has \(perLayer.of("neuron"))), "
      + "\(shuffledWords(result.shuffled)). \(result.classes.target.documents.of("document")) of "
      + "either class\(small(result))."
      + (rightWords(result).map { " " + $0 } ?? "")
    let chart = StripChart(
      title: "All neurons by layer", x: Axis("Held-out MCC on tokens"),
      rows: result.layers.enumerated().map { index, layer in
        var marks: [StripChart.Mark] = []
        let isOwn = layer.layer == studied.layer
        if isOwn {
          marks.append(
            .init(
              name(studied),
              .init(mcc.value, low: mcc.low, high: mcc.high), .studied))
        }
        if !isOwn || name(layer.best) != name(studied) {
          marks.append(.init(name(layer.best), .init(layer.best.tokens.mcc.mean), .rival))
        }
        if let best = result.directions.best.at(index) {
          marks.append(.init(index == 0 ? "random" : "", .init(best), .null))
        }
        return .init("layer \(layer.layer)", values: layer.tokens.mcc, marks: marks)
      })
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
      id: "probe-sweep-layers", caption: caption, note: note, chart: .strip(chart), data: data)
  }

  private static func metricFigure(_ result: Result, _ target: String) -> Figure {
    let neurons = result.layers.map(\.best)
    // These names are short enough to fit above the chart's cells.
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
    var caption = ""
    if let best, let documents {
      let tied = result.neurons(withDocumentMCC: documents.bestDocuments.documents.mcc.mean)
      let top = Wording.fixed(documents.bestDocuments.documents.mcc.mean, 3)
      caption =
        "Layer \(best.layer) has the best neuron on tokens, \(name(best.best)) (F1 "
        + "\(Wording.fixed(best.best.tokens.f1.mean, 3))); on whole documents "
        + (tied > 1
          ? "\(tied.of("neuron")) share the highest MCC, \(top)."
          : "\(name(documents.bestDocuments)) has the highest MCC, \(top).")
    }
    // The studied neuron has one row, even where it is its layer's best.
    let rows =
      neurons + (neurons.contains { name($0) == name(result.studied) } ? [] : [result.studied])
    let chart = HeatMap(
      title: "Measures of each layer's best neuron", value: Axis("Held out, × 100"),
      rows: rows.map { name($0) + (name($0) == name(result.studied) ? " (studied)" : "") },
      columns: columns, cells: rows.map(cells))
    return Figure(
      id: "probe-sweep-measures", caption: caption,
      note:
        "Each layer's best neuron by MCC; all held-out judgements together, of AUC the mean over "
        + "the \(result.splits.of("fold")), × 100; “doc.” is on documents' means.",
      chart: .heatMap(chart), data: table(rows, ranks: nil))
  }

  // MARK: Several neurons

  private static func curveFigure(_ result: Result, _ study: FindingsStudy) -> Figure {
    let sparse = result.sparse
    let lines = [
      ("largest mean difference", sparse.byDifference),
      ("largest |coefficient|", sparse.byCoefficient),
    ]
    let last = sparse.sizes.last ?? 1
    let points = [1, last].compactMap { size in
      sparse.sizes.firstIndex(of: size).flatMap { sparse.byDifference.at($0) }.map {
        "\(size.of("neuron")) \(Wording.fixed($0.mean, 2))"
      }
    }
    let caption =
      "MCC of logistic regressions on several neurons of layer \(study.neuron.layer): "
      + "\(Wording.list(points))."
    let note =
      "Held-out documents; fitted on \(fitted(result)). Neurons by mean "
      + "difference, or of the first \(last) by |coefficient| times standard deviation. Bands: lowest "
      + "to highest of \(result.splits.of("split"))."
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
    return Figure(
      id: "probe-sweep-sparse", caption: caption, note: note, chart: .line(chart), data: data)
  }

  /// Which training tokens the sparse curves are fitted on.
  package static func fitted(_ result: Result) -> String {
    let most = "evenly spaced training tokens, at most \(SparseCurve.rowLimit.grouped)"
    guard let training = result.sparse.training, let fitted = result.sparse.fitted,
      let largest = training.max(), let taken = fitted.max()
    else { return most }
    return training == fitted
      ? "every training token (at most \(largest.grouped) of a split)"
      : "evenly spaced training tokens of each split, at most \(taken.grouped) of "
        + "\(largest.grouped)"
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

  /// A table with a row for each neuron. With `ranks` it begins with the best neurons and ends with
  /// the studied one.
  private static func table(
    _ neurons: [Result.Neuron], ranks: Result?, title: String = ""
  ) -> DataTable {
    let header = neurons.first.map { metrics($0).map(\.name) } ?? []
    return DataTable(
      title: title,
      header: (ranks == nil ? [] : ["rank"]) + ["neuron"] + header + ["lowest MCC", "highest MCC"],
      rows: neurons.enumerated().map { index, neuron in
        let rank = ranks.map { name(neuron) == name($0.studied) ? $0.rank.tokens : index + 1 }
        let head: [DataTable.Cell] = rank.map { [.integer($0)] } ?? []
        return head
          + [.text(name(neuron))] + metrics(neuron).map { number($0.value) }
          + [number(neuron.tokens.mcc.low), number(neuron.tokens.mcc.high)]
      })
  }

  private static func name(_ neuron: Result.Neuron) -> String {
    NeuronAddress(layer: neuron.layer, neuron: neuron.neuron).description
  }

  private static func number(_ value: Double?) -> DataTable.Cell {
    value.map { .number($0, decimals: 3) } ?? .missing
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
