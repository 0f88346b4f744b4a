import Corpora
import Passes
import Statistics
import StudyFile

/// Compares the studied neuron with others of its layer that the study names: how well each alone
/// classifies tokens, and how the loss changes without it.
package struct Comparison: Analysis {
  package static let id = "comparison"
  package static let question = "How do the study's neurons stand side by side?"
  package static let settings: [Setting] = [.resamples()]
  package static let after: Set = [ProbeSweep.id]
  package static let parts: StudyParts = .compared

  // The sweep's settings count because its ranks and intervals are shown.
  package static let settingsRead: Set = [id, ProbeSweep.id]

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  /// The neurons that the study names, each once and without the studied one.
  static func others(_ settled: Settled) -> [Int] {
    var neurons = [settled.neuron.neuron]
    for (place, reference) in (settled.study.file.compare ?? []).enumerated() {
      let neuron = settled.neuron(reference, place: place)
      if !neurons.contains(neuron) { neurons.append(neuron) }
    }
    return Array(neurons.dropFirst())
  }

  package func passes(_ settled: Settled) -> [Pass] {
    Self.others(settled).isEmpty
      ? []
      : [CorpusReference.target, .other].flatMap { corpus in
        let runs = runs(of: corpus, settled)
        return [runs.clean, runs.edited]
      }
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let others = Self.others(evidence.settled)
    guard !others.isEmpty else { return Result(layer: evidence.neuron.layer, neurons: []) }
    let neurons = [evidence.neuron.neuron] + others
    let target = try changes(.target, evidence)
    let other = try changes(.other, evidence)
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
    DocumentSample(of: corpus, in: study)
  }

  /// A class's sample, run clean and with each neuron ablated in turn from position 1 on.
  private func runs(
    of corpus: CorpusReference, _ settled: Settled
  ) -> (sample: DocumentSample, clean: Pass, edited: Pass) {
    let sample = sample(of: corpus, settled.study)
    let documents = sample.set
    let neurons = [settled.neuron.neuron] + Self.others(settled)
    return (
      sample, Pass(documents, reading: [.loss]),
      Pass(
        documents,
        interventions: neurons.map {
          settled.ablation(of: [$0], on: documents, from: documents.front)
        },
        reading: [.loss])
    )
  }

  /// The change of loss when each neuron is ablated, the studied one first.
  private func changes(
    _ corpus: CorpusReference, _ evidence: Evidence
  ) throws -> (sample: DocumentSample.Size, changes: [LossChange]) {
    let runs = runs(of: corpus, evidence.settled)
    let clean = try evidence.outcome(of: runs.clean).tokens(.loss)
    let edited = try evidence.outcome(of: runs.edited)
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    return (
      runs.sample.size,
      runs.edited.interventions.indices.map {
        LossChange(clean: clean, edited: edited.tokens(.loss, run: $0), bootstrap: bootstrap)
      }
    )
  }
}

extension Comparison {
  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    /// The samples of both classes; absent where there is nothing to compare.
    package var samples: ClassPair<DocumentSample.Size>?
    /// The number of neurons that ranks count, all of the model's; absent without `probe_sweep`.
    package var total: Int?
    /// The rows, the studied neuron's first; empty where the study names no others.
    package var neurons: [Row]
  }

  package struct Row: Codable, Sendable, Equatable {
    package var neuron: Int
    /// The neuron's mean over each class's probe documents.
    package var mean: ClassPair<Double>
    /// The neuron's result of `probe_sweep`; absent if that was not run.
    package var probe: Probe?
    /// The change of the loss on each class when the neuron is ablated as the study ablates.
    package var change: ClassPair<LossChange>
  }

  /// How well a neuron alone classifies tokens, on documents that its threshold was not fitted on.
  package struct Probe: Codable, Sendable, Equatable {
    /// The MCC on tokens: the mean over the splits, with an interval over documents.
    package var mcc: Measured
    package var f1: Double
    package var rocAUC: Double
    /// The MCC on documents, each classified by its mean activation.
    package var documentMCC: Double
    /// The rank by MCC on tokens among all neurons of the model, from 1.
    package var rank: Int

    enum CodingKeys: String, CodingKey {
      case mcc, f1, rank
      case rocAUC = "roc_auc"
      case documentMCC = "document_mcc"
    }

    /// The sweep's numbers for a neuron; nil where the sweep does not list it.
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
