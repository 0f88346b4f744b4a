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
/// The probe documents are scanned: all of them pass through a layer before any goes on to the next, so
/// that every number is exact.
package struct ProbeSweep: Analysis {
  package static let id = "probe_sweep"
  package static let parts: StudyParts = .compared
  /// Neurons in the table.
  static let listed = 50

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(scan: ScanNeed(Self.scan(of: study), Self.judge(of: study)))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, engine) = (evidence.study, evidence.engine)
    let (settings, judge) = (study.file.probe, Self.judge(of: study))
    let judged = try engine.scan(Self.scan(of: study), judge)
    let count = evidence.model.architecture.dMLP
    let compared = Comparison.others(evidence.settled)
    let columns = engine.activations(of: study.probed, layer: evidence.neuron.layer)
    var found = Found(
      neurons: judged.map { Array($0[..<count]) },
      directions: judged.map { $0[count...].map(\.tokens.mcc.mean) })
    let own = [evidence.neuron.neuron] + compared
    for (neuron, values) in zip(own, try columns.values(of: own)) {
      found.confusions[neuron] = judge.confusions(values)
    }
    found.sparse = try Self.sparse(
      found.neurons[evidence.neuron.layer], columns, judge, workers: engine.workers)
    let (lengths, isTarget) = Self.probed(study)
    return Result(
      found, studied: evidence.neuron, compared: compared,
      sizes: ClassPair(
        target: Self.size(lengths, isTarget, true),
        other: Self.size(lengths, isTarget, false)),
      splits: settings.splits, testSize: settings.testSize,
      bootstrap: Bootstrap(resamples: study.file.size(of: Self.id, "resamples"), seed: study.seed))
  }

  private static func scan(of study: ResolvedStudy) -> LayerScan {
    LayerScan(
      study.probed, directions: study.file.size(of: id, "directions"), seed: study.seed,
      keeping: [study.layer])
  }

  private static func judge(of study: ResolvedStudy) -> ColumnJudge {
    let settings = study.file.probe
    let (lengths, isTarget) = probed(study)
    return ColumnJudge(
      lengths, isTarget: isTarget, splits: settings.splits, testSize: settings.testSize,
      seed: settings.seed)
  }

  /// Tokens of the probe documents that have one, the target's first, and which are the target's.
  private static func probed(_ study: ResolvedStudy) -> (lengths: [Int], isTarget: [Bool]) {
    let classes = [CorpusReference.target, .other].map { reference in
      study.probeDocuments(of: reference).documents.map { $0.ids.count - study.front }
        .filter { $0 > 0 }
    }
    return (
      classes.flatMap(\.self),
      classes.enumerated().flatMap { index, lengths in lengths.map { _ in index == 0 } }
    )
  }

  /// Every layer's best neuron, for a study that leaves the layer open.
  ///
  /// - Throws: `Diagnostic`.
  package static func choice(of study: ResolvedStudy, by engine: Engine) throws -> LayerChoice {
    var judge = judge(of: study)
    judge.shuffled = []
    let judged = try engine.scan(
      LayerScan(study.probed, directions: 0, seed: study.seed, keeping: []), judge)
    return LayerChoice(
      best: judged.map { layer in
        let scores = layer.map(\.tokens.mcc.mean)
        let neuron = topIndices(by: scores, count: 1).first ?? 0
        return .init(neuron: neuron, mcc: scores[neuron])
      })
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
    _ lengths: [Int], _ isTarget: [Bool], _ side: Bool
  ) -> Result.Size {
    let own = zip(lengths, isTarget).filter { $0.1 == side }.map(\.0)
    return Result.Size(documents: own.count, tokens: own.reduce(0, +))
  }

  /// Probes of several neurons of the studied layer.
  private static func sparse(
    _ judged: [ColumnJudge.Judged], _ columns: LayerActivations, _ judge: ColumnJudge, workers: Int
  ) throws -> [SparseCurve.Split] {
    let trials = judge.real
    @Sendable func perToken(_ values: [Bool]) -> [Bool] {
      zip(values, judge.rows).flatMap { repeatElement($0, count: $1.count) }
    }
    let labels = perToken(judge.isTarget)
    let found = Mutex<[SparseCurve.Split]>([])
    try ParallelLoop.ordered(
      trials.count, workers: workers, scratch: {},
      compute: { split, _ in
        let candidates = topIndices(
          by: judged.map { $0.differences[split] }, count: SparseCurve.sizes.last ?? 1)
        let values = Dictionary(
          uniqueKeysWithValues: zip(candidates, try columns.values(of: candidates)))
        return SparseCurve.split(
          neurons: candidates, columns: values, labels: labels,
          isHeldOut: perToken(trials[split].isHeldOut))
      },
      merge: { _, split in found.withLock { $0.append(split) } })
    return found.withLock { $0 }
  }
}
