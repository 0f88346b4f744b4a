import Passes
import Statistics
import StudyFile
import Tokenization

/// Passages on which the studied neuron is strongest, weakest and in between, and passages with
/// tokens that a probe on this neuron alone gets wrong.
package struct Examples: Analysis {
  package static let id = "examples"
  package static let question =
    "Where is it strongest, middling, weakest; where is a probe of it wrong?"
  package static let parts: StudyParts = []
  package static let settingsRead: Set = [id, ProbeSweep.id]
  /// The number of passages shown for each kind of error.
  private static let errors = 8
  /// The number of passages of each class shown where a gated neuron is lowest.
  private static let negatives = 3
  /// The most characters of a token that are kept; a vocabulary may hold long runs of one
  /// character.
  fileprivate static let tokenLimit = 64

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    var needs = Needs()
    for corpus in [CorpusReference.target, .other] {
      needs.columns.insert(ColumnNeed(.activation(study.file.studied), of: corpus))
      guard Self.measuresLoss(study.file, corpus) else { continue }
      for run in Run.allCases { needs.columns.insert(ColumnNeed(.loss(run), of: corpus)) }
    }
    return needs
  }

  /// Whether losses are shown: only where the study's ablation measures them anyway.
  private static func measuresLoss(_ study: StudyFile, _ corpus: CorpusReference) -> Bool {
    study.ablation.corpora.contains(corpus)
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let readings = [CorpusReference.target, .other].map {
      evidence.readings(of: $0, losses: Self.measuresLoss(study.file, $0))
    }
    let model = try Self.fit(evidence)
    var result = Self.result(
      neuron: evidence.neuron, names: (study.file.target, CorpusReference.other.description),
      target: readings[0], other: readings[1], judged: try Self.judged(evidence),
      coefficient: model.coefficients.first ?? 0, intercept: model.intercept,
      negatives: study.architecture.mlp.isGated ? Self.negatives : 0,
      texts: study.tokenizer.texts)
    let judged = ProbeSweep.sample(study)
    result.probe.sample = Result.Sample(
      fitted: ProbeSweep.choosing(study).ofEither, judged: judged.ofEither, isNew: judged.isNew)
    return result
  }

  package func passes(_ settled: Settled) -> [Pass] {
    [
      Self.fitting(settled.study, settled.neuron),
      Self.judging(ProbeSweep.sample(settled.study), settled.neuron, settled.study),
    ]
  }

  // MARK: The probe

  /// The neuron on the documents that chose it.
  private static func fitting(_ study: ResolvedStudy, _ neuron: NeuronAddress) -> Pass {
    Pass(ProbeSweep.choosing(study).documents, reading: [.activation(neuron)])
  }

  /// A logistic regression on all tokens of those.
  private static func fit(_ evidence: Evidence) throws -> LogisticModel {
    let (study, neuron) = (evidence.study, evidence.neuron)
    let sample = ProbeSweep.choosing(study)
    let activations = try evidence.outcome(of: fitting(study, neuron)).tokens(.activation(neuron))
      .map { $0.dropFirst(study.front) }
    let labels = zip(sample.isTarget, activations).flatMap {
      repeatElement($0, count: $1.count)
    }
    return LogisticRegression.fit(
      columns: [activations.flatMap(\.self)], labels: labels,
      rows: labels.indices.map { Int32($0) })
  }

  /// What is read of the documents that the probe is judged on, those of `probe_sweep`: a gated
  /// neuron has no single pre-activation.
  private static func judging(
    _ sample: ProbedSample, _ neuron: NeuronAddress, _ study: ResolvedStudy
  ) -> Pass {
    var readings: Set<Readout> = [.activation(neuron)]
    if !study.architecture.mlp.isGated { readings.insert(.preActivation(of: neuron)) }
    return Pass(sample.documents, reading: readings)
  }

  private static func judged(
    _ evidence: Evidence
  ) throws -> (target: [Reading], other: [Reading]) {
    let (study, neuron) = (evidence.study, evidence.neuron)
    let sample = ProbeSweep.sample(study)
    let pass = judging(sample, neuron, study)
    let outcome = try evidence.outcome(of: pass)
    let post = outcome.tokens(.activation(neuron))
    let pre =
      pass.readings.contains(.preActivation(of: neuron))
      ? outcome.tokens(.preActivation(of: neuron)) : nil
    let readings = sample.texts.enumerated().map { index, document in
      Reading(
        corpus: document.corpus, index: document.index, ids: document.ids,
        activations: post[index][...], front: study.front, preActivations: pre?[index][...])
    }
    return (
      Array(readings.prefix(sample.ofEither)), Array(readings.dropFirst(sample.ofEither))
    )
  }

  /// Chooses the passages of both classes and those around the probe's errors.
  ///
  /// - Parameters:
  ///   - judged: documents in which the probe's errors are looked for; those shown unless given
  ///   - coefficient: the probe's log-odds of the target are coefficient · activation + intercept.
  ///   - negatives: passages of each class where the neuron is lowest, below 0.
  ///   - texts: what a reader sees of a document's tokens.
  package static func result(
    neuron: NeuronAddress, names: (target: String, other: String), target: [Reading],
    other: [Reading], judged: (target: [Reading], other: [Reading])? = nil,
    coefficient: Double, intercept: Double, negatives: Int = 0, texts: ([Int32]) -> [String]
  ) -> Result {
    func passage(_ chosen: ExampleChoice.Passage, of readings: [Reading]) -> Result.Passage {
      Result.Passage(chosen, of: readings[chosen.reading], texts: texts)
    }
    let classes = [(names.target, target), (names.other, other)].map { name, readings in
      let choice = ExampleChoice(of: readings, negative: negatives)
      return Result.Class(
        name: name, documents: readings.count, nearDuplicates: choice.nearDuplicates,
        peaks: Quantile.linear(
          of: readings.compactMap { reading in
            reading.peak().map { Double(reading.activation($0)) }
          }, at: Result.peakQuantiles
        ).map { $0.isFinite ? $0 : nil },
        passages: choice.passages.map { passage($0, of: readings) })
    }
    /// The log-odds of the wrong answer, which is above 0 where that answer is given. `sign` is +1
    /// if the wrong answer is the target, else −1.
    func odds(_ reading: Reading, _ position: Int, _ sign: Double) -> Float {
      Float(sign * (coefficient * Double(reading.activation(position)) + intercept))
    }
    /// The tokens on the wrong side. Passages show those furthest by hook_pre, or by the log-odds
    /// where hook_pre is not known.
    func errors(_ readings: [Reading], sign: Double) -> Result.Errors {
      let choice =
        coefficient == 0
        ? ExampleChoice(of: [], highest: 0) { _, _ in nil }
        : ExampleChoice(of: readings, highest: Self.errors) { reading, position in
          let odds = odds(reading, position, sign)
          guard odds > 0 else { return nil }
          return reading.preActivations.map {
            Float(sign * coefficient.sign.number) * $0[$0.startIndex + position]
          } ?? odds
        }
      let wrong = readings.reduce(0) { sum, reading in
        sum
          + (reading.front..<max(reading.front, reading.ids.count))
          .count { odds(reading, $0, sign) > 0 }
      }
      return Result.Errors(
        tokens: wrong, of: readings.reduce(0) { $0 + max(0, $1.ids.count - $1.front) },
        isRankedByInput: readings.contains { $0.preActivations != nil },
        passages: choice.passages.map { passage($0, of: readings) })
    }
    let threshold = -intercept / coefficient
    return Result(
      layer: neuron.layer, neuron: neuron.neuron, shingle: ExampleChoice.shingle, classes: classes,
      probe: Result.Probe(
        coefficient: coefficient, intercept: intercept,
        threshold: threshold.isFinite ? threshold : nil,
        falsePositives: errors(judged?.other ?? other, sign: 1),
        falseNegatives: errors(judged?.target ?? target, sign: -1)))
  }

  package struct Result: Codable, Sendable, Equatable {
    package static let peakQuantiles = [0, 0.25, 0.5, 0.75, 1]

    package var layer: Int
    package var neuron: Int
    /// The number of tokens in a row that make a passage a near-duplicate of another.
    package var shingle: Int
    /// The target's passages, then the other class's.
    package var classes: [Class]
    package var probe: Probe

    package struct Class: Codable, Sendable, Equatable {
      package var name: String
      package var documents: Int
      package var nearDuplicates: Int
      /// The minimum, quartiles and maximum of the documents' highest activations.
      package var peaks: [Double?]
      /// The passages, the strongest first.
      package var passages: [Passage]

      enum CodingKeys: String, CodingKey {
        case name, documents, peaks, passages
        case nearDuplicates = "near_duplicates"
      }
    }

    package struct Passage: Codable, Sendable, Equatable {
      /// The kind: `strongest`, `strongest negative`, `quantile`, `weakest`, or `furthest` for an
      /// error.
      package var kind: String
      /// The quantile of the documents' highest activations, for a passage of kind `quantile`.
      package var quantile: Double?
      package var corpus: String
      /// The index of the document in its corpus, from 0.
      package var document: Int
      /// The position of the passage's peak; below, that of the first token shown. BOS is at 0.
      package var position: Int
      package var first: Int
      package var tokens: [String]
      package var activations: [Double]
      /// The change of the next token's loss without the neuron, in nats; missing at a document's
      /// end.
      package var lossChange: [Double?]?

      enum CodingKeys: String, CodingKey {
        case kind, quantile, corpus, document, position, first, tokens, activations
        case lossChange = "loss_change"
      }
    }

    /// A logistic regression on the neuron alone, fitted on the documents that chose it; in
    /// findings of earlier versions on the sparse probe's training part.
    package struct Probe: Codable, Sendable, Equatable {
      package var coefficient: Double
      package var intercept: Double
      /// The activation at which the log-odds are 0; absent if the coefficient is 0.
      package var threshold: Double?
      /// The tokens of the other class classified as the target; below, those of the target that
      /// are not.
      package var falsePositives: Errors
      package var falseNegatives: Errors
      /// Absent in findings of earlier versions.
      package var sample: Sample?

      enum CodingKeys: String, CodingKey {
        case coefficient, intercept, threshold, sample
        case falsePositives = "false_positives"
        case falseNegatives = "false_negatives"
      }
    }

    /// The documents of the probe, so many of either class.
    package struct Sample: Codable, Sendable, Equatable {
      package var fitted: Int
      package var judged: Int
      /// Whether none of those that it is judged on took part in choosing the neuron, nor in the
      /// fit.
      package var isNew: Bool

      enum CodingKeys: String, CodingKey {
        case fitted, judged
        case isNew = "new"
      }

      package init(fitted: Int, judged: Int, isNew: Bool) {
        self.fitted = fitted
        self.judged = judged
        self.isNew = isNew
      }
    }

    package struct Errors: Codable, Sendable, Equatable {
      /// The number of tokens that are wrong; below, the number of tokens of the class.
      package var tokens: Int
      package var of: Int
      /// Whether the passages are those furthest by hook_pre rather than by hook_post; absent in
      /// findings of earlier versions.
      package var isRankedByInput: Bool?
      /// Passages around the tokens that are furthest on the wrong side.
      package var passages: [Passage]

      enum CodingKeys: String, CodingKey {
        case tokens, of, passages
        case isRankedByInput = "ranked_by_input"
      }
    }
  }
}

extension Examples.Result.Passage {
  init(
    _ chosen: ExampleChoice.Passage, of reading: Reading, texts: ([Int32]) -> [String]
  ) {
    switch chosen.kind {
    case .strongest: kind = "strongest"
    case .weakest: kind = "weakest"
    case .furthest: kind = "furthest"
    case .negative: kind = "strongest negative"
    case .quantile(let share):
      kind = "quantile"
      quantile = share
    }
    corpus = reading.corpus
    document = reading.index
    position = chosen.peak
    first = chosen.tokens.lowerBound
    // The text is decoded from the document's beginning, so that every character is whole.
    tokens = texts(Array(reading.ids[reading.front..<chosen.tokens.upperBound])).suffix(
      chosen.tokens.count
    )
    .map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(Examples.tokenLimit))) }
    activations = chosen.tokens.map { Double(reading.activation($0)) }
    lossChange = reading.lossChange.map { change in
      chosen.tokens.map { $0 < change.count ? Double(change[$0]) : nil }
    }
  }

  /// The token at which the passage was chosen, and its activation.
  var peak: (token: String, activation: Double)? {
    let index = position &- first
    guard tokens.indices.contains(index), activations.indices.contains(index) else { return nil }
    return (tokens[index], activations[index])
  }
}

extension FloatingPointSign {
  fileprivate var number: Double { self == .plus ? 1 : -1 }
}
