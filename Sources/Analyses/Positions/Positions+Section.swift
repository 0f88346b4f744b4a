import Charts
import ReportModel
import StudyFile

extension Positions {
  package func section(_ result: [Curves], in study: FindingsStudy) -> Section? {
    let corpora = Dictionary(grouping: result, by: \.corpus)
    var names: [String] = []
    for curves in result where !names.contains(curves.corpus) { names.append(curves.corpus) }
    guard !names.isEmpty else { return nil }
    var prose = """
      Mean activation and mean loss at each token position, BOS at 0; the loss stands at the \
      position it is predicted from. Few documents reach the late positions: the strip below each \
      chart has their number.
      """
    if result.contains(where: { $0.padded != nil }) {
      prose += """
         The padded curves are the notebook's: sums in which pads take part, divided by the \
        number of real tokens, so that they drift away where documents end.
        """
    }
    let figures = names.enumerated().flatMap { index, name -> [Section.Block] in
      let corpus = PositionFigures(
        slug: name == study.file.target
          ? "target" : name == CorpusReference.other.description ? name : "corpus-\(index + 1)",
        name: name, layer: study.neuron.layer, curves: corpora[name] ?? [])
      return [.figure(corpus.activation), .figure(corpus.loss)]
    }
    return Section(
      id: Self.id, title: "By token position as in the notebook",
      finding: figures.first?.figures.first?.caption ?? "", isFolded: true,
      blocks: figures + [.prose(prose)])
  }
}

/// The two charts of one corpus.
private struct PositionFigures {
  let slug: String
  /// The corpus's name; `other` for the other class.
  let name: String
  let layer: Int
  /// The curves of each neuron; all have the same loss.
  let curves: [Positions.Curves]

  private var counts: [Int] { curves.first?.counts ?? [] }

  /// The last position that at least half of the documents reach.
  private var common: Int {
    let most = Double(counts.first ?? 0)
    return counts.lastIndex { 2 * Double($0) >= most } ?? 0
  }

  private var support: LineChart.Support {
    .init("Documents", points: counts.enumerated().map { .init(x: Double($0), y: Double($1)) })
  }

  private var place: String { name == "other" ? "the other class" : name }

  private var sample: String {
    "\((counts.first ?? 0).of("document")), half of them up to position \(common), "
      + "\((counts.last ?? 0).grouped) at position \(counts.count - 1)"
  }

  var activation: Figure {
    let lines = curves.flatMap { curves -> [Line] in
      let neuron = NeuronAddress(layer: layer, neuron: curves.neuron).description
      return [Line("\(neuron), real tokens", curves.masked.activation)]
        + (curves.padded.map { [Line("\(neuron), padded", $0.activation)] } ?? [])
    }
    let findings = curves.map { curves in
      let neuron = NeuronAddress(layer: layer, neuron: curves.neuron).description
      let values = curves.masked.activation
      guard let first = value(values, at: 1), let peak = peak(values) else {
        return "\(neuron) has no token after BOS"
      }
      return "\(neuron) has \(Wording.number(first)) at position 1 and at most "
        + "\(Wording.number(peak.value)) (position \(peak.position))"
    }
    return figure(
      id: "positions-\(slug)-activation", title: "Activation by token position",
      axis: Axis("Mean activation"), lines: lines,
      caption: "On \(place), up to position \(common), \(Wording.list(findings)).",
      gap: curves.first.map { gap($0.masked.activation, $0.padded?.activation) } ?? "")
  }

  var loss: Figure {
    let masked = curves.first?.masked.loss ?? []
    let padded = curves.first?.padded?.loss
    let lines = [Line("real tokens", masked)] + (padded.map { [Line("padded", $0)] } ?? [])
    let early = mean(masked, 0..<min(10, common + 1))
    let late = mean(masked, max(0, common - 9)..<common + 1)
    let finding =
      if let early, let late {
        "averages \(Wording.number(early)) nats over the first ten positions and "
          + "\(Wording.number(late)) over the last ten that half of the documents reach"
      } else {
        "has no token to predict"
      }
    return figure(
      id: "positions-\(slug)-loss", title: "Loss by token position",
      axis: Axis("Mean loss", unit: "nats per token"), lines: lines,
      caption: "On \(place) the loss \(finding).", gap: gap(masked, padded))
  }

  /// A named curve.
  private struct Line {
    let name: String
    let values: [Double?]

    init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  private func figure(
    id: String, title: String, axis: Axis, lines: [Line], caption: String, gap: String
  ) -> Figure {
    let chart = Chart.line(
      LineChart(
        title: title, x: .numeric(Axis("Token position")), y: axis,
        series: lines.map { .init($0.name, values: $0.values) }, support: support))
    let thinned =
      chart.isThinned ? " Lines show two points a pixel column; the data have all." : ""
    return Figure(
      id: id, caption: caption, note: "Real tokens; \(sample).\(gap)\(thinned)", chart: chart,
      data: DataTable(
        header: ["position", "documents"] + lines.map(\.name),
        rows: counts.indices.map { position in
          [.integer(position), .integer(counts[position])]
            + lines.map { line in
              value(line.values, at: position).map { .number($0, decimals: 4) } ?? .missing
            }
        }))
  }

  /// A sentence on the position where the padded average is furthest off; empty without padded
  /// averages.
  private func gap(_ masked: [Double?], _ padded: [Double?]?) -> String {
    let gaps = zip(masked, padded ?? []).enumerated().compactMap { position, pair in
      pair.0.flatMap { masked in
        pair.1.map { (position: position, size: ($0 - masked).magnitude) }
      }
    }
    guard let worst = gaps.max(by: { $0.size < $1.size }) else { return "" }
    return " The padded average is off by up to \(Wording.number(worst.size)), at position "
      + "\(worst.position)."
  }

  private func value(_ values: [Double?], at position: Int) -> Double? {
    values.indices.contains(position) ? values[position] : nil
  }

  /// The highest value after BOS among the positions that half of the documents reach.
  private func peak(_ values: [Double?]) -> (position: Int, value: Double)? {
    values.enumerated().dropFirst().prefix(max(0, common))
      .compactMap { position, value in value.map { (position, $0) } }
      .max { $0.1 < $1.1 }
  }

  private func mean(_ values: [Double?], _ positions: Range<Int>) -> Double? {
    let known = positions.compactMap { value(values, at: $0) }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
