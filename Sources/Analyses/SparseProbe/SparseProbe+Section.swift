import Charts
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
      "The means of \(best) differ most: \(Wording.number(score)) apart on the training part, "
      + "\(sign < 0 ? "lower" : "higher") on \(target). The \(count) neurons together tell the "
      + "classes apart in \(Wording.percent(result.testAccuracy)) of \(result.split.test.grouped) "
      + "held-out tokens (training \(Wording.percent(result.trainAccuracy))); chance is 50 %."
    let differences = zip(result.scores, result.signs).map { $0 * Double($1) }
    // As many as all three lists have: findings may come from anywhere.
    let names = zip(result.neurons, differences).map { neuron, _ in
      NeuronAddress(layer: result.layer, neuron: neuron).description
    }
    let chart = BarChart(
      title: "Neurons that differ most between the classes",
      x: Axis("Mean activation on \(target) minus that on the other class"),
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
      id: Self.id, title: "Sparse probe",
      blocks: [
        .prose(prose),
        .figure(Figure(id: "sparse-probe", caption: caption, chart: .bars(chart), data: data)),
      ])
  }
}
