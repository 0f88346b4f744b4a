import Charts
import Corpora
import ReportModel
import StudyFile

extension ActivationHistogram {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let target = study.file.target
    let prose = """
      Activations of \(neuron) on the probe documents of both classes, BOS left out, counted over \
      the same bins. Shares are percent of a class's own tokens, so that classes of different \
      sizes can be compared.\(Self.isPeaked(result) ? " The vertical axis is logarithmic." : "")
      """
    let chart = HistogramChart(
      title: "Activations by class", x: Axis("Activation of \(neuron)"),
      y: Axis(
        "Share of the class's tokens", unit: "%",
        kind: Self.isPeaked(result) ? .logarithmic : .linear),
      edges: result.edges,
      groups: [
        .init(target, heights: result.percent.target, mean: result.mean.target),
        .init("other", heights: result.percent.other, mean: result.mean.other),
      ])
    let data = DataTable(
      header: ["from", "to", "\(target), %", "other, %"],
      rows: zip(zip(result.edges, result.edges.dropFirst()), zipped(result.percent)).map {
        [
          .number($0.0, decimals: 3), .number($0.1, decimals: 3), .number($1.0, decimals: 3),
          .number($1.1, decimals: 3),
        ]
      })
    return Section(
      id: Self.id, title: "Activations by class", part: .response,
      finding: Self.caption(result, neuron, target), isFolded: true,
      blocks: [
        .figure(
          Figure(
            id: "activation-histogram", caption: Self.caption(result, neuron, target),
            note: "\(result.rows.target.of("token")) of \(target), "
              + "\(result.rows.other.of("token")) of the other class.",
            chart: .histogram(chart), data: data)),
        .prose(prose),
      ])
  }

  /// Whether one class's tallest bin is more than 8 times the other's, as for a neuron that is
  /// mostly silent on one class. On a linear axis the lower class would be a flat line.
  private static func isPeaked(_ result: Result) -> Bool {
    let peaks = [result.percent.target.max() ?? 0, result.percent.other.max() ?? 0].sorted()
    return peaks[0] > 0 && peaks[1] > 8 * peaks[0]
  }

  private func zipped(_ percent: ClassPair<[Double]>) -> Zip2Sequence<[Double], [Double]> {
    zip(percent.target, percent.other)
  }

  private static func caption(_ result: Result, _ neuron: NeuronAddress, _ target: String) -> String
  {
    let sizes = (result.rows.target.of("token"), result.rows.other.of("token"))
    if result.isConstant {
      return "\(neuron) is constant: \(Wording.number(result.mean.target)) on all \(sizes.0) of "
        + "\(target) and all \(sizes.1) of the other class. It can tell nothing apart."
    }
    // A mean over several corpora says nothing of each single corpus; `Activity` does.
    let side =
      result.mean.target > result.mean.other
      ? "higher" : result.mean.target < result.mean.other ? "lower" : "the same"
    return "The mean activation of \(neuron) is \(side) on \(target) "
      + "(\(Wording.number(result.mean.target))) "
      + "\(side == "the same" ? "and" : "than") on the other class taken together "
      + "(\(Wording.number(result.mean.other)))."
  }
}
