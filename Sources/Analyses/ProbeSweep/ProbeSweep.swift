import Corpora
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// Judges every neuron of every layer as a probe of its own, on documents it was not fitted on, and
/// compares it with random directions, shuffled labels and probes of several neurons.
///
/// The documents are scanned: all of them pass through one layer before any goes on to the next, so
/// that every number is exact.
package struct ProbeSweep: Analysis {
  package static let id = "probe_sweep"
  package static let question =
    "How does it rank among all neurons of all layers, on documents no fit has seen, beside "
    + "random directions and shuffled labels?"
  package static let settings: [Setting] = [
    .count("documents", 100), .count("window", 128), .count("directions", 10_000),
    .count("shuffles", 99, from: 19), .resamples(),
  ]
  package static let answers: Set<KnownObjection> = [.splitDocuments, .oneLayer]
  package static let parts: StudyParts = .compared
  /// The number of best neurons in the findings.
  static let listed = 50

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    let sample = Self.sample(study)
    return Needs(scan: ScanNeed(Self.scan(of: sample, in: study), Self.judge(of: sample, study)))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, engine, sample) = (evidence.study, evidence.engine, Self.sample(evidence.study))
    let judge = Self.judge(of: sample, study)
    let judged = try engine.scan(Self.scan(of: sample, in: study), judge)
    let compared = Comparison.others(evidence.settled)
    let columns = engine.activations(of: sample.documents, layer: evidence.neuron.layer)
    var found = Found(
      neurons: judged.map(\.neurons), directions: judged.map(\.directions))
    let own = [evidence.neuron.neuron] + compared
    for (neuron, values) in zip(own, try columns.values(of: own)) {
      found.confusions[neuron] = judge.confusions(values)
    }
    found.sparse = try Self.sparse(
      found.neurons[evidence.neuron.layer], columns, judge, workers: engine.workers)
    return Result(
      found, studied: evidence.neuron, compared: compared,
      sizes: ClassPair(target: sample.size(true), other: sample.size(false)),
      folds: judge.folds.count, isNew: sample.isNew,
      bootstrap: Bootstrap(resamples: study.file.size(of: Self.id, "resamples"), seed: study.seed))
  }

  private static func scan(of sample: ProbedSample, in study: ResolvedStudy) -> LayerScan {
    LayerScan(
      sample.documents,
      directions: min(study.file.size(of: id, "directions"), study.architecture.dMLP),
      seed: study.seed, keeping: [study.layer])
  }

  private static func judge(of sample: ProbedSample, _ study: ResolvedStudy) -> ColumnJudge {
    ColumnJudge(
      sample.lengths, isTarget: sample.isTarget, folds: study.file.probe.splits, seed: study.seed,
      shuffles: study.file.size(of: id, "shuffles"))
  }

  /// The measuring documents of both classes, equally many of each.
  static func sample(_ study: ResolvedStudy) -> ProbedSample {
    ProbedSample(
      [CorpusReference.target, .other].map {
        DocumentSample(
          of: $0, in: study, documents: study.file.size(of: id, "documents"),
          window: study.file.size(of: id, "window"))
      })
  }

  /// What the scan and the sparse probes have found.
  struct Found {
    /// The judgements by layer and neuron.
    var neurons: [[ColumnJudge.Judged]] = []
    /// The held-out MCC on tokens, by layer and direction.
    var directions: [[Double]] = []
    /// The judgements by document of the studied neuron and of those it is compared with, by
    /// neuron.
    var confusions: [Int: (tokens: [ClassificationMetrics], documents: [ClassificationMetrics])] =
      [:]
    /// The MCC of probes of several neurons, by fold.
    var sparse: [SparseCurve.Split] = []
  }

  /// Fits and judges probes of several neurons of the studied layer, for each fold.
  private static func sparse(
    _ judged: [ColumnJudge.Judged], _ columns: LayerActivations, _ judge: ColumnJudge, workers: Int
  ) throws -> [SparseCurve.Split] {
    @Sendable func perToken(_ values: [Bool]) -> [Bool] {
      zip(values, judge.rows).flatMap { repeatElement($0, count: $1.count) }
    }
    let labels = perToken(judge.isTarget)
    let found = Mutex<[SparseCurve.Split]>([])
    try ParallelLoop.ordered(
      judge.folds.count, workers: workers, scratch: {},
      compute: { fold, _ in
        let candidates = topIndices(
          by: judged.map { $0.differences[fold] }, count: SparseCurve.sizes.last ?? 1)
        let values = Dictionary(
          uniqueKeysWithValues: zip(candidates, try columns.values(of: candidates)))
        return SparseCurve.split(
          neurons: candidates, columns: values, labels: labels,
          isHeldOut: perToken(judge.folds.of.map { $0 == fold }))
      },
      merge: { _, split in found.withLock { $0.append(split) } })
    return found.withLock { $0 }
  }
}
