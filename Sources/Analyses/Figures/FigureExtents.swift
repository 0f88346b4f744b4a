import StudyFile

// What a study alone decides about each analysis's findings, and the figures that its section may
// show. An analysis that declares no extents is checked by its type alone; one that declares no
// figures may show any whose id begins with its own.

extension StudyFile {
  /// The names of these corpora in the findings.
  fileprivate func names(of corpora: [CorpusReference]) -> [String] { corpora.map(name) }

  /// The number of layers after the studied one; nil where either is not known.
  fileprivate func later(_ layers: Int?) -> Int? {
    guard let layers, case .number(let layer) = layer else { return nil }
    return max(0, layers - 1 - layer)
  }

  fileprivate var hasEvaluation: Bool { corpora.contains { $0.role == .evaluation } }

  fileprivate func unlessPadded(_ paths: String...) -> [FigureExtent] {
    guard padded == nil else { return [] }
    return paths.map { .init($0, .absent("The study has no `padded:`.")) }
  }
}

extension Examples {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [.init("classes", .items(2)), .init("classes.*.peaks", .items(Result.peakQuantiles.count))]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["target", "other", "loss", "false-positives", "false-negatives"].map { "examples-" + $0 }
  }
}

extension ActivationHistogram {
  package static func figures(of study: StudyFile) -> [String]? { ["activation-histogram"] }
}

extension Languages {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let count = 1 + study.other.count
    return [
      .init("corpora", .items(count)),
      .init("corpora.*.quantiles", .items(Result.shares.count)),
      .init("corpora.*.best.mcc", .items(count)), .init("corpora.*.best.means", .items(count)),
    ]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["languages-activations", "languages-matrix"]
  }
}

extension SparseProbe {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    ["neurons", "scores", "signs", "coefficients"].map { .init($0, .items(study.probe.k)) }
  }

  package static func figures(of study: StudyFile) -> [String]? { ["sparse-probe"] }
}

extension NeuronAccuracy {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [
      .init("splits", .items(study.probe.splits)), .init("studied", .items(study.probe.splits)),
      .init("splits.*.neurons", .items(study.probe.candidates)),
    ]
  }

  package static func figures(of study: StudyFile) -> [String]? { ["neuron-accuracy"] }
}

extension LayerProbes {
  package static func figures(of study: StudyFile) -> [String]? { ["layer-probes"] }
}

extension ProbeSweep {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [
      .init("compared", .items(study.compare?.count ?? 0)), .init("top", .items(listed)),
      .init("k_sparse.training", .items(max(2, study.probe.splits))),
      .init("k_sparse.fitted", .items(max(2, study.probe.splits))),
    ] + (layers.map { [.init("layers", .items($0))] } ?? [])
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["layers", "measures", "sparse"].map { "probe-sweep-" + $0 }
  }
}

extension Ablation {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [.init("corpora", .names(study.names(of: study.ablation.corpora)))]
      + study.unlessPadded("corpora.*.padded", "corpora.*.padding")
  }

  package static func figures(of study: StudyFile) -> [String]? { ["ablation"] }
}

extension AblationControls {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let kinds = Kind.allCases.map(\.rawValue)
    return [
      .init("corpora", .names(study.corpora.map(\.name))),
      .init("corpora.*.ablations", .names(kinds)),
      .init(
        "corpora.*.kept", .names([Kind.resampleOwn, .resampleOther].map(\.rawValue))),
      .init("controls.random", .items(study.size(of: id, "random"))),
      .init("controls.matched", .items(study.size(of: id, "matched"))),
    ]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["corpora", "ways", "neurons"].map { "ablation-controls-" + $0 }
  }
}

extension Comparison {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    guard let others = study.compare, !others.isEmpty else {
      let reason = "The study names no neurons to `compare:`."
      return ["samples", "total", "neurons.*"].map { .init($0, .absent(reason)) }
    }
    return [.init("neurons", .items(1 + others.count))]
  }

  package static func figures(of study: StudyFile) -> [String]? { ["comparison-neurons"] }
}

extension Effects {
  package static func figures(of study: StudyFile) -> [String]? {
    ["effects", "effects-components"]
  }
}

extension NeuronLogits {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    layers.map { [.init("lens", .items($0 + 1)), .init("layers", .items($0))] } ?? []
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["tokens", "attribution", "lens"].map { "neuron-logits-" + $0 }
  }
}

extension LogitAttribution {
  private static func count(_ study: StudyFile) -> Int {
    study.prompts.count { $0.answers.count >= 2 }
  }

  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [.init("", .items(count(study))), .init("*.answers", .items(2))]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    (0..<count(study)).flatMap { ["logit-attribution-\($0 + 1)", "activation-\($0 + 1)"] }
  }
}

extension WeightSimilarity {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let lists = ["cosine", "dot"]
    let later = study.later(layers)
    return lists.flatMap { list -> [FigureExtent] in
      [.init("\(list).*.neurons", .items(10)), .init("\(list).*.values", .items(10))]
        + (later.map { [.init(list, .items($0))] } ?? [])
    }
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["cosine", "dot"].flatMap {
      ["weight-\($0)-histogram", "weight-\($0)-top", "weight-\($0)-gate-top"]
    }
  }
}

extension Downstream {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    guard study.hasEvaluation else {
      return [.init("*", .absent("The study has no corpus of role evaluation."))]
    }
    return [.init("*.neurons", .items(10))] + study.unlessPadded("*.padded")
      + (study.later(layers).map { [.init("", .items($0))] } ?? [])
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["downstream-layers", "downstream-neurons"]
  }
}

extension Upstream {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    study.later(layers).map { [.init("downstream", .items($0))] } ?? []
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["reads", "tokens", "moves", "weights"].map { "upstream-" + $0 }
  }
}

extension StudyFile {
  /// The names of the study's position corpora in the ids of figures.
  fileprivate var positionNames: [String] {
    positions.corpora.enumerated().map { index, corpus in
      switch corpus {
      case .target: "target"
      case .other: "other"
      case .named: "corpus-\(index + 1)"
      }
    }
  }
}

extension Positions {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let settings = study.positions
    return [.init("", .items(settings.corpora.count * settings.neurons.count))]
      + study.unlessPadded("*.padded")
  }

  package static func figures(of study: StudyFile) -> [String]? {
    study.positionNames.flatMap { ["positions-\($0)-activation", "positions-\($0)-loss"] }
  }
}

extension PositionResponse {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [.init("corpora", .items(study.positions.corpora.count))]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    (study.positionNames + ["loss", "passage", "switch"]).map { "position-response-" + $0 }
  }
}

extension Prompts {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [
      .init("", .items(study.prompts.count)), .init("*.clean", .items(10)),
      .init("*.ablated", .items(10)),
    ]
      + study.prompts.enumerated().map {
        .init("\($0).answers", .items($1.answers.count))
      }
  }

  package static func figures(of study: StudyFile) -> [String]? {
    study.prompts.indices.map { "prompt-\($0 + 1)" }
  }
}

extension SetProbe {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let count = study.neurons?.count ?? 0
    return ["neurons", "together.coefficients", "correlations", "correlations.*"].map {
      .init($0, .items(count))
    } + [.init("random", .items(study.size(of: id, "random")))]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["set-probe-reading", "set-probe-correlations"]
  }
}

extension SetAblation {
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    let count = study.neurons?.count ?? 1
    func size(_ name: String) -> Int { study.size(of: id, name) }
    return [
      .init("neurons", .items(count)), .init("corpora", .names(study.corpora.map(\.name))),
      .init("corpora.*.alone", .items(count)), .init("curve", .items(sizes(count).count)),
      .init("curve.*.random", .items(size("random"))),
      .init("curve.*.matched", .items(size("matched"))),
      .init("controls.scaled", .items(size("scaled"))),
      .init("controls.directions", .items(size("directions"))),
    ]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    ["corpora", "alone", "curve", "controls"].map { "set-ablation-" + $0 }
  }
}

extension SetExamples {
  private static func count(_ study: StudyFile) -> Int {
    min(study.neurons?.count ?? 0, study.size(of: id, "neurons"))
  }

  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] {
    [
      .init("neurons", .items(count(study))), .init("neurons.*.classes", .items(2)),
      .init("neurons.*.classes.*.passages", .items(study.size(of: id, "passages"))),
    ]
  }

  package static func figures(of study: StudyFile) -> [String]? {
    (0..<count(study)).map { "set-examples-\($0 + 1)" }
  }
}

extension Objections {
  package static func figures(of study: StudyFile) -> [String]? { [] }
}
