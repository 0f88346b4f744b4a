import Corpora
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// Every neuron of every layer as a probe of its own, on documents it was not fitted on, beside
/// random directions, shuffled labels and probes of several neurons.
///
/// The probe documents pass once through all layers, all of them through one before the next, so
/// that every number is exact; the neurons of a layer are computed a second time for it.
package struct ProbeSweep: Analysis {
  package static let id = "probe_sweep"
  package static let parts: StudyParts = .compared
  /// Neurons in the table.
  static let listed = 50

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let settings = study.file.probe
    let (documents, isTarget) = Self.probed(study)
    return try Self.result(
      model: evidence.model, neuron: evidence.neuron,
      compared: Comparison.others(evidence.settled), documents: documents, isTarget: isTarget,
      splits: settings.splits, testSize: settings.testSize, seed: settings.seed,
      directions: study.file.size(of: Self.id, "directions"),
      resamples: study.file.size(of: Self.id, "resamples"))
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let (shape, lengths) = (study.architecture, Self.probed(study).documents.map(\.count))
    var count = OperationCount.runs(
      1, layers: shape.layers, losses: false, of: shape, documents: lengths)
    // Once for the columns; of the last block nothing but its activations.
    count.addMLPIn(Double(shape.layers), of: shape, rows: Double(lengths.reduce(0, +)))
    count.addWrites(-1, of: shape, documents: lengths)
    return count
  }

  /// The probe documents that have a token, the target's first, and which are the target's.
  private static func probed(
    _ study: ResolvedStudy
  ) -> (documents: [[Int32]], isTarget: [Bool]) {
    let classes = [CorpusReference.target, .other].map { reference in
      study.probeDocuments(of: reference).documents.map(\.ids).filter { $0.count > 1 }
    }
    return (
      classes.flatMap(\.self),
      classes.enumerated().flatMap { index, documents in documents.map { _ in index == 0 } }
    )
  }

  /// Every layer's best neuron, for a study that leaves the layer open.
  package static func choice(
    of study: ResolvedStudy, in model: Transformer
  ) throws -> LayerChoice {
    let settings = study.file.probe
    let (documents, isTarget) = probed(study)
    var judge = ColumnJudge(
      documents, isTarget: isTarget, splits: settings.splits, testSize: settings.testSize,
      seed: settings.seed)
    judge.shuffled = []
    var layers = try LayerByLayer(model: model, documents: documents, directions: 0, seed: 0)
    var best: [LayerChoice.Best] = []
    while layers.layer < model.architecture.layers {
      let scores = try neurons(layers, judge).map(\.tokens.mcc.mean)
      let neuron = topIndices(by: scores, count: 1).first ?? 0
      best.append(.init(neuron: neuron, mcc: scores[neuron]))
      _ = try layers.advance()
    }
    return LayerChoice(best: best)
  }

  /// - Parameters:
  ///   - documents: BOS first, and at least one token after it.
  ///   - isTarget: which of them are of the target.
  ///   - directions: random ones, of each layer.
  ///   - resamples: of the intervals.
  ///   - compared: neurons of the same layer that are told of beside the studied one.
  package static func result(
    model: Transformer, neuron: NeuronAddress, compared: [Int] = [], documents: [[Int32]],
    isTarget: [Bool], splits: Int, testSize: Double, seed: Int, directions: Int, resamples: Int
  ) throws -> Result {
    let judge = ColumnJudge(
      documents, isTarget: isTarget, splits: splits, testSize: testSize, seed: seed)
    let seed = UInt32(truncatingIfNeeded: seed)
    var layers = try LayerByLayer(
      model: model, documents: documents, directions: directions, seed: seed)
    var found = Found()
    while layers.layer < model.architecture.layers {
      let judged = try neurons(layers, judge)
      if layers.layer == neuron.layer {
        for own in [neuron.neuron] + compared {
          found.confusions[own] = judge.confusions(try layers.columns(of: [own])[0])
        }
        found.sparse = try sparse(judged, layers, judge)
      }
      found.neurons.append(judged)
      found.directions.append(all(try layers.advance(), judge).map(\.tokens.mcc.mean))
    }
    return Result(
      found, studied: neuron, compared: compared,
      sizes: ClassPair(
        target: size(documents, isTarget, true), other: size(documents, isTarget, false)),
      splits: splits, testSize: testSize,
      bootstrap: Bootstrap(resamples: resamples, seed: seed))
  }

  /// What the passage leaves.
  struct Found {
    /// By layer and neuron.
    var neurons: [[ColumnJudge.Judged]] = []
    /// Held-out MCC on tokens by layer and direction.
    var directions: [[Double]] = []
    /// Judgements by document, of the studied neuron and those beside it.
    var confusions: [Int: (tokens: [ClassificationMetrics], documents: [ClassificationMetrics])] =
      [:]
    /// By split.
    var sparse: [SparseCurve.Split] = []
  }

  private static func size(
    _ documents: [[Int32]], _ isTarget: [Bool], _ side: Bool
  ) -> Result.Size {
    let own = zip(documents, isTarget).filter { $0.1 == side }.map(\.0)
    return Result.Size(documents: own.count, tokens: own.reduce(0) { $0 + $1.count - 1 })
  }

  private static func neurons(
    _ layers: LayerByLayer, _ judge: ColumnJudge
  ) throws -> [ColumnJudge.Judged] {
    let count = layers.model.architecture.dMLP
    return try stride(from: 0, to: count, by: layers.width).flatMap { first in
      let range = first..<min(first + layers.width, count)
      return all(try layers.columns(of: Array(range)), judge)
    }
  }

  private static func all(
    _ columns: LayerByLayer.Columns, _ judge: ColumnJudge
  ) -> [ColumnJudge.Judged] {
    let found = Mutex([ColumnJudge.Judged?](repeating: nil, count: columns.count))
    ParallelLoop.forEach(columns.count) { column in
      let judged = judge.judge(columns[column])
      found.withLock { $0[column] = judged }
    }
    return found.withLock { $0 }.compactMap(\.self)
  }

  /// Probes of several neurons of the layer that the passage has come to.
  private static func sparse(
    _ judged: [ColumnJudge.Judged], _ layers: LayerByLayer, _ judge: ColumnJudge
  ) throws -> [SparseCurve.Split] {
    let trials = judge.real
    let candidates = trials.indices.map { split in
      topIndices(by: judged.map { $0.differences[split] }, count: SparseCurve.sizes.last ?? 1)
    }
    let kept = Set(candidates.joined()).sorted()
    let columns = try layers.columns(of: kept)
    let values = Dictionary(
      uniqueKeysWithValues: kept.enumerated().map { ($0.element, columns[$0.offset]) })
    @Sendable func perToken(_ values: [Bool]) -> [Bool] {
      zip(values, judge.rows).flatMap { repeatElement($0, count: $1.count) }
    }
    let labels = perToken(judge.isTarget)
    let found = Mutex([SparseCurve.Split](repeating: .init(), count: trials.count))
    ParallelLoop.forEach(trials.count) { index in
      let split = SparseCurve.split(
        neurons: candidates[index], columns: values, labels: labels,
        isHeldOut: perToken(trials[index].isHeldOut))
      found.withLock { $0[index] = split }
    }
    return found.withLock { $0 }
  }
}
