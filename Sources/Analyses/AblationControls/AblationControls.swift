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

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let seed = UInt32(truncatingIfNeeded: study.file.probe.seed)
    let (layer, neuron) = (evidence.neuron.layer, evidence.neuron.neuron)
    let bootstrap = study.file.bootstrap(of: Self.id)
    let donors = try EditedRuns(donors(study), after: layer, in: evidence.model)
      .activations(of: neuron)

    var corpora: [String: Corpus] = [:]
    var tokens = Extremes(hurt: [], helped: [])
    for corpus in study.corpora.all {
      let isTarget = corpus.name == study.file.target
      let sample = sample(of: corpus.name, study)
      guard !sample.documents.isEmpty else { continue }
      let runs = try EditedRuns(sample, after: layer, in: evidence.model)
      let edits = Edits(
        runs.activations(of: neuron), otherMean: evidence.value, donors: donors, seed: seed)
      let losses = try runs.losses(
        of: Kind.allCases.map { EditedRuns.Edit(neuron: neuron, edits.value($0)) })
      let changes = zip(Kind.allCases, losses).map { kind, edited in
        (
          kind.rawValue,
          LossChange(clean: runs.clean, edited: edited, bootstrap: bootstrap)
        )
      }
      corpora[corpus.name] = Corpus(
        sample: sample.size, ownMean: Double(edits.ownMean),
        kept: [
          Kind.resampleOwn.rawValue: edits.own.kept, Kind.resampleOther.rawValue: edits.other.kept,
        ],
        ablations: Dictionary(uniqueKeysWithValues: changes))
      if isTarget, let edited = losses.first {
        tokens = Extremes(
          sample.documents, clean: runs.clean, edited: edited, tokenizer: study.tokenizer)
      }
    }
    return Result(
      layer: layer, neuron: neuron, from: 1, seed: study.file.probe.seed,
      resamples: bootstrap.resamples, value: Double(evidence.value), corpora: corpora,
      controls: try controls(evidence, seed: seed, bootstrap: bootstrap), tokens: tokens)
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

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let neurons =
      1 + study.file.size(of: Self.id, "random") + study.file.size(of: Self.id, "matched")
    var count = donors(study).operations(edits: 0, in: study)
    for corpus in study.corpora.all {
      count += sample(of: corpus.name, study).operations(edits: Kind.allCases.count, in: study)
    }
    count += controlled(study).operations(
      edits: min(neurons, study.architecture.dMLP), in: study)
    return count
  }

  private func controls(
    _ evidence: Evidence, seed: UInt32, bootstrap: Bootstrap
  ) throws -> Controls {
    let sample = controlled(evidence.study)
    let runs = try EditedRuns(sample, after: evidence.neuron.layer, in: evidence.model)
    let moments = runs.moments
    let neuron = evidence.neuron.neuron
    let chosen = ControlNeurons(
      for: neuron, mean: moments.mean, square: moments.square,
      randomCount: evidence.study.file.size(of: Self.id, "random"),
      matchedCount: evidence.study.file.size(of: Self.id, "matched"), seed: seed)
    let neurons = [neuron] + chosen.random + chosen.matched
    let losses = try runs.losses(
      of: neurons.map { .init(neuron: $0, .constant(Float(evidence.probe.means.other[$0]))) })
    let measured = zip(neurons, losses).enumerated().map { index, pair in
      Control(
        neuron: pair.0, mean: moments.mean[pair.0],
        rootMeanSquare: moments.square[pair.0].squareRoot(),
        change: LossChange(
          clean: runs.clean, edited: pair.1, bootstrap: index == 0 ? bootstrap : nil
        ).change)
    }
    let random = measured[1..<1 + chosen.random.count]
    return Controls(
      sample: sample.size, studied: measured[0], random: Array(random),
      matched: Array(measured[random.endIndex...]))
  }

  /// What the neuron is set to.
  package enum Kind: String, Sendable, CaseIterable {
    /// Its mean over the other class's probe documents, as in `ablation`.
    case otherMean = "mean_other"
    /// Its mean over the sample itself.
    case ownMean = "mean_own"
    case zero
    /// The activations of another document of the same corpus, or of the other class.
    case resampleOwn = "resample_own"
    case resampleOther = "resample_other"
  }

  /// The values of each kind on one corpus.
  private struct Edits {
    let otherMean: Float
    let ownMean: Float
    let own: Resampling
    let other: Resampling

    init(_ activations: [[Float]], otherMean: Float, donors: [[Float]], seed: UInt32) {
      self.otherMean = otherMean
      let tokens = activations.flatMap { $0.dropFirst() }
      ownMean = Float(tokens.reduce(0.0) { $0 + Double($1) } / Double(max(1, tokens.count)))
      own = Resampling(of: activations, from: nil, seed: seed)
      other = Resampling(of: activations, from: donors, seed: seed)
    }

    func value(_ kind: Kind) -> EditedRuns.Edit.Value {
      switch kind {
      case .otherMean: .constant(otherMean)
      case .ownMean: .constant(ownMean)
      case .zero: .constant(0)
      case .resampleOwn: .tokens(own.values)
      case .resampleOther: .tokens(other.values)
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
