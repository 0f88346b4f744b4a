import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile
import Tokenization

/// Ablation that a reviewer accepts: four ways of it from position 1 on, every corpus, intervals
/// over documents, and control neurons.
package struct AblationControls: Analysis {
  package static let id = "ablation_controls"
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    runs(settled).flatMap { [$0.clean, $0.edited] } + controlRuns(settled).passes
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, settled) = (evidence.study, evidence.settled)
    let neuron = evidence.neuron
    let bootstrap = study.file.bootstrap(of: Self.id)
    var corpora: [String: Corpus] = [:]
    var tokens = Extremes(hurt: [], helped: [])
    for runs in runs(settled) {
      let clean = try evidence.outcome(of: runs.clean)
      let edited = try evidence.outcome(of: runs.edited)
      let activations = clean.tokens(.activation(neuron))
      let losses = clean.tokens(.loss)
      let changes = Kind.all(in: study.file).enumerated().map { place, kind in
        (
          kind.rawValue,
          LossChange(
            clean: losses, edited: edited.tokens(.loss, run: place), bootstrap: bootstrap)
        )
      }
      let donors = try evidence.outcome(
        of: Pass(donors(study).set, reading: [.activation(neuron)])
      ).tokens(.activation(neuron))
      corpora[runs.corpus] = Corpus(
        sample: runs.sample.size, ownMean: Double(activations.mean(after: evidence.study.front)),
        kept: [
          Kind.resampleOwn.rawValue:
            Resampling(of: activations, from: nil, seed: study.seed).kept,
          Kind.resampleOther.rawValue:
            Resampling(of: activations, from: donors, seed: study.seed).kept,
        ],
        ablations: Dictionary(uniqueKeysWithValues: changes))
      if runs.corpus == study.file.target {
        tokens = Extremes(
          runs.sample.documents, clean: losses, edited: edited.tokens(.loss, run: 0),
          tokenizer: study.tokenizer)
      }
    }
    return Result(
      layer: neuron.layer, neuron: neuron.neuron, from: study.front, seed: study.file.probe.seed,
      resamples: bootstrap.resamples, value: Double(settled.otherMean(of: neuron.neuron)),
      corpora: corpora, controls: try controls(evidence, bootstrap: bootstrap), tokens: tokens)
  }

  /// One corpus's sample, clean and with every kind of ablation.
  private struct Runs {
    let corpus: String
    let sample: DocumentSample
    let clean: Pass
    let edited: Pass
  }

  private func runs(_ settled: Settled) -> [Runs] {
    let (study, neuron) = (settled.study, settled.neuron)
    let donors = donors(study).set
    return study.corpora.all.compactMap { corpus in
      let sample = sample(of: corpus.name, study)
      guard !sample.documents.isEmpty else { return nil }
      let documents = sample.set
      let interventions = Kind.all(in: study.file).map { kind in
        Intervention(
          neuron, to: kind.value(settled, on: documents, donors: donors), from: documents.front)
      }
      return Runs(
        corpus: corpus.name, sample: sample,
        clean: Pass(documents, reading: [.loss, .activation(neuron)]),
        edited: Pass(documents, interventions: interventions, reading: [.loss]))
    }
  }

  /// What runs on which documents; the page says it beside each figure.
  private func sample(of corpus: String, _ study: ResolvedStudy) -> DocumentSample {
    let isTarget = corpus == study.file.target
    return DocumentSample(
      of: .named(corpus), in: study,
      tokens: study.file.size(of: Self.id, isTarget ? "tokens" : "corpus_tokens"))
  }

  private func controlled(_ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(
      of: .target, in: study, tokens: study.file.size(of: Self.id, "control_tokens"))
  }

  private func donors(_ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(
      of: .other, in: study, tokens: study.file.size(of: Self.id, "control_tokens"))
  }

  /// The control neurons' runs; which neurons those are follows from the clean one.
  private struct ControlRuns {
    let sample: DocumentSample
    let clean: Pass
    /// Nil until the clean run is known.
    var edited: Pass?
    var chosen: ControlNeurons?

    var passes: [Pass] { [clean] + [edited].compactMap(\.self) }
  }

  private func controlRuns(_ settled: Settled) -> ControlRuns {
    let (study, neuron) = (settled.study, settled.neuron)
    let sample = controlled(study)
    let documents = sample.set
    let clean = Pass(
      documents,
      reading: [
        .loss, .moments(layer: neuron.layer), .post(layer: neuron.layer),
        .residual(layer: neuron.layer),
      ])
    var runs = ControlRuns(sample: sample, clean: clean)
    if let known = settled.known(clean) {
      let means = known.moments(layer: neuron.layer).means
      runs.chosen = ControlNeurons(
        for: neuron.neuron, mean: means.value, square: means.square,
        randomCount: study.file.size(of: Self.id, "random"),
        matchedCount: study.file.size(of: Self.id, "matched"), seed: study.seed)
    } else if settled.isPlan {
      runs.chosen = ControlNeurons(
        planning: study.architecture.dMLP,
        randomCount: study.file.size(of: Self.id, "random"),
        matchedCount: study.file.size(of: Self.id, "matched"))
    }
    runs.edited = runs.chosen.map { chosen in
      Pass(
        documents,
        interventions: ([neuron.neuron] + chosen.random + chosen.matched).map {
          settled.ablation(of: [$0], on: documents, from: documents.front)
        }, reading: [.loss])
    }
    return runs
  }

  private func controls(_ evidence: Evidence, bootstrap: Bootstrap) throws -> Controls {
    let neuron = evidence.neuron
    let clean = try evidence.outcome(of: controlRuns(evidence.settled).clean)
    let runs = controlRuns(evidence.settled)
    guard let chosen = runs.chosen, let edited = try runs.edited.map(evidence.outcome) else {
      preconditionFailure("the clean run of the control neurons is known")
    }
    let means = clean.moments(layer: neuron.layer).means
    let losses = clean.tokens(.loss)
    let neurons = [neuron.neuron] + chosen.random + chosen.matched
    let measured = neurons.enumerated().map { index, neuron in
      Control(
        neuron: neuron, mean: means.value[neuron],
        rootMeanSquare: means.square[neuron].squareRoot(),
        change: LossChange(
          clean: losses, edited: edited.tokens(.loss, run: index),
          bootstrap: index == 0 ? bootstrap : nil
        ).change)
    }
    let random = measured[1..<1 + chosen.random.count]
    return Controls(
      sample: runs.sample.size, studied: measured[0], random: Array(random),
      matched: Array(measured[random.endIndex...]))
  }

  /// What the neuron is set to.
  package enum Kind: String, Sendable {
    /// Its mean over the other class's probe documents, as in `ablation`.
    case otherMean = "mean_other"
    /// Its mean over the sample itself.
    case ownMean = "mean_own"
    case zero
    /// The activations of another document of the same corpus, or of the other class.
    case resampleOwn = "resample_own"
    case resampleOther = "resample_other"
    /// The number that the study names, where it does.
    case number

    /// The ways that every study takes.
    package static let allCases = [otherMean, ownMean, zero, resampleOwn, resampleOther]
    /// All that may be among the findings.
    static let shown = allCases + [number]

    /// The way that the study's own ablation takes.
    package init(_ value: AblationSettings.Value) {
      self =
        switch value {
        case .otherMean: .otherMean
        case .ownMean: .ownMean
        case .zero: .zero
        case .number: .number
        case .resample: .resampleOwn
        }
    }

    /// The ways that a study takes, its own first.
    static func all(in study: StudyFile) -> [Kind] {
      let own = Kind(study.ablation.value)
      return [own] + allCases.filter { $0 != own }
    }

    fileprivate func value(
      _ settled: Settled, on documents: DocumentSet, donors: DocumentSet
    ) -> Intervention.Value {
      let (seed, neuron) = (settled.study.seed, settled.neuron.neuron)
      return switch self {
      case .otherMean: .number(settled.otherMean(of: neuron))
      case .number: .number(settled.ablationValue(of: neuron) ?? 0)
      case .ownMean: .mean(over: documents)
      case .zero: .number(0)
      case .resampleOwn:
        .resampled(Resampling.Source(donors: documents, isAmongDonors: true, seed: seed))
      case .resampleOther:
        .resampled(Resampling.Source(donors: donors, isAmongDonors: false, seed: seed))
      }
    }
  }
}

extension AblationControls {
  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The first position that is edited.
    package var from: Int
    package var seed: Int
    /// Of each interval.
    package var resamples: Int
    /// The neuron's mean over the other class.
    package var value: Double
    /// By name.
    package var corpora: [String: Corpus]
    package var controls: Controls
    package var tokens: Extremes
  }

  package struct Corpus: Codable, Sendable, Equatable {
    package var sample: DocumentSample.Size
    /// The neuron's mean over the sample.
    package var ownMean: Double
    /// Tokens that resampling leaves as they are, since their donor is too short.
    package var kept: [String: Int]
    /// By `Kind`.
    package var ablations: [String: LossChange]

    enum CodingKeys: String, CodingKey {
      case sample, kept, ablations
      case ownMean = "own_mean"
    }
  }

  /// The studied neuron among others of its layer, each set to its own mean over the other class.
  package struct Controls: Codable, Sendable, Equatable {
    package var sample: DocumentSample.Size
    package var studied: Control
    package var random: [Control]
    /// Those whose mean and root mean square on the sample are nearest to the studied neuron's.
    package var matched: [Control]
  }

  package struct Control: Codable, Sendable, Equatable {
    package var neuron: Int
    /// Over the sample's tokens.
    package var mean: Double
    package var rootMeanSquare: Double
    /// Of the loss, nats per token.
    package var change: Measured

    enum CodingKeys: String, CodingKey {
      case neuron, mean, change
      case rootMeanSquare = "root_mean_square"
    }
  }

  /// Tokens of the target that lose and gain most, one per document.
  package struct Extremes: Codable, Sendable, Equatable {
    package var hurt: [Token]
    package var helped: [Token]
  }

  package struct Token: Codable, Sendable, Equatable {
    package var document: Int
    package var position: Int
    /// The text before it.
    package var context: String
    package var token: String
    package var clean: Double
    package var ablated: Double
  }
}

extension AblationControls.Extremes {
  private static let shown = 10
  private static let contextTokens = 12

  init(
    _ documents: [TokenizedDocument], clean: [[Float]], edited: [[Float]], tokenizer: Tokenizer
  ) {
    func extremes(_ sign: Float) -> [AblationControls.Token] {
      let best = documents.indices.compactMap { index -> (Int, Int, Float)? in
        let changes = zip(clean[index], edited[index]).map { sign * ($1 - $0) }
        return topIndices(by: changes, count: 1).first.map { (index, $0, changes[$0]) }
      }
      return topIndices(by: best.map(\.2), count: Self.shown).map { rank in
        let (index, place, _) = best[rank]
        let ids = documents[index].ids
        let before = ids[max(1, place + 1 - Self.contextTokens)..<max(1, place + 1)]
        return AblationControls.Token(
          document: documents[index].index, position: place + 1,
          context: tokenizer.decode(Array(before)), token: tokenizer.string(of: ids[place + 1]),
          clean: Double(clean[index][place]), ablated: Double(edited[index][place]))
      }
    }
    self.init(hurt: extremes(1), helped: extremes(-1))
  }
}
