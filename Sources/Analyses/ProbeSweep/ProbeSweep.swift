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
/// The documents pass once through all layers, all of them through one before the next, so that
/// every number is exact; the neurons of a layer are computed a second time for it.
package struct ProbeSweep: Analysis {
  package static let id = "probe_sweep"
  package static let parts: StudyParts = .compared
  /// Neurons in the table.
  static let listed = 50

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let sample = Self.sample(study)
    return try Self.result(
      model: evidence.model, neuron: evidence.neuron, compared: Comparison.others(evidence.settled),
      documents: sample.documents, isTarget: sample.isTarget, isNew: sample.isNew,
      settings: Settings(study))
  }

  /// How the documents are parted and what stands beside the neurons.
  package struct Settings: Sendable {
    package var folds: Int
    package var seed: UInt32
    /// Random directions of each layer, at most as many as it has neurons.
    package var directions: Int
    package var shuffles: Int
    /// Of the intervals.
    package var resamples: Int

    package init(folds: Int, seed: UInt32, directions: Int, shuffles: Int, resamples: Int) {
      self.folds = folds
      self.seed = seed
      self.directions = directions
      self.shuffles = shuffles
      self.resamples = resamples
    }

    init(_ study: ResolvedStudy) {
      func size(_ name: String) -> Int { study.file.size(of: ProbeSweep.id, name) }
      self.init(
        folds: study.file.probe.splits, seed: UInt32(truncatingIfNeeded: study.file.probe.seed),
        directions: min(size("directions"), study.architecture.dMLP), shuffles: size("shuffles"),
        resamples: size("resamples"))
    }
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let (shape, lengths) = (study.architecture, Self.sample(study).documents.map(\.count))
    let rows = Double(lengths.reduce(0, +))
    var count = OperationCount.runs(
      1, layers: shape.layers, losses: false, of: shape, documents: lengths)
    // Once for the columns; of the last block nothing but its activations.
    count.addMLPIn(Double(shape.layers), of: shape, rows: rows)
    count.addWrites(-1, of: shape, documents: lengths)
    // Directions read d_mlp numbers where a neuron reads d_model.
    let directions = Double(Settings(study).directions) / Double(shape.dModel)
    count.addMLPIn(Double(shape.layers) * directions, of: shape, rows: rows)
    return count
  }

  /// Measuring documents of either class, as many of one as of the other, the target's first.
  static func sample(
    _ study: ResolvedStudy
  ) -> (documents: [[Int32]], isTarget: [Bool], isNew: Bool) {
    let samples = [CorpusReference.target, .other].map {
      DocumentSample(
        of: $0, in: study, documents: study.file.size(of: id, "documents"),
        window: study.file.size(of: id, "window"))
    }
    let joined = joined(samples.map(\.documents))
    return (joined.documents, joined.isTarget, !samples.contains(where: \.size.holdsSelection))
  }

  /// The target's documents and as many of the other class.
  private static func joined(
    _ classes: [[TokenizedDocument]]
  ) -> (documents: [[Int32]], isTarget: [Bool]) {
    let count = classes.map(\.count).min() ?? 0
    return (
      classes.flatMap { $0.prefix(count).map(\.ids) },
      [true, false].flatMap { side in Array(repeating: side, count: count) }
    )
  }

  /// - Parameters:
  ///   - documents: BOS first, and at least one token after it.
  ///   - isTarget: which of them are of the target.
  ///   - isNew: whether none of them took part in choosing the neuron.
  ///   - compared: neurons of the same layer that are told of beside the studied one.
  package static func result(
    model: Transformer, neuron: NeuronAddress, compared: [Int] = [], documents: [[Int32]],
    isTarget: [Bool], isNew: Bool, settings: Settings
  ) throws -> Result {
    let judge = ColumnJudge(
      documents, isTarget: isTarget, folds: settings.folds, seed: settings.seed,
      shuffles: settings.shuffles)
    var layers = try LayerByLayer(
      model: model, documents: documents, directions: settings.directions, seed: settings.seed)
    var found = Found()
    while layers.layer < model.architecture.layers {
      let judged = try neurons(layers, judge)
      if layers.layer == neuron.layer {
        for own in [neuron.neuron] + compared {
          found.confusions[own] = judge.confusions(try layers.columns(of: [own])[0])
        }
        found.sparse = try sparse(judged, layers, judge)
      }
      found.neurons.append(judged.map(\.withoutSums))
      let directions = DirectionJudge(judge, sums: layers.alongDirections(judged.map(\.sums)))
      let counts = try layers.advance { directions.predicted($0, documents: $1) }
      found.directions.append(directions.mcc(counts.flatMap(\.self)))
    }
    return Result(
      found, studied: neuron, compared: compared,
      sizes: ClassPair(
        target: size(documents, isTarget, true), other: size(documents, isTarget, false)),
      folds: judge.folds.count, isNew: isNew,
      bootstrap: Bootstrap(resamples: settings.resamples, seed: settings.seed))
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

  static func neurons(
    _ layers: LayerByLayer, _ judge: ColumnJudge
  ) throws -> [ColumnJudge.Judged] {
    let count = layers.model.architecture.dMLP
    return try stride(from: 0, to: count, by: layers.width).flatMap { first in
      let range = first..<min(first + layers.width, count)
      return all(try layers.columns(of: Array(range))) { judge.judge($0) }
    }
  }

  private static func all<Judged: Sendable>(
    _ columns: LayerByLayer.Columns, _ judge: @Sendable ([Float]) -> Judged
  ) -> [Judged] {
    let found = Mutex([Judged?](repeating: nil, count: columns.count))
    ParallelLoop.forEach(columns.count) { column in
      let judged = judge(columns[column])
      found.withLock { $0[column] = judged }
    }
    return found.withLock { $0 }.compactMap(\.self)
  }

  /// Probes of several neurons of the layer that the passage has come to.
  private static func sparse(
    _ judged: [ColumnJudge.Judged], _ layers: LayerByLayer, _ judge: ColumnJudge
  ) throws -> [SparseCurve.Split] {
    let candidates = (0..<judge.folds.count).map { fold in
      topIndices(by: judged.map { $0.differences[fold] }, count: SparseCurve.sizes.last ?? 1)
    }
    let kept = Set(candidates.joined()).sorted()
    let columns = try layers.columns(of: kept)
    let values = Dictionary(
      uniqueKeysWithValues: kept.enumerated().map { ($0.element, columns[$0.offset]) })
    @Sendable func perToken(_ values: [Bool]) -> [Bool] {
      zip(values, judge.rows).flatMap { repeatElement($0, count: $1.count) }
    }
    let labels = perToken(judge.isTarget)
    let found = Mutex([SparseCurve.Split](repeating: .init(), count: candidates.count))
    ParallelLoop.forEach(candidates.count) { index in
      let split = SparseCurve.split(
        neurons: candidates[index], columns: values, labels: labels,
        isHeldOut: perToken(judge.folds.of.map { $0 == index }))
      found.withLock { $0[index] = split }
    }
    return found.withLock { $0 }
  }
}
