import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile
import Synchronization

// The choice of layer and neuron, made on the study's choosing documents alone.
extension ProbeSweep {
  /// Whether the file leaves open something that only the model can decide.
  package static func isOpen(_ study: ResolvedStudy) -> Bool {
    study.file.neuron == .best || study.file.layer == .auto
  }

  /// The study with its layer and neuron decided, if the file leaves them open.
  ///
  /// - Throws: `Diagnostic`.
  package static func settled(
    _ study: ResolvedStudy, by engine: Engine
  ) throws -> ResolvedStudy {
    if study.file.neuron == .best { return study.settled(try neuronChoice(of: study, by: engine)) }
    return study.file.layer == .auto ? study.choosing(try choice(of: study, by: engine)) : study
  }

  /// The best neuron of every layer, for a study that leaves the layer open but names its neuron.
  ///
  /// - Throws: `Diagnostic`.
  package static func choice(of study: ResolvedStudy, by engine: Engine) throws -> LayerChoice {
    LayerChoice(
      best: try judged(study, by: engine).map { _, judged in
        let scores = judged.map(\.tokens.mcc.mean)
        let neuron = topIndices(by: scores, count: 1).first ?? 0
        return .init(neuron: neuron, mcc: scores[neuron])
      })
  }

  /// The neuron with the highest held-out MCC among those that are higher on the target, in the
  /// study's layer, or in all layers if the study leaves the layer open.
  ///
  /// - Throws: `Diagnostic`.
  package static func neuronChoice(
    of study: ResolvedStudy, by engine: Engine
  ) throws -> NeuronChoice {
    let candidates = try judged(study, by: engine).flatMap { layer, judged in
      judged.enumerated().filter { $0.element.sign > 0 }.map { neuron, judged in
        (address: NeuronAddress(layer: layer, neuron: neuron), judged: judged)
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
    // If no neuron is higher on the target, nothing varies; the layer's first neuron is taken then.
    let address =
      candidates.isEmpty
      ? NeuronAddress(layer: study.layer, neuron: 0) : candidates[best].address
    return NeuronChoice(
      layer: address.layer, neuron: address.neuron, mcc: scores.isEmpty ? 0 : scores[best],
      splits: folds, winners: winners, searched: candidates.count,
      tied: max(0, scores.count { $0 == scores[best] } - 1),
      documents: ClassPair(
        target: documents.count { $0 }, other: documents.count { !$0 }))
  }

  /// The operations of choosing; 0 if the file leaves nothing open.
  package static func choiceOperations(of study: ResolvedStudy) -> OperationCount {
    guard isOpen(study) else { return OperationCount() }
    let documents = choosing(study).documents
    guard case .number(let layer) = study.file.layer else {
      return scan(documents, study).operations(of: study.architecture)
    }
    var ledger = PassLedger(of: study.architecture)
    return ledger.wave([Pass(documents, reading: [.post(layer: layer)])])
      .operations(of: study.architecture)
  }

  private static func scan(_ documents: DocumentSet, _ study: ResolvedStudy) -> LayerScan {
    LayerScan(documents, directions: 0, seed: study.seed, keeping: [])
  }

  /// The documents that choose the neuron, as many of either class.
  static func choosing(_ study: ResolvedStudy) -> ProbedSample {
    ProbedSample(
      [CorpusReference.target, .other].map { study.choosingDocuments(of: $0).documents },
      front: study.front)
  }

  /// The judgements of every neuron on the choosing documents, in the study's layer or in all
  /// layers.
  private static func judged(
    _ study: ResolvedStudy, by engine: Engine
  ) throws -> [(layer: Int, judged: [ColumnJudge.Judged])] {
    let sample = choosing(study)
    let judge = ColumnJudge(
      sample.lengths, isTarget: sample.isTarget, folds: study.file.probe.splits, seed: study.seed,
      shuffles: 0)
    guard case .number(let layer) = study.file.layer else {
      return try engine.scan(scan(sample.documents, study), judge).enumerated().map {
        ($0.offset, $0.element.neurons)
      }
    }
    try engine.run([Pass(sample.documents, reading: [.post(layer: layer)])])
    let columns = engine.activations(of: sample.documents, layer: layer)
    return [(layer, try columns.map(workers: engine.workers) { judge.judge($1) })]
  }
}
