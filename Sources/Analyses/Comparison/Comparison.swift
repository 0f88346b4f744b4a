import Corpora
import Passes
import Statistics
import StudyFile

/// The studied neuron beside others of its layer that the study names: how well each tells the
/// target, and what the model loses without it.
package struct Comparison: Analysis {
  package static let id = "comparison"
  package static let parts: StudyParts = .compared

  // The sweep's ranks and intervals are among what it shows.
  package static let settings: Set = [id, ProbeSweep.id]

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  /// The neurons that the study names, without the studied one and without repetitions.
  static func others(_ evidence: Evidence) -> [Int] {
    var neurons = [evidence.neuron.neuron]
    for reference in evidence.study.file.compare ?? [] {
      let neuron = evidence.probe.neuron(reference)
      if !neurons.contains(neuron) { neurons.append(neuron) }
    }
    return Array(neurons.dropFirst())
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let others = Self.others(evidence)
    guard !others.isEmpty else { return Result(layer: evidence.neuron.layer, neurons: []) }
    let neurons = [evidence.neuron.neuron] + others
    let target = try changes(neurons, .target, evidence)
    let other = try changes(neurons, .other, evidence)
    let sweep = evidence.result(of: ProbeSweep.self)
    let means = evidence.probe.means
    return Result(
      layer: evidence.neuron.layer,
      samples: ClassPair(target: target.sample, other: other.sample), total: sweep?.neurons,
      neurons: neurons.enumerated().map { index, neuron in
        Row(
          neuron: neuron,
          mean: ClassPair(target: means.target[neuron], other: means.other[neuron]),
          probe: sweep.flatMap { Probe($0, neuron) },
          change: ClassPair(target: target.changes[index], other: other.changes[index]))
      })
  }

  private func sample(of corpus: CorpusReference, _ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(
      of: corpus, in: study,
      tokens: study.file.size(of: Self.id, corpus == .target ? "tokens" : "other_tokens"))
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    var count = OperationCount()
    guard let others = study.file.compare, !others.isEmpty else { return count }
    for corpus in [CorpusReference.target, .other] {
      count += sample(of: corpus, study).operations(edits: 1 + others.count, in: study)
    }
    return count
  }

  /// What each neuron's mean over the other class costs, in its place from position 1 on.
  private func changes(
    _ neurons: [Int], _ corpus: CorpusReference, _ evidence: Evidence
  ) throws -> (sample: DocumentSample.Size, changes: [LossChange]) {
    let sample = sample(of: corpus, evidence.study)
    let runs = try EditedRuns(sample, after: evidence.neuron.layer, in: evidence.model)
    let losses = try runs.losses(
      of: neurons.map { neuron in
        // The studied one exactly as everywhere else.
        let isStudied = neuron == evidence.neuron.neuron
        let mean = isStudied ? evidence.value : Float(evidence.probe.means.other[neuron])
        return .init(neuron: neuron, .constant(mean))
      })
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    return (
      sample.size,
      losses.map { LossChange(clean: runs.clean, edited: $0, bootstrap: bootstrap) }
    )
  }
}

extension Comparison {
  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    /// Absent where there is nothing to compare.
    package var samples: ClassPair<DocumentSample.Size>?
    /// All neurons of the model, which ranks count; absent without `probe_sweep`.
    package var total: Int?
    /// The studied one first; empty where the study names no others.
    package var neurons: [Row]
  }

  package struct Row: Codable, Sendable, Equatable {
    package var neuron: Int
    /// Its mean over each class's probe documents; ablation sets it to the other class's.
    package var mean: ClassPair<Double>
    /// As `probe_sweep` has it; absent without.
    package var probe: Probe?
    /// Of the loss on either class.
    package var change: ClassPair<LossChange>
  }

  /// How a neuron alone tells the target, on documents that its threshold was not fitted on.
  package struct Probe: Codable, Sendable, Equatable {
    /// On tokens: the mean over the splits, with the interval over documents.
    package var mcc: Measured
    package var f1: Double
    package var rocAUC: Double
    /// On documents' mean activations.
    package var documentMCC: Double
    /// By MCC on tokens among all neurons of the model, from 1.
    package var rank: Int

    enum CodingKeys: String, CodingKey {
      case mcc, f1, rank
      case rocAUC = "roc_auc"
      case documentMCC = "document_mcc"
    }

    /// Nil where the sweep does not tell of the neuron.
    init?(_ sweep: ProbeSweep.Result, _ neuron: Int) {
      let studied = (scores: sweep.studied, rank: sweep.rank, interval: sweep.interval)
      let others = sweep.compared.map { (scores: $0.scores, rank: $0.rank, interval: $0.interval) }
      guard let found = ([studied] + others).first(where: { $0.scores.neuron == neuron }) else {
        return nil
      }
      let (tokens, interval) = (found.scores.tokens, found.interval.tokens)
      mcc = Measured(tokens.mcc.mean, low: interval.low, high: interval.high)
      f1 = tokens.f1.mean
      rocAUC = tokens.rocAUC.mean
      documentMCC = found.scores.documents.mcc.mean
      rank = found.rank.tokens
    }
  }
}
