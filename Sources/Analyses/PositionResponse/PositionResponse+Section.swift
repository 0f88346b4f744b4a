import Charts
import Corpora
import Passes
import ReportModel
import StudyFile

extension PositionResponse {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    guard !result.corpora.isEmpty || result.switches != nil else { return nil }
    let neuron = NeuronAddress(layer: result.layer, neuron: result.neuron)
    let prose = """
      Late positions hold long documents alone, so that a curve over all documents mixes position \
      with length. Beside it stands a fixed cohort: the documents with at least as many tokens as \
      half of the corpus has, cut there. Bands are 95 % intervals over \
      documents at each position: Student's for 10 to 40 documents, beyond that percentiles of \
      \(result.resamples.grouped) resamples (seed \(result.seed)), none for fewer. The neuron is said \
      to speak for the target where its activation is \(result.side.words), the midpoint of the \
      two class means over the probe documents.
      """
    var blocks: [Section.Block] = []
    var folded: [Section.Block] = [.prose(prose)]
    if !result.corpora.isEmpty { blocks.append(.figure(Self.passages(result, neuron))) }
    if let switches = result.switches {
      blocks.append(.figure(Self.switches(switches, neuron, result.side)))
      folded.append(
        .prose(
          """
          Switches are documents made of BOS, the first \(switches.tokens) tokens of one document and \
          the first \(switches.tokens) of another. A new beginning alone may move the neuron, so that \
          switches within a class stand beside those between them\(Self.staysWords(switches)). \
          \(switches.samples.target.words(study.file.target)) \
          \(switches.samples.other.words("the other class"))
          """))
    }
    for (index, corpus) in result.corpora.enumerated() {
      let slug =
        corpus.corpus == study.file.target
        ? "target" : corpus.corpus == Self.other ? Self.other : "corpus-\(index + 1)"
      folded.append(.figure(Self.activation(corpus, slug, neuron, result.side)))
    }
    if !result.corpora.isEmpty { folded.append(.figure(Self.losses(result.corpora))) }
    return Section(
      id: Self.id, title: "When it fires", part: .mechanism,
      blocks: blocks + [.fold("By position, all documents and a fixed cohort", folded)])
  }

  private static let other = CorpusReference.other.description

  private static func place(_ name: String) -> String {
    name == other ? "the other class" : name
  }

  // MARK: By position

  private static func activation(
    _ corpus: CorpusCurves, _ slug: String, _ neuron: NeuronAddress, _ side: Side
  ) -> Figure {
    let curves = [
      ("all documents", corpus.activation),
      ("\(corpus.cohort.documents) long documents", corpus.cohort.activation),
    ]
    let chart = Chart.line(
      LineChart(
        title: "Activation of \(neuron) on \(place(corpus.corpus)) by tokens read",
        x: .numeric(Axis("Tokens read, BOS at 0")), y: Axis("Mean activation"),
        series: curves.map { series($0, $1) },
        references: [.init(side.midpoint, label: "midpoint")],
        support: .init(
          "Documents",
          points: corpus.counts.enumerated().map { .init(x: Double($0), y: Double($1)) })))
    return Figure(
      id: "position-response-\(slug)",
      caption: activationCaption(corpus, neuron: neuron),
      note: activationNote(corpus) + thinned(chart), chart: chart,
      data: DataTable(
        header: ["position", "documents"] + header(curves.map(\.0)),
        rows: corpus.counts.enumerated().map { position, count in
          [.integer(position), .integer(count)] + curves.flatMap { cells($0.1, position) }
        }))
  }

  package static func activationCaption(_ corpus: CorpusCurves, neuron: NeuronAddress) -> String {
    let cohort = corpus.cohort
    let values = cohort.activation
    var parts: [String] = []
    if let first = words(values, 1) { parts.append("\(first) at the first token") }
    if cohort.tokens > 1, let last = words(values, cohort.tokens) {
      parts.append("\(last) at token \(cohort.tokens)")
    }
    return "On \(place(corpus.corpus)) \(neuron) has \(Wording.list(parts)), over "
      + "\(cohort.documents.of("document")) of at least \(cohort.tokens.of("token"))."
  }

  private static func activationNote(_ corpus: CorpusCurves) -> String {
    let cohort = corpus.cohort.documents
    let small = DocumentSample.Size.small(cohort)
    return "95 % intervals at each position; \((corpus.counts.at(1) ?? 0).of("document")) reach "
      + "position 1, \(corpus.counts.last ?? 0) position \(max(0, corpus.counts.count - 1))."
      + (small.isEmpty ? "" : " The fixed cohort has \(cohort.of("document"))\(small).")
  }

  private static func losses(_ corpora: [CorpusCurves]) -> Figure {
    let length = corpora.map(\.cohort.loss.mean.count).max() ?? 0
    let names = corpora.map { place($0.corpus) }
    let chart = Chart.line(
      LineChart(
        title: "Loss by tokens read, fixed cohorts", x: .numeric(Axis("Tokens read, BOS at 0")),
        y: Axis("Mean loss", unit: "nats"),
        series: zip(names, corpora).map { series($0, $1.cohort.loss) }))
    return Figure(
      id: "position-response-loss", caption: lossCaption(corpora),
      note: lossNote(corpora.map(\.cohort.documents)) + thinned(chart), chart: chart,
      data: DataTable(
        header: ["position"] + header(names),
        rows: (0..<length).map { position in
          [.integer(position)] + corpora.flatMap { cells($0.cohort.loss, position) }
        }))
  }

  /// The sizes of the cohorts; one number where they are the same.
  package static func lossNote(_ cohorts: [Int]) -> String {
    let sizes = Set(cohorts).count > 1 ? Wording.list(cohorts.map(\.grouped)) : nil
    let documents = sizes.map { "\($0) documents" } ?? (cohorts.first ?? 0).of("document")
    return "Fixed cohorts of \(documents)\(DocumentSample.Size.small(cohorts.min() ?? 0)). A loss "
      + "stands at the position it is predicted from."
  }

  package static func lossCaption(_ corpora: [CorpusCurves]) -> String {
    let parts = corpora.map { corpus -> String in
      let cohort = corpus.cohort
      guard let first = words(cohort.loss, 0),
        let last = words(cohort.loss, cohort.loss.mean.count - 1)
      else { return "none on \(place(corpus.corpus))" }
      return "from \(first) to \(last) nats on \(place(corpus.corpus))"
    }
    return "The loss goes \(Wording.list(parts)), from the first to the last position."
  }

  /// A mean with its interval: `1.23 [1.10, 1.30]`; nil where the position has no mean.
  private static func words(_ curve: Curve, _ position: Int) -> String? {
    guard curve.mean.indices.contains(position), let mean = curve.mean[position] else { return nil }
    let ends = (curve.low.at(position) ?? nil, curve.high.at(position) ?? nil)
    guard let low = ends.0, let high = ends.1 else { return Wording.fixed(mean, 2) }
    return Measured(mean, low: low, high: high).unsignedWords
  }

  private static func header(_ names: [String]) -> [String] {
    names.flatMap { [$0, "\($0), low", "\($0), high"] }
  }

  private static func thinned(_ chart: Chart) -> String {
    chart.isThinned ? " Lines show two points a pixel column; the data have all." : ""
  }

  private static func series(
    _ name: String, _ curve: Curve, from first: Int = 0
  ) -> LineChart.Series {
    .init(
      name,
      points: curve.mean.enumerated().map { position, mean in
        .init(
          x: Double(position + first), y: mean, low: curve.low.at(position) ?? nil,
          high: curve.high.at(position) ?? nil)
      })
  }

  private static func cells(_ curve: Curve, _ position: Int) -> [DataTable.Cell] {
    [curve.mean, curve.low, curve.high].map {
      ($0.at(position) ?? nil).map { .number($0, decimals: 4) } ?? .missing
    }
  }

  // MARK: How many tokens it takes

  private static func passages(_ result: Result, _ neuron: NeuronAddress) -> Figure {
    let cohorts = result.corpora.map { (name: place($0.corpus), cohort: $0.cohort) }
    let length = cohorts.map(\.cohort.passage.share.count).max() ?? 0
    let chart = LineChart(
      title: "Documents in which \(neuron) has spoken for the target",
      x: .numeric(Axis("Tokens read")), y: Axis("Documents", unit: "%"),
      series: cohorts.map { name, cohort in
        .init(name, values: [0] + cohort.passage.share.map { 100 * $0 })
      })
    return Figure(
      id: "position-response-passage", caption: passagesCaption(result),
      note: passagesNote(result), chart: .line(chart),
      data: DataTable(
        header: ["tokens read"] + cohorts.map { "\($0.name), % of documents" },
        rows: (0..<length).map { token in
          [.integer(token + 1)]
            + cohorts.map { _, cohort in
              cohort.passage.share.indices.contains(token)
                ? .number(100 * cohort.passage.share[token], decimals: 1) : .missing
            }
        }))
  }

  package static func passagesCaption(_ result: Result) -> String {
    let parts = result.corpora.map { corpus in
      "\(words(corpus.cohort.passage)) on \(place(corpus.corpus))"
    }
    return "Tokens until the activation first is \(result.side.words): \(Wording.list(parts))."
  }

  private static func passagesNote(_ result: Result) -> String {
    let sizes = result.corpora.map {
      "\($0.cohort.passage.documents.of("document")) of \(place($0.corpus))"
    }
    return
      "Share of documents by tokens read; fixed cohorts, \(Wording.list(sizes)). It grows with "
      + "length by chance alone."
  }

  /// A passage in words: `median 3 (38 of 40 documents)`.
  private static func words(_ passage: Crossing) -> String {
    let median = (passage.quartiles.at(1) ?? nil).map { "median \($0.grouped)" }
    return (median ?? "not half of the documents")
      + " (\(passage.passed.grouped) of \(passage.documents.of("document")))"
  }

  // MARK: Switches

  private static func switches(
    _ switches: LanguageSwitches, _ neuron: NeuronAddress, _ side: Side
  ) -> Figure {
    let count = switches.positions
    let first = 1 - count / 2
    let chart = Chart.line(
      LineChart(
        title: "\(neuron) around a switch", x: .numeric(Axis("Tokens after the switch")),
        y: Axis("Mean activation"),
        series: switches.runs.map { series($0.name, $0.activation, from: first) },
        references: [
          .init(side.midpoint, label: "midpoint"),
          .init(0.5, label: "switch", direction: .acrossX),
        ]))
    return Figure(
      id: "position-response-switch", caption: switchesCaption(switches),
      note: switchesNote(switches),
      chart: chart,
      data: DataTable(
        header: ["tokens after the switch"] + header(switches.runs.map(\.name)),
        rows: (0..<count).map { position in
          [.integer(position + first)]
            + switches.runs.flatMap { cells($0.activation, position) }
        }))
  }

  package static func switchesCaption(_ switches: LanguageSwitches) -> String {
    let changes = switches.runs.filter { $0.from != $0.to }.compactMap { run -> String? in
      guard let passage = run.passage else { return nil }
      let median = (passage.quartiles.at(1) ?? nil).map { "\($0.of("token")) after" }
      return "\(median ?? "not after") a switch from \(place(run.from)) to \(place(run.to))"
        + beside(run, switches)
    }
    return changes.isEmpty
      ? "No switch was looked at."
      : "The median document crosses the midpoint \(Wording.list(changes))."
  }

  /// The median where another document of the same class follows, as a remark: a new beginning
  /// alone explains much of a passage.
  private static func beside(
    _ run: LanguageSwitches.Switch, _ switches: LanguageSwitches
  ) -> String {
    let stay = switches.runs.first { $0.from == $0.to && $0.to == run.to }
    guard let passage = stay?.passage else { return "" }
    let median = (passage.quartiles.at(1) ?? nil).map(\.grouped)
    return " (\(median ?? "not at all") without one)"
  }

  /// What happens where the class stays, without which a switch says little, as the end of a sentence
  /// in Markdown; empty where there is no such switch.
  package static func staysWords(_ switches: LanguageSwitches) -> String {
    let count = switches.positions
    let stays = switches.runs.filter { $0.from == $0.to }.map { run in
      let first = words(run.activation, count / 2) ?? "–"
      let last = words(run.activation, count - 1) ?? "–"
      let crossing = run.passage.map { ", \(words($0)) to cross" } ?? ""
      return
        "\(place(run.to)) \(first) at the first token and \(last) at token \(count / 2)\(crossing)"
    }
    if stays.isEmpty { return "" }
    return ": " + Markdown.text("where the same class goes on, \(Wording.list(stays))")
  }

  /// A note on how many documents there are and on the means at the end of each switch.
  package static func switchesNote(_ switches: LanguageSwitches) -> String {
    let count = switches.positions
    let documents = switches.runs.first?.documents ?? 0
    let ends = switches.runs.filter { $0.from != $0.to }.compactMap { run in
      words(run.activation, count - 1).map { "\(place(run.from)) to \(place(run.to)) \($0)" }
    }
    return
      "\(documents.of("document")) of each kind\(DocumentSample.Size.small(documents))."
      + (ends.isEmpty ? "" : " Means at token \(count / 2): \(Wording.list(ends)).")
  }
}

extension LanguageSwitches {
  /// The number of positions around the switch, taken from the curves, since findings may come from
  /// elsewhere.
  fileprivate var positions: Int { runs.map(\.activation.mean.count).max() ?? 0 }
}

extension LanguageSwitches.Switch {
  fileprivate var name: String { from == to ? "\(from), then another" : "\(from), then \(to)" }
}

extension PositionResponse.Side {
  /// The side in words: `above 0.95`.
  fileprivate var words: String { "\(sign > 0 ? "above" : "below") \(Wording.number(midpoint))" }
}
