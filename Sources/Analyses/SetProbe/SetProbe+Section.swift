import Charts
import ReportModel
import StudyFile

extension SetProbe {
  /// The most single neurons that a chart has room for; the data hold all.
  private static let drawn = 20
  /// The most neurons of the matrix of correlations.
  private static let matrix = 24

  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard !result.neurons.isEmpty else { return nil }
    let target = study.file.target
    let prose = """
      One logistic regression (L2, C = 1) on the activations of all neurons of the set, and one on \
      each alone, fitted on \(result.rows.of("token")) of \
      \(result.fitted.target.documents.of("document")) of \(Markdown.text(target)) and \
      \(result.fitted.other.documents.grouped) of the other class, judged on all tokens of \
      \(result.judged.target.documents.of("document")) and \
      \(result.judged.other.documents.grouped)\
      \(result.isNew ? ", none of which is among the first" : ", **which may be the same**: the corpora have too few others"). \
      The area under the ROC curve (AUC) is that of documents, by their mean activation, or by their \
      mean log-odds for all together; its intervals are DeLong's, and Newcombe's where every pair is \
      won, those of MCC Student's over documents. Random sets have as many neurons of each layer and a regression of their own (seed \
      \(result.seed)).
      """
    return Section(
      id: Self.id, title: "Each neuron and all together",
      part: .response,
      blocks: [.figure(Self.reading(result, target))]
        + [Self.correlations(result)].compactMap { $0.map { .figure($0) } }
        + [.fold("How it was measured", [.prose(prose)])])
  }

  private static func reading(_ result: Result, _ target: String) -> Figure {
    let best = result.neurons.sorted { $0.mcc.value > $1.mcc.value }.prefix(drawn)
    let random = result.random.map(\.mcc)
    let chart = IntervalChart(
      title: "MCC on tokens of new documents", x: Axis("MCC on tokens"),
      rows: [.init("all together", [result.together.mcc.estimate], emphasis: .studied)]
        + best.map {
          .init(
            $0.address.description + ($0.isLower ? ", lower on \(target)" : ""),
            [$0.mcc.estimate], isPart: true)
        } + (random.isEmpty ? [] : [.init("\(random.count) random sets", [], dots: random)]),
      controlName: "random sets, a dot each")
    let omitted = result.neurons.count - best.count
    return Figure(
      id: "set-probe-reading", caption: caption(result, target),
      note: "\(result.judged.target.documents.of("document")) of \(target) and "
        + "\(result.judged.other.documents.grouped) others, with 95 % interval"
        + (result.isNew ? "" : "; the fit may have seen them")
        + (omitted > 0 ? "; the \(omitted) lowest are left to the data." : "."),
      chart: .intervals(chart), data: table(result))
  }

  /// What the set reads together, beside its best neuron and the best random set.
  package static func caption(_ result: Result, _ target: String) -> String {
    var text =
      "Together they tell tokens of \(target) with an MCC of \(result.together.mcc.unsignedWords)"
    if let best = result.neurons.max(by: { $0.mcc.value < $1.mcc.value }) {
      text += "; the best alone, \(best.address), with \(best.mcc.unsignedWords)"
    }
    if let random = result.random.map(\.mcc).max() {
      text +=
        result.random.count == 1
        ? "; a random set with \(Wording.fixed(random, 3))"
        : "; the best of \(result.random.count) random sets with \(Wording.fixed(random, 3))"
    }
    return text + "."
  }

  private static func correlations(_ result: Result) -> Figure? {
    let shown = min(result.neurons.count, matrix)
    let names = result.neurons.prefix(shown).map(\.address.description)
    // Findings from elsewhere may hold another matrix.
    guard result.correlations.count == result.neurons.count,
      result.correlations.allSatisfy({ $0.count == result.neurons.count }),
      let pair = strongest(result.correlations)
    else { return nil }
    func name(_ index: Int) -> String { result.neurons[index].address.description }
    let rows = result.correlations.prefix(shown).map { Array($0.prefix(shown)) }
    let omitted = result.neurons.count - shown
    let tokens = result.judged.target.tokens &+ result.judged.other.tokens
    let both = "\(name(pair.first)) and \(name(pair.second))"
    return Figure(
      id: "set-probe-correlations",
      caption: result.neurons.count == 2
        ? "The activations of \(both) correlate by r = \(Wording.fixed(pair.r, 2))."
        : "Of all pairs \(both) correlate most strongly, by r = \(Wording.fixed(pair.r, 2)).",
      note: "Pearson's r over \(tokens.of("token")) of both classes."
        + (omitted > 0 ? " Drawn are the first \(shown) neurons; findings.json has all." : ""),
      chart: .heatMap(
        HeatMap(
          title: "Correlation of activations", value: Axis("Pearson's r"), rows: names,
          columns: names, cells: rows.map { $0.map { $0 } }, isSigned: true)),
      data: DataTable(
        header: ["neuron"] + names,
        rows: zip(names, rows).map { [.text($0)] + $1.map { .number($0, decimals: 3) } }))
  }

  /// The two different neurons with the largest |r|; nil for fewer than two.
  package static func strongest(
    _ matrix: [[Double]]
  ) -> (first: Int, second: Int, r: Double)? {
    let pairs = matrix.indices.flatMap { row in
      matrix[row].indices.filter { $0 > row }.map { (first: row, second: $0, r: matrix[row][$0]) }
    }
    return pairs.max { abs($0.r) < abs($1.r) }
  }

  private static func table(_ result: Result) -> DataTable {
    let together = result.together
    return DataTable(
      title: "Readings of new documents",
      header: [
        "reading", "MCC of tokens", "low", "high", "AUC of documents", "low", "high", "coefficient",
      ],
      rows: [
        [.text("all together")] + together.mcc.cells(3) + together.auc.cells(3) + [.missing]
      ]
        + zip(result.neurons, together.coefficients).map { neuron, coefficient in
          [.text(neuron.address.description + (neuron.isLower ? ", lower" : ""))]
            + neuron.mcc.cells(3) + neuron.auc.cells(3) + [.number(coefficient, decimals: 4)]
        }
        + result.random.map { set in
          [.text("random: " + set.neurons.map(\.description).joined(separator: " "))]
            + Measured(set.mcc).cells(3) + [.missing, .missing, .missing, .missing]
        })
  }
}
