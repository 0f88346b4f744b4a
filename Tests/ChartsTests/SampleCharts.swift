import Charts

/// One realistic chart of every kind, as the reports draw them.
enum SampleCharts {
  static let all: [(slug: String, chart: Chart)] = [
    ("positions", .line(positions)), ("attribution", .line(attribution)),
    ("switching", .line(switching)), ("activations", .histogram(activations)),
    ("activations-log", .histogram(activationsOnLogAxis)), ("tokens", .bars(nextTokens)),
    ("cosine", .bars(cosine)), ("accuracy", .bars(accuracy)), ("ablation", .intervals(ablation)),
    ("layers", .heatMap(layers)), ("matrix", .heatMap(matrix)), ("examples", .tokens(examples)),
    (
      "spark",
      .spark(Sparkline(title: "Accuracy by build", values: [0.91, 0.92, nil, 0.95, 0.94, 0.97]))
    ), ("strip", .strip(neurons(rows: 6))), ("claim", .claim(claim)),
    ("scatter", .scatter(reports)),
  ]

  /// Held-out MCC of all neurons, layer by layer.
  static func neurons(rows: Int) -> StripChart {
    var noise = Noise(5)
    return StripChart(
      title: "All neurons", x: Axis("MCC on tokens"),
      rows: (0..<rows).map { layer in
        .init(
          rows == 1 ? "" : "layer \(layer)",
          values: (0..<512).map { _ in noise.next() * noise.next() * 0.5 },
          marks: [
            .init("L\(layer)N31", .init(0.73), .rival),
            .init("random direction", .init(0.39), .null),
            .init("shuffled labels", .init(0.37), .null),
          ] + (layer == 0 ? [.init("L0N436", .init(0.82, low: 0.79, high: 0.84), .studied)] : []))
      })
  }

  static var claim: ClaimCard {
    let names = ["Dutch", "German", "English", "Spanish", "French", "Italian", "Portuguese"]
    return ClaimCard(
      title: "The claim",
      rows: names.enumerated().map { index, name in
        let size = index == 0 ? 1.0 : 0.02
        return .init(
          name, isTarget: index == 0, activation: .init(2 * size, low: -0.1, high: 3.7 * size),
          change: .init(1.1 * size, low: 0.9 * size, high: 1.3 * size))
      }, controls: .init(-0.08, 0.12), controlName: "50 random neurons",
      neurons: neurons(rows: 1))
  }

  static var reports: ScatterChart {
    var noise = Noise(9)
    return ScatterChart(
      title: "All reports", x: Axis("Held-out MCC"), y: Axis("Change of loss", unit: "%"),
      groups: ["Strong evidence", "Weak evidence", "No evidence"],
      points: (0..<200).map {
        .init(x: noise.next(), y: noise.next(), label: "Report \($0)", group: $0 % 3)
      })
  }

  /// Mean loss by position: 900 places, two conventions, counts.
  static var positions: LineChart {
    var noise = Noise(7)
    var counts: [LineChart.Point] = []
    var masked: [LineChart.Point] = []
    var padded: [LineChart.Point] = []
    for index in 0..<900 {
      let x = Double(index + 1)
      let left: Double = 1 - Double(index) / 900
      let count: Double = (400 * left * left + 3).rounded()
      let spread: Double = 1.2 / count.squareRoot()
      let y: Double = 3.1 + 3.5 / (1 + Double(index) / 4) + noise.next() * spread
      counts.append(.init(x: x, y: count))
      masked.append(.init(x: x, y: y, low: y - 1.5 * spread, high: y + 1.5 * spread))
      padded.append(.init(x: x, y: (300..<320).contains(index) ? nil : y + 0.4 + x / 600))
    }
    return LineChart(
      title: "Loss by token position", x: .numeric(Axis("Token position")),
      y: Axis("Mean loss", unit: "nats per token"),
      series: [.init("real tokens", points: masked), .init("padded batches", points: padded)],
      references: [.init(3.32, label: "mean 3.32")],
      support: .init("Documents", points: counts))
  }

  static var attribution: LineChart {
    let names = ["embed"] + (0..<6).flatMap { ["\($0)_attn_out", "\($0)_mlp_out"] } + ["bias"]
    let clean = [0.21, 0.05, -0.12, 0.33, 0.18, -0.4, 0.62, 0.11, 2.13, 0.7, -0.31, 1.4, 0.9, 0.02]
    let ablated = [
      0.22, 0.05, -0.13, 0.35, 0.18, -0.42, 0.6, 0.1, -0.4, 0.31, -0.2, 0.6, 0.5, 0.02,
    ]
    return LineChart(
      title: "Logit attribution by component", x: .categories(names, label: "Component"),
      y: Axis("Contribution to the logit difference", unit: "logits", includesZero: true),
      series: [.init("clean", values: clean), .init("ablated", values: ablated)])
  }

  static var switching: LineChart {
    let names = ["Dutch → German", "German → Dutch", "Dutch → English"]
    return LineChart(
      title: "Activation after a switch of language", x: .numeric(Axis("Tokens after the switch")),
      y: Axis("Mean activation"),
      series: names.enumerated().map { shift, name in
        .init(
          name,
          points: (-12...24).map { place in
            let x = Double(place)
            let s = 1 / (1 + Logistic.exp(-(x - 3) / 2))
            let y = shift == 1 ? 2.6 * s + 0.05 : 2.6 * (1 - s) + 0.3 * Double(shift)
            return .init(x: x, y: y, low: y - 0.2, high: y + 0.2)
          })
      },
      references: [.init(0, label: "the language switches", direction: .acrossX)])
  }

  static var activations: HistogramChart { histogram(Axis("Share of tokens", unit: "%")) }
  static var activationsOnLogAxis: HistogramChart {
    histogram(Axis("Share of tokens", unit: "%", kind: .logarithmic))
  }

  static func histogram(_ y: Axis) -> HistogramChart {
    let edges = (0...60).map { -0.2 + 0.1 * Double($0) }
    func bell(_ mean: Double, _ width: Double) -> [Double] {
      edges.dropLast().map { Logistic.exp(-(($0 - mean) / width) * (($0 - mean) / width) / 2) }
    }
    let other = bell(-0.05, 0.18)
    let target = zip(bell(2.9, 0.9), bell(0, 0.2)).map { $0 + 0.5 * $1 }
    func percent(_ heights: [Double]) -> [Double] {
      let sum = heights.reduce(0, +)
      return heights.map { $0 / sum * 100 }.map { $0 < 0.001 ? 0 : $0 }
    }
    return HistogramChart(
      title: "Activations by class", x: Axis("Activation of L3N609"), y: y, edges: edges,
      groups: [
        .init("French", heights: percent(target), mean: 2.7502),
        .init("other", heights: percent(other), mean: -0.0553),
      ])
  }

  static var nextTokens: BarChart {
    let tokens = [" van", " of", " de", "\n", "<|endoftext|>", " le", "的", " <b>", "ment", " der"]
    return BarChart(
      title: "Next tokens", x: Axis("Probability", unit: "%"),
      groups: [.init("clean"), .init("ablated")],
      rows: tokens.enumerated().map {
        .init($0.element, 31.2 / Double($0.offset + 1), 12.5 / Double($0.offset * $0.offset + 1))
      }, labelsAreTokens: true)
  }

  static var cosine: BarChart {
    let values = [
      (1189, -0.23), (310, -0.23), (449, -0.20), (233, -0.19), (1813, -0.19), (527, -0.18),
      (406, -0.17), (1977, -0.17), (910, 0.17), (1933, 0.16),
    ]
    return BarChart(
      title: "What later neurons read", x: Axis("Cosine similarity of output and input weights"),
      rows: values.map { .init("L4N\($0.0)", $0.1) })
  }

  static var accuracy: BarChart {
    let neurons = [609, 1116, 184, 719, 1932, 1361, 678, 1455, 644, 24]
    return BarChart(
      title: "Accuracy by neuron", x: Axis("Accuracy", unit: "%"),
      groups: [.init("train", mark: .dot), .init("test", mark: .dot)],
      rows: neurons.enumerated().map { index, neuron in
        let value = 97.6 - Double(index * index) * 0.4
        return .init(
          "L3N\(neuron)",
          values: [.init(value), .init(value - 0.8, low: value - 1.6, high: value + 0.1)])
      })
  }

  static var ablation: IntervalChart {
    IntervalChart(
      title: "Loss change under ablation", x: Axis("Change of loss", unit: "nats per token"),
      rows: [
        .init(
          "French", [.init(0.0889, low: 0.0801, high: 0.0982)], control: .init(-0.0021, 0.0043)),
        .init("Stories", [.init(0.2916, low: 0.21, high: 0.3806)], control: .init(-0.004, 0.011)),
        .init("German", [.init(0.0004, low: -0.0012, high: 0.0019)], control: .init(-0.002, 0.003)),
        .init(
          "English", [.init(-0.0012, low: -0.0031, high: 0.0008)], control: .init(-0.0033, 0.0021)),
      ], controlName: "95 % of 50 random neurons", reference: .init(0, label: "no change"))
  }

  static var layers: HeatMap {
    let metrics = ["F1", "MCC", "precision", "recall", "ROC-AUC", "balanced accuracy"]
    return HeatMap(
      title: "Best neuron of each layer", value: Axis("Score"), rows: (0..<6).map { "layer \($0)" },
      columns: metrics, columnLabel: "Metric",
      cells: (0..<6).map { layer in
        metrics.indices.map {
          layer == 5 && $0 == 2 ? nil : 0.55 + 0.08 * Double(layer) - 0.03 * Double($0)
        }
      })
  }

  static var matrix: HeatMap {
    let names = ["Dutch", "German", "English", "French", "Danish", "Swedish", "Italian", "Spanish"]
    var noise = Noise(3)
    return HeatMap(
      title: "Correlation by corpus", value: Axis("MCC"), rows: names, columns: names,
      columnLabel: "Corpus of the probe",
      cells: names.indices.map { row in
        names.indices.map { row == $0 ? 0.92 : noise.next() * 0.5 }
      }, isSigned: true)
  }

  static var examples: TokenStrip {
    var noise = Noise(11)
    let texts = [
      [
        "Monsieur", " le", " Président", ",", " je", " voudrais", " d'", "abord", " remercier",
        " le", " rapporteur", " pour", " l'", "excell", "ente", " qualité", " de", " son",
        " travail", ".", "\n", "\n", "La", " Commission", " est", " prête", " à", " accepter",
        " les", " amendements", ".",
      ],
      [
        "<|endoftext|>", "The", " Commission", "\t", "is", " not", " <b>", "ready", "</b>", "    ",
        "to", " accept", " 修正", "案", " and", " \u{202E}", "evil", "\0", " 🙂", ".", "\u{FFFD}",
        "Straße",
      ],
    ]
    return TokenStrip(
      title: "Strongest and weakest documents", value: Axis("Activation of L3N609"),
      passages: texts.enumerated().map { index, tokens in
        .init(
          "Document \(17 + index * 400) · \(index == 0 ? "French" : "English") · max \(index == 0 ? "5.21" : "0.44")",
          tokens: tokens.map { token in
            let value = noise.next()
            return .init(
              token, token == "<|endoftext|>" ? nil : index == 0 ? value * 2 + 3 : value * 0.9)
          })
      })
  }
}

/// Reproducible numbers in −1 … 1.
struct Noise {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 52) - 1
  }
}

enum Logistic {
  /// eˣ, near enough for drawing.
  static func exp(_ x: Double) -> Double {
    var result = 1.0
    for _ in 0..<1024 { result *= 1 + x / 1024 }
    return result
  }
}
