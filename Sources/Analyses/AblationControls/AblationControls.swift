import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile
import Tokenization

/// The change of the loss on every corpus under several kinds of ablation from position 1 on, with
/// intervals over documents and control edits.
package struct AblationControls: Analysis {
  package static let id = "ablation_controls"
  package static let question =
    "Does the loss rise more than under edits of equal size, by any way of ablation, on any "
    + "corpus?"
  package static let settings: [Setting] = [
    .count("random", 20), .count("matched", 20), .count("scaled", 40), .count("directions", 40),
    .resamples(),
  ]
  package static let answers: Set<KnownObjection> = [
    .chosenAndMeasured, .ablatedBeginning, .batchMeans, .fractions, .noControls, .noIntervals,
  ]
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    // A fault of reading the kept activations is thrown later, when `run` asks for the results.
    runs(settled).flatMap { [$0.clean, $0.edited] } + ((try? controlRuns(settled).passes) ?? [])
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, settled) = (evidence.study, evidence.settled)
    let neuron = evidence.neuron
    let bootstrap = study.file.bootstrap(of: Self.id)
    let donors = donors(study)
    var corpora: [String: CorpusAblations] = [:]
    var tokens = Extremes(hurt: [], helped: [])
    for runs in runs(settled) {
      let clean = try evidence.outcome(of: runs.clean)
      let edited = try evidence.outcome(of: runs.edited)
      let activations = clean.tokens(.activation(neuron))
      let losses = clean.tokens(.loss)
      let changes = runs.kinds.enumerated().map { place, kind in
        (
          kind.rawValue,
          LossChange(
            clean: losses, edited: edited.tokens(.loss, run: place), bootstrap: bootstrap)
        )
      }
      let sources = [(Kind.resampleOwn, runs.sample), (.resampleOther, donors)]
        .filter { runs.kinds.contains($0.0) }
      let kept = try sources.map { kind, sample in
        let pool = try evidence.outcome(of: Pass(sample.set, reading: [.activation(neuron)]))
          .tokens(.activation(neuron))
        return (
          kind.rawValue,
          Resampling(
            of: Array(zip(runs.sample.documents.map(\.ids), activations)),
            from: Array(zip(sample.documents.map(\.ids), pool)), isAmongDonors: true,
            seed: study.seed
          ).kept
        )
      }
      corpora[runs.corpus] = CorpusAblations(
        sample: runs.sample.size, ownMean: Double(activations.mean(after: evidence.study.front)),
        kept: Dictionary(uniqueKeysWithValues: kept),
        donors: Dictionary(
          uniqueKeysWithValues: sources.map { kind, sample in
            (kind.rawValue, Self.donors(of: runs.sample, among: sample))
          }),
        ablations: Dictionary(uniqueKeysWithValues: changes))
      if runs.corpus == study.file.target {
        tokens = Extremes(
          runs.sample.documents, clean: losses, edited: edited.tokens(.loss, run: 0),
          tokenizer: study.tokenizer)
      }
    }
    let own = Kind(study.file.ablation.value)
    guard let studied = corpora[study.file.target]?.ablations[own.rawValue]?.change else {
      preconditionFailure("the target \(study.file.target) has no document with a token")
    }
    return Result(
      layer: neuron.layer, neuron: neuron.neuron, from: study.front, seed: study.file.probe.seed,
      resamples: bootstrap.resamples, value: Double(settled.otherMean(of: neuron.neuron)),
      corpora: corpora, controls: try controls(evidence, studied: studied), tokens: tokens)
  }

  /// One corpus's sample, run clean and with every kind of ablation for which there are enough
  /// donors.
  private struct Runs {
    let corpus: String
    let sample: DocumentSample
    let kinds: [Kind]
    let clean: Pass
    let edited: Pass
  }

  private func runs(_ settled: Settled) -> [Runs] {
    let (study, neuron) = (settled.study, settled.neuron)
    let donors = donors(study)
    return study.corpora.all.compactMap { corpus in
      let sample = DocumentSample(of: .named(corpus.name), in: study)
      guard !sample.documents.isEmpty else { return nil }
      let documents = sample.set
      let kinds = Kind.all(in: study.file).enumerated().filter { place, kind in
        switch kind {
        // The study's own kind always runs; the page says how few donors it has.
        case _ where place == 0: true
        case .resampleOwn: Self.donors(of: sample, among: sample) >= Self.fewestDonors
        case .resampleOther: Self.donors(of: sample, among: donors) >= Self.fewestDonors
        default: true
        }
      }.map(\.element)
      let interventions = kinds.map { kind in
        Intervention(
          neuron, to: kind.value(settled, on: documents, donors: donors.set),
          from: documents.front)
      }
      return Runs(
        corpus: corpus.name, sample: sample, kinds: kinds,
        clean: Pass(documents, reading: [.loss, .activation(neuron)]),
        edited: Pass(documents, interventions: interventions, reading: [.loss]))
    }
  }

  /// The least number of donors for a resampling; fewer would make too few different edits.
  static let fewestDonors = 20

  /// The least number of documents with another text that a document of the sample has as donors.
  private static func donors(of sample: DocumentSample, among donors: DocumentSample) -> Int {
    sample.documents.map { own in donors.documents.count { $0.ids != own.ids } }.min() ?? 0
  }

  private func donors(_ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(of: .other, in: study, isBalanced: false)
  }

  /// The runs of the control edits on the target's sample. Which neurons are edited follows from
  /// the clean run.
  private struct ControlRuns {
    let sample: DocumentSample
    let clean: Pass
    /// The edited runs; nil until the clean run is known.
    var edited: Pass?
    var chosen: ControlEdits?

    var passes: [Pass] { [clean] + [edited].compactMap(\.self) }
  }

  private func controlRuns(_ settled: Settled) throws -> ControlRuns {
    let (study, neuron) = (settled.study, settled.neuron)
    let sample = DocumentSample(of: .target, in: study)
    let documents = sample.set
    func size(_ name: String) -> Int { study.file.size(of: Self.id, name) }
    let clean = Pass(
      documents,
      reading: [
        .loss, .moments(layer: neuron.layer), .post(layer: neuron.layer),
        .residual(layer: neuron.layer),
      ])
    var runs = ControlRuns(sample: sample, clean: clean)
    runs.chosen = try settled.controlEdits(
      after: clean,
      .init(random: size("random"), matched: size("matched"), scaled: size("scaled")))
    runs.edited = runs.chosen.map { chosen in
      Pass(
        documents,
        interventions: (chosen.random + chosen.matched).map {
          settled.controlEdit($0, on: documents)
        } + chosen.scaled.map { settled.equalEdit($0, on: documents) }
          + settled.randomDirections(size("directions"), on: documents),
        reading: [.loss])
    }
    return runs
  }

  /// - Parameter studied: the change of the target's loss under the study's ablation of the studied
  ///   neuron
  private func controls(_ evidence: Evidence, studied: Measured) throws -> Controls {
    let neuron = evidence.neuron
    let clean = try evidence.outcome(of: controlRuns(evidence.settled).clean)
    let runs = try controlRuns(evidence.settled)
    guard let chosen = runs.chosen, let edited = try runs.edited.map(evidence.outcome) else {
      preconditionFailure("the clean run of the control edits is known")
    }
    let means = clean.moments(layer: neuron.layer).means
    let losses = clean.tokens(.loss)
    func change(_ run: Int) -> Measured {
      LossChange(
        clean: losses, edited: edited.tokens(.loss, run: run), bootstrap: nil
      ).change
    }
    func control(_ neuron: Int, _ change: Measured) -> Control {
      Control(
        neuron: neuron, mean: means.value[neuron],
        rootMeanSquare: means.square[neuron].squareRoot(), size: chosen.sizes[neuron],
        change: change)
    }
    let neurons = chosen.random + chosen.matched
    let measured = neurons.enumerated().map { control($1, change($0)) }
    let scaled = chosen.scaled.enumerated().map { index, neuron in
      EqualEdit(neuron: neuron, change: change(neurons.count + index))
    }
    let first = neurons.count + scaled.count
    let directions = (first..<edited.pass.interventions.count).map {
      EqualEdit(neuron: nil, change: change($0))
    }
    return Controls(
      sample: runs.sample.size, studied: control(neuron.neuron, studied),
      random: Array(measured[..<chosen.random.count]),
      matched: Array(measured[chosen.random.count...]), scaled: scaled, directions: directions)
  }

  /// The value the neuron is set to. The raw values are keys of the findings.
  package enum Kind: String, Sendable {
    /// The neuron's mean over the other class's probe documents.
    case otherMean = "mean_other"
    /// The neuron's mean over the sample itself.
    case ownMean = "mean_own"
    case zero
    /// The activations of another document of the same corpus; below, of a document of the other
    /// class.
    case resampleOwn = "resample_own"
    case resampleOther = "resample_other"
    /// The number that the study names, if its ablation names one.
    case number
    /// The neuron's mean over the target's probe documents, if the study's ablation names that.
    case targetMean = "mean_target"

    /// The kinds that every study has.
    package static let allCases = [otherMean, ownMean, zero, resampleOwn, resampleOther]
    /// All kinds that may be among the findings.
    static let shown = allCases + [number, targetMean]

    /// The kind of the study's own ablation.
    package init(_ value: AblationSettings.Value) {
      self =
        switch value {
        case .otherMean: .otherMean
        case .ownMean: .targetMean
        case .zero: .zero
        case .number: .number
        case .resample: .resampleOwn
        }
    }

    /// The kinds of a study, its own first.
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
      case .number, .targetMean: .number(settled.ablationValue(of: neuron) ?? 0)
      case .ownMean: .mean(over: documents)
      case .zero: .number(0)
      case .resampleOwn:
        .resampled(Resampling.Source(donors: documents, isAmongDonors: true, seed: seed))
      case .resampleOther:
        .resampled(Resampling.Source(donors: donors, isAmongDonors: true, seed: seed))
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
    /// The number of resamples behind each interval over more than 40 documents.
    package var resamples: Int
    /// The neuron's mean over the other class's probe documents.
    package var value: Double
    /// The results by the corpus's name.
    package var corpora: [String: CorpusAblations]
    package var controls: Controls
    package var tokens: Extremes
  }

  package struct CorpusAblations: Codable, Sendable, Equatable {
    package var sample: DocumentSample.Size
    /// The neuron's mean over the sample.
    package var ownMean: Double
    /// The number of tokens, by kind of resampling, that keep their activation because their donor
    /// is too short.
    package var kept: [String: Int]
    /// Documents that each one's activations are drawn from, of each way of resampling that was
    /// taken: the study's own in any case, another one with twenty or more. Absent in findings of
    /// earlier versions.
    package var donors: [String: Int]?
    /// The changes of loss by `Kind`; a resampling with too few donors is absent.
    package var ablations: [String: LossChange]

    enum CodingKeys: String, CodingKey {
      case sample, kept, donors, ablations
      case ownMean = "own_mean"
    }
  }

  /// The studied edit beside control edits in its layer, on the same documents.
  package struct Controls: Codable, Sendable, Equatable {
    package var sample: DocumentSample.Size
    package var studied: Control
    /// Random neurons, each ablated like the studied one. Most of these edits are smaller.
    package var random: [Control]
    /// The neurons whose ablation shifts the residual stream by the most similar length.
    package var matched: [Control]
    /// Edits of equal size: random neurons, and below random directions, scaled to shift the
    /// residual stream of each document as far as the studied edit does. Absent in findings of
    /// earlier versions.
    package var scaled: [EqualEdit]?
    package var directions: [EqualEdit]?
  }

  package struct Control: Codable, Sendable, Equatable {
    package var neuron: Int
    /// The neuron's mean over the sample's tokens.
    package var mean: Double
    package var rootMeanSquare: Double
    /// The root mean square of the ablation's shift of the residual stream: |value − activation| ·
    /// |W_out|.
    package var size: Double?
    /// The change of the loss, in nats per token.
    package var change: Measured

    enum CodingKeys: String, CodingKey {
      case neuron, mean, size, change
      case rootMeanSquare = "root_mean_square"
    }
  }

  /// A control edit that shifts the residual stream as far as the studied one.
  package struct EqualEdit: Codable, Sendable, Equatable {
    /// The neuron; absent for a random direction.
    package var neuron: Int?
    /// The change of the loss, in nats per token.
    package var change: Measured
  }

  /// The target's tokens whose loss rises and falls most, one per document.
  package struct Extremes: Codable, Sendable, Equatable {
    package var hurt: [ExtremeToken]
    package var helped: [ExtremeToken]
  }

  package struct ExtremeToken: Codable, Sendable, Equatable {
    package var document: Int
    package var position: Int
    /// The text before the token.
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
    func extremes(_ sign: Float) -> [AblationControls.ExtremeToken] {
      let best = documents.indices.compactMap { index -> (Int, Int, Float)? in
        let changes = zip(clean[index], edited[index]).map { sign * ($1 - $0) }
        return topIndices(by: changes, count: 1).first.map { (index, $0, changes[$0]) }
      }
      return topIndices(by: best.map(\.2), count: Self.shown).map { rank in
        let (index, place, _) = best[rank]
        let ids = documents[index].ids
        let before = ids[max(1, place + 1 - Self.contextTokens)..<max(1, place + 1)]
        return AblationControls.ExtremeToken(
          document: documents[index].index, position: place + 1,
          context: tokenizer.decode(Array(before)), token: tokenizer.string(of: ids[place + 1]),
          clean: Double(clean[index][place]), ablated: Double(edited[index][place]))
      }
    }
    self.init(hurt: extremes(1), helped: extremes(-1))
  }
}
