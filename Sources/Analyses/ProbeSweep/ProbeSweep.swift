import LanguageModel
import LinearAlgebra
import Statistics
import Study
import Synchronization

/// Every neuron of every layer as a probe of its own, on documents it was not fitted on, beside
/// random directions, shuffled labels and probes of several neurons.
///
/// The probe documents pass once through all layers, all of them through one before the next, so
/// that every number is exact; the neurons of a layer are computed a second time for it.
package struct ProbeSweep: Analysis {
  package static let id = "probe_sweep"
  package static let parts: StudyParts = []
  /// Random directions of each layer.
  static let directions = 64
  /// Neurons in the table.
  static let listed = 50

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let settings = study.file.probe
    let classes = [CorpusReference.target, .other].map { study.probeDocuments(of: $0).documents }
    let documents = classes.flatMap { $0 }.filter { $0.ids.count > 1 }
    let isTarget = classes.enumerated().flatMap { index, documents in
      documents.filter { $0.ids.count > 1 }.map { _ in index == 0 }
    }
    return try Self.result(
      model: evidence.model, neuron: evidence.neuron, documents: documents.map(\.ids),
      isTarget: isTarget, splits: settings.splits, testSize: settings.testSize, seed: settings.seed)
  }

  /// - Parameters:
  ///   - documents: BOS first, and at least one token after it.
  ///   - isTarget: which of them are of the target.
  package static func result(
    model: Transformer, neuron: NeuronAddress, documents: [[Int32]], isTarget: [Bool],
    splits: Int, testSize: Double, seed: Int
  ) throws -> Result {
    let seeds = (0..<splits).map { UInt32(truncatingIfNeeded: seed + $0) }
    let real = seeds.map { Trial(isPositive: isTarget, testSize: testSize, seed: $0) }
    var rows: [Range<Int>] = []
    for ids in documents {
      let start = rows.last?.upperBound ?? 0
      rows.append(start..<start + ids.count - 1)
    }
    let judge = ColumnJudge(
      real: real, shuffled: zip(real, seeds).map { $0.shuffled(seed: $1) }, isTarget: isTarget,
      rows: rows)
    var layers = try LayerByLayer(
      model: model, documents: documents, directions: directions, seed: seeds.first ?? 0)

    let neurons = model.architecture.dMLP
    var found = Found()
    while layers.layer < model.architecture.layers {
      var judged: [ColumnJudge.Judged] = []
      for first in stride(from: 0, to: neurons, by: LayerByLayer.width) {
        let range = first..<min(first + LayerByLayer.width, neurons)
        judged += all(try layers.columns(of: Array(range)), judge)
      }
      if layers.layer == neuron.layer {
        let own = try layers.columns(of: [neuron.neuron])[0]
        found.confusions = judge.confusions(own)
        found.sparse = try sparse(judged, layers, real, rows.map(\.count), isTarget: isTarget)
      }
      found.neurons.append(judged)
      found.directions.append(all(try layers.advance(), judge).map(\.tokens.mcc.mean))
    }
    return Result(
      found, studied: neuron,
      sizes: ClassPair(
        target: size(documents, isTarget, true), other: size(documents, isTarget, false)),
      splits: splits, testSize: testSize,
      bootstrap: Bootstrap(seed: seeds.first ?? 0))
  }

  /// What the passage leaves.
  struct Found {
    /// By layer and neuron.
    var neurons: [[ColumnJudge.Judged]] = []
    /// Held-out MCC on tokens by layer and direction.
    var directions: [[Double]] = []
    /// The studied neuron's judgements by document.
    var confusions: (tokens: [ClassificationMetrics], documents: [ClassificationMetrics]) = ([], [])
    /// By split.
    var sparse: [SparseCurve.Split] = []
  }

  private static func size(
    _ documents: [[Int32]], _ isTarget: [Bool], _ side: Bool
  ) -> Result.Size {
    let own = zip(documents, isTarget).filter { $0.1 == side }.map(\.0)
    return Result.Size(documents: own.count, tokens: own.reduce(0) { $0 + $1.count - 1 })
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
    _ judged: [ColumnJudge.Judged], _ layers: LayerByLayer, _ trials: [Trial], _ tokens: [Int],
    isTarget: [Bool]
  ) throws -> [SparseCurve.Split] {
    let candidates = trials.indices.map { split in
      topIndices(by: judged.map { $0.differences[split] }, count: SparseCurve.sizes.last ?? 1)
    }
    let kept = Set(candidates.joined()).sorted()
    let columns = try layers.columns(of: kept)
    let values = Dictionary(
      uniqueKeysWithValues: kept.enumerated().map { ($0.element, columns[$0.offset]) })
    @Sendable func perToken(_ values: [Bool]) -> [Bool] {
      zip(values, tokens).flatMap { repeatElement($0, count: $1) }
    }
    let labels = perToken(isTarget)
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
