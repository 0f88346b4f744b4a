import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile

// Choosing what is studied, on the study's choosing documents alone.
extension ProbeSweep {
  /// The study with its layer and neuron settled, where the file leaves them open.
  package static func settled(
    _ study: ResolvedStudy, in model: Transformer
  ) throws -> ResolvedStudy {
    if study.file.neuron == .best { return study.settled(try neuronChoice(of: study, in: model)) }
    return study.file.layer == .auto ? study.choosing(try choice(of: study, in: model)) : study
  }

  /// Every layer's best neuron, for a study that leaves the layer open and names its neuron.
  package static func choice(
    of study: ResolvedStudy, in model: Transformer
  ) throws -> LayerChoice {
    var best: [LayerChoice.Best] = []
    try forEachLayer(of: study, in: model) { _, judged in
      let scores = judged.map(\.tokens.mcc.mean)
      let neuron = topIndices(by: scores, count: 1).first ?? 0
      best.append(.init(neuron: neuron, mcc: scores[neuron]))
    }
    return LayerChoice(best: best)
  }

  /// The neuron with the highest held-out MCC of those that are higher on the target: of the study's
  /// layer, or of all where it leaves the layer open.
  package static func neuronChoice(
    of study: ResolvedStudy, in model: Transformer
  ) throws -> NeuronChoice {
    var candidates: [(address: NeuronAddress, judged: ColumnJudge.Judged)] = []
    try forEachLayer(of: study, in: model) { layer, judged in
      if case .number(let wanted) = study.file.layer, wanted != layer { return }
      candidates += judged.enumerated().filter { $0.element.sign > 0 }.map { neuron, judged in
        (NeuronAddress(layer: layer, neuron: neuron), judged)
      }
    }
    let folds = candidates.first?.judged.folds.count ?? 0
    let scores = candidates.map(\.judged.tokens.mcc.mean)
    let best = topIndices(by: scores, count: 1).first ?? 0
    let firsts = (0..<folds).compactMap { fold in
      topIndices(by: candidates.map { $0.judged.folds[fold] }, count: 1).first
    }
    let winners = Set(firsts).sorted().map { index in
      NeuronChoice.Winner(
        layer: candidates[index].address.layer, neuron: candidates[index].address.neuron,
        splits: firsts.count { $0 == index })
    }.sorted { ($1.splits, $0.layer, $0.neuron) < ($0.splits, $1.layer, $1.neuron) }
    let documents = choosing(study).isTarget
    // No neuron is higher on the target only where nothing varies: then the first of the layer.
    let address =
      candidates.isEmpty
      ? NeuronAddress(layer: study.layer, neuron: 0) : candidates[best].address
    return NeuronChoice(
      layer: address.layer, neuron: address.neuron, mcc: scores.isEmpty ? 0 : scores[best],
      splits: folds, winners: winners, searched: candidates.count,
      documents: ClassPair(
        target: documents.count { $0 }, other: documents.count { !$0 }))
  }

  /// What choosing costs where the file leaves the layer or the neuron open.
  package static func choiceOperations(of study: ResolvedStudy) -> OperationCount {
    guard study.file.neuron == .best || study.file.layer == .auto else { return OperationCount() }
    let (shape, lengths) = (study.architecture, choosing(study).documents.map(\.count))
    var layers = shape.layers
    if case .number(let number) = study.file.layer { layers = number + 1 }
    var count = OperationCount.runs(layers, layers: 1, losses: false, of: shape, documents: lengths)
    count.addWrites(-1, of: shape, documents: lengths)
    count.addMLPIn(
      study.file.layer == .auto ? Double(layers) : 1, of: shape,
      rows: Double(lengths.reduce(0, +)))
    return count
  }

  private static func choosing(
    _ study: ResolvedStudy
  ) -> (documents: [[Int32]], isTarget: [Bool]) {
    let classes = [CorpusReference.target, .other].map { reference in
      study.choosingDocuments(of: reference).documents.map(\.ids).filter { $0.count > 1 }
    }
    return (
      classes.flatMap(\.self),
      classes.enumerated().flatMap { index, documents in documents.map { _ in index == 0 } }
    )
  }

  /// Judges every neuron on the choosing documents, layer after layer, as deep as the study asks.
  private static func forEachLayer(
    of study: ResolvedStudy, in model: Transformer,
    _ body: (_ layer: Int, [ColumnJudge.Judged]) -> Void
  ) throws {
    let settings = study.file.probe
    let (documents, isTarget) = choosing(study)
    let judge = ColumnJudge(
      documents, isTarget: isTarget, folds: settings.splits,
      seed: UInt32(truncatingIfNeeded: settings.seed), shuffles: 0)
    var layers = try LayerByLayer(model: model, documents: documents, directions: 0, seed: 0)
    var last = model.architecture.layers - 1
    if case .number(let number) = study.file.layer { last = number }
    while layers.layer <= last {
      if study.file.layer == .auto || layers.layer == last {
        body(layers.layer, try neurons(layers, judge))
      }
      if layers.layer == last { return }
      _ = try layers.advance { _, _ in }
    }
  }
}
