import Charts
import Corpora
import ReportModel
import StudyFile

extension SparseProbe {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard let first = result.neurons.first, let score = result.scores.first,
      let sign = result.signs.first
    else { return nil }
    let target = study.file.target
    let count = result.neurons.count
    let best = NeuronAddress(layer: result.layer, neuron: first)
    let prose = """
      Every neuron of layer \(result.layer) (`blocks.\(result.layer).mlp.hook_post`) is ranked by \
      how far its mean on \(Markdown.text(target)) is from its mean on the other class, and one \
      logistic regression is fitted to the first \(count). Tokens are split at random, so tokens \
      of one document stand in both parts: the held-out accuracy is that of new tokens, not of \
      new documents.
      """
    let caption =
      "\(best) has the largest difference of means, \(Wording.number(score)), "
      + "\(sign < 0 ? "lower" : "higher") on \(target); \(count) neurons together classify "
      + "\(Wording.percent(result.testAccuracy)) of held-out tokens correctly."
    let note =
      "\(result.split.test.of("held-out token")), chance 50 %; training accuracy "
      + "\(Wording.percent(result.trainAccuracy)). \(Self.cut(result.rows, target))"
    let differences = zip(result.scores, result.signs).map { $0 * Double($1) }
    // The lists are cut to the shortest, because findings may come from elsewhere.
    let names = zip(result.neurons, differences).map { neuron, _ in
      NeuronAddress(layer: result.layer, neuron: neuron).description
    }
    let chart = BarChart(
      title: "Neurons that differ most between the classes",
      x: Axis("Mean on \(target) − mean on the other class"),
      rows: zip(names, differences).map { BarChart.Row($0, $1) })
    let data = DataTable(
      header: ["rank", "neuron", "mean difference", "higher on", "coefficient"],
      rows: names.indices.map { index in
        [
          .integer(index + 1), .text(names[index]), .number(differences[index], decimals: 4),
          .text(result.signs[index] < 0 ? "other" : target),
          result.coefficients.indices.contains(index)
            ? .number(result.coefficients[index], decimals: 4) : .missing,
        ]
      })
    return Section(
      id: Self.id, title: "Sparse probe", part: .response, finding: caption, isFolded: true,
      blocks: [
        .figure(
          Figure(id: "sparse-probe", caption: caption, note: note, chart: .bars(chart), data: data)),
        .prose(prose),
      ])
  }

  /// A sentence on which rows are left when both classes are cut to equal numbers.
  package static func cut(_ rows: ClassPair<Int>, _ target: String) -> String {
    if rows.target == rows.other { return "Both classes have \(rows.target.of("token"))." }
    let (smaller, larger, name) =
      rows.target < rows.other
      ? (rows.target, rows.other, "the other class") : (rows.other, rows.target, target)
    return "Both classes have \(smaller.of("token")): the first of \(larger.grouped) of \(name), "
      + "which come from its first documents alone."
  }
}
