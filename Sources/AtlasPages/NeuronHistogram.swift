import Atlas
import Charts

/// The activations of a neuron on one label beside those on all others, over the atlas's bins.
struct NeuronHistogram {
  let findings: AtlasFindings
  let detail: NeuronDetail
  let label: Int
  /// The tokens of each bin: the label's, and those of all others.
  private let own: [Double]
  private let others: [Double]

  /// Nil where the histograms are empty.
  init?(_ findings: AtlasFindings, _ detail: NeuronDetail, label: Int) {
    let bins = detail.histograms.map(\.count).max() ?? 0
    var own = Array(repeating: 0.0, count: bins)
    var others = own
    for (index, counts) in detail.histograms.enumerated() {
      for (bin, count) in counts.enumerated() {
        if index == label { own[bin] += Double(count) } else { others[bin] += Double(count) }
      }
    }
    guard own.reduce(0, +) > 0, others.reduce(0, +) > 0 else { return nil }
    self.findings = findings
    self.detail = detail
    self.label = label
    self.own = own
    self.others = others
  }

  /// The edges of the bins that hold tokens. The outermost bins end at the neuron's least and
  /// greatest activation.
  private var edges: [Double] {
    let all = findings.design.edges
    let least = findings.neurons.min[detail.place]
    let greatest = findings.neurons.max[detail.place]
    return (0...own.count).map { step in
      let edge = detail.firstBin + step - 1
      if edge < 0 { return min(least, all.first ?? least) }
      return edge < all.count ? all[edge] : max(greatest, all.last ?? greatest)
    }
  }

  /// The shares of tokens above each edge, in percent: of the label, and of all others.
  private func above(_ counts: [Double]) -> [Double] {
    let all = counts.reduce(0, +)
    var rest = all
    return [100]
      + counts.map { count in
        rest -= count
        return 100 * rest / all
      }
  }

  var chart: Chart {
    let edges = edges
    func series(_ name: String, _ counts: [Double]) -> LineChart.Series {
      .init(
        name, points: zip(edges, above(counts)).map { LineChart.Point(x: $0, y: $1) })
    }
    let threshold = findings.cells[label].threshold[detail.place]
    let limit =
      findings.design.edges.indices.contains(threshold)
      ? [
        LineChart.Reference(
          findings.design.edges[threshold], label: "threshold", direction: .acrossX)
      ] : []
    return .line(
      LineChart(
        title: "Tokens above an activation", x: .numeric(Axis("Activation")),
        y: Axis("Tokens above it", unit: "%"),
        series: [
          series(findings.labelNames[label], own), series("all other labels", others),
        ], references: limit))
  }

  /// `Above its threshold of 0.49 are 91 % of Dutch tokens and 6 % of others.`
  func caption(_ name: String) -> String {
    let threshold = findings.cells[label].threshold[detail.place]
    guard findings.design.edges.indices.contains(threshold) else {
      return "The activations of \(name)."
    }
    // Bins up to the one that the edge closes are not above it.
    let below = threshold + 1 - detail.firstBin
    func share(_ counts: [Double]) -> String {
      AtlasText.percent(counts.dropFirst(max(0, below)).reduce(0, +) / counts.reduce(0, +))
    }
    return "Above its threshold of \(AtlasText.fixed(findings.design.edges[threshold], 2)) are "
      + "\(share(own)) of the tokens of \(findings.labelNames[label]) and \(share(others)) of all "
      + "others."
  }

  var note: String {
    "The share of tokens with a higher activation, on both sides of the split; the threshold is of "
      + "the discovery documents."
  }
}
