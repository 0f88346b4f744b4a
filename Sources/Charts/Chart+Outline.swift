extension Chart {
  /// The kind of chart and the amount of its data, for readers who cannot see it. The finding is in
  /// the caption.
  package var outline: String {
    switch self {
    case .line(let chart):
      "Line chart with \(Self.count(chart.series.count, "line")): \(chart.y.caption)."
    case .histogram(let chart):
      "Histogram with \(Self.count(max(chart.edges.count - 1, 0), "bin")) for "
        + "\(Self.count(chart.groups.count, "group")): \(chart.x.caption)."
    case .bars(let chart):
      "Chart of values in \(Self.count(chart.rows.count, "row")): \(chart.x.caption)."
    case .intervals(let chart):
      "Chart of values with intervals in \(Self.count(chart.rows.count, "row")): "
        + "\(chart.x.caption)."
    case .heatMap(let chart):
      "Heat map of \(Self.count(chart.rows.count, "row")) and "
        + "\(Self.count(chart.columns.count, "column")): \(chart.value.caption)."
    case .tokens(let chart):
      "\(Self.count(chart.passages.count, "passage")) of text, tokens shaded: "
        + "\(chart.value.caption)."
    case .spark(let chart): "Line of \(Self.count(chart.values.count, "value"))."
    case .strip(let chart):
      "\(Self.count(chart.rows.count, "strip")) of "
        + "\(Self.count(chart.rows.reduce(0) { $0 + $1.values.count }, "value")): "
        + "\(chart.x.caption)."
    case .claim(let chart):
      "\(Self.count(chart.rows.count, "corpus", plural: "corpora")) with activation and change of "
        + "loss" + (chart.neurons == nil ? "." : ", and all neurons in a strip.")
    case .scatter(let chart):
      "\(Self.count(chart.points.count, "point")): \(chart.x.caption) and \(chart.y.caption)."
    }
  }

  private static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(NumberText.fixed(Double(count), decimals: 0)) \(count == 1 ? noun : plural ?? noun + "s")"
  }
}
