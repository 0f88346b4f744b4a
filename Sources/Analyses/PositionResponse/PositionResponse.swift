import Corpora
import Passes
import Statistics
import StudyFile

/// How the neuron responds to the text read so far: activation and loss by position with intervals,
/// over all documents and over a fixed cohort; the number of tokens until the neuron classifies the
/// text as the target's; and its response when the language changes within a document.
package struct PositionResponse: Analysis {
  package static let id = "position_response"
  package static let question = "How many tokens until it fires, and after a switch of language?"
  package static let settings: [Setting] = [
    .count("pairs", 48), .count("window", 64), .resamples(1_000),
  ]
  package static let answers: Set<KnownObjection> = [.noIntervals, .latePositions]
  package static let parts: StudyParts = .evaluation

  /// How much is run and resampled.
  package struct Budget: Sendable {
    /// The number of resamples of each interval; there is one at every position.
    package var resamples: Int
    /// The most documents with a switch that are made of each kind.
    package var pairs: Int
    /// The most tokens on either side of a switch.
    package var window: Int

    init(_ study: StudyFile) {
      func size(_ name: String) -> Int { study.size(of: PositionResponse.id, name) }
      (resamples, pairs, window) = (size("resamples"), size("pairs"), size("window"))
    }
  }

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(
      columns: Set(
        study.file.positions.corpora.flatMap {
          [ColumnNeed(.loss(.clean), of: $0), ColumnNeed(.activation(study.file.studied), of: $0)]
        }))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let budget = Budget(study.file)
    let bootstrap = Bootstrap(
      resamples: budget.resamples, seed: UInt32(truncatingIfNeeded: study.file.probe.seed))
    let side = Side(
      target: evidence.probe.means.target[evidence.neuron.neuron],
      other: evidence.probe.means.other[evidence.neuron.neuron])
    let corpora = study.file.positions.corpora.map { corpus in
      let activation = evidence.column(.activation(study.file.studied), of: corpus)
      let loss = evidence.column(.loss(.clean), of: corpus)
      let real = evidence.layout(of: corpus).real
      let kept = study.measuringPlaces(of: corpus)
      return CorpusCurves(
        study.file.name(of: corpus),
        activations: kept.map { activation[$0].prefix(real[$0]).map(Double.init) },
        losses: kept.map { loss[$0].prefix(max(0, real[$0] - 1)).map(Double.init) },
        side: side, bootstrap: bootstrap)
    }
    return Result(
      layer: evidence.neuron.layer, neuron: evidence.neuron.neuron, seed: study.file.probe.seed,
      resamples: budget.resamples, side: side, corpora: corpora,
      switches: try LanguageSwitches(evidence, budget: budget, side: side, bootstrap: bootstrap))
  }

  package func passes(_ settled: Settled) -> [Pass] {
    LanguageSwitches.Made(settled, budget: Budget(settled.study.file)).map { [$0.pass] } ?? []
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var seed: Int
    /// The number of resamples of each interval.
    package var resamples: Int
    package var side: Side
    package var corpora: [CorpusCurves]
    /// The documents with a switch; absent where a class has too few long documents.
    package var switches: LanguageSwitches?

    package init(
      layer: Int, neuron: Int, seed: Int, resamples: Int, side: Side, corpora: [CorpusCurves],
      switches: LanguageSwitches?
    ) {
      self.layer = layer
      self.neuron = neuron
      self.seed = seed
      self.resamples = resamples
      self.side = side
      self.corpora = corpora
      self.switches = switches
    }
  }

  /// The rule by which an activation counts for the target: it lies beyond the midpoint of the
  /// class means over the probe documents, on the target's side.
  package struct Side: Codable, Sendable, Equatable {
    package var midpoint: Double
    /// +1 where the target's mean is the higher one, −1 otherwise.
    package var sign: Int

    package init(target: Double, other: Double) {
      midpoint = (target + other) / 2
      sign = target < other ? -1 : 1
    }

    /// Whether an activation counts for the target.
    package func holds(_ activation: Double) -> Bool {
      sign > 0 ? activation > midpoint : activation < midpoint
    }
  }

  /// Means by position with 95 % intervals over documents. An interval is nil below ten documents.
  package struct Curve: Codable, Sendable, Equatable {
    package var mean: [Double?]
    package var low: [Double?]
    package var high: [Double?]

    /// The curve of documents that may differ in length.
    package init(_ documents: [[Double]], bootstrap: Bootstrap) {
      let curve = DocumentIntervals(bootstrap).intervals(byPosition: documents)
      mean = curve.map { $0.mean.isFinite ? $0.mean : nil }
      low = curve.map { $0.interval?.lower }
      high = curve.map { $0.interval?.upper }
    }
  }

  /// One corpus. BOS is at position 0, and a loss is at the position it is predicted from.
  package struct CorpusCurves: Codable, Sendable, Equatable {
    package var corpus: String
    /// The number of documents with a token at each position.
    package var counts: [Int]
    package var activation: Curve
    package var loss: Curve
    package var cohort: Cohort
  }

  /// A fixed cohort: the documents with at least `tokens` tokens after BOS, cut there. At least
  /// half of the corpus's documents are that long.
  package struct Cohort: Codable, Sendable, Equatable {
    package var tokens: Int
    package var documents: Int
    package var activation: Curve
    package var loss: Curve
    /// The number of tokens until one is on the target's side.
    package var passage: Crossing
  }

  /// The number of tokens until the neuron is on a side of the midpoint.
  package struct Crossing: Codable, Sendable, Equatable {
    package var documents: Int
    /// The number of documents that get there within the tokens looked at.
    package var passed: Int
    /// The quartiles of the number of tokens; nil where that share of documents never gets there.
    package var quartiles: [Int?]
    /// The first token at which the mean over documents is on that side; nil for never.
    package var mean: Int?
    /// The share of documents, 0 to 1, that have got there after 1, 2, … tokens.
    package var share: [Double]
  }
}

extension PositionResponse.Crossing {
  /// - Parameter documents: activations from the first counted token on, equally many for each
  ///   document
  init(_ documents: [[Double]], isThere: (Double) -> Bool) {
    let tokens = documents.first?.count ?? 0
    let count = Double(max(1, documents.count))
    let firsts = documents.map { $0.firstIndex(where: isThere) }
    let sorted = firsts.map { $0.map { $0 + 1 } ?? Int.max }.sorted()
    self.documents = documents.count
    passed = firsts.count { $0 != nil }
    // The quantile is the smallest number that at least this share of documents does not exceed
    // (NumPy's `inverted_cdf`).
    quartiles = [0.25, 0.5, 0.75].map { share in
      guard !sorted.isEmpty else { return nil }
      let value = sorted[max(0, Int((share * count).rounded(.up)) - 1)]
      return value == .max ? nil : value
    }
    mean = (0..<tokens).first { token in
      isThere(documents.reduce(0) { $0 + $1[token] } / count)
    }.map { $0 + 1 }
    self.share = (0..<tokens).map { token in
      Double(firsts.count { $0.map { $0 <= token } ?? false }) / count
    }
  }
}

extension PositionResponse.CorpusCurves {
  /// The curves of a corpus and of its fixed cohort.
  ///
  /// - Parameters:
  ///   - activations: activations by document and position, BOS included
  ///   - losses: losses by document and position, one fewer for each document
  package init(
    _ corpus: String, activations: [[Double]], losses: [[Double]], side: PositionResponse.Side,
    bootstrap: Bootstrap
  ) {
    let tokens = activations.map { max(0, $0.count - 1) }
    let length = PositionResponse.common(tokens)
    let chosen = tokens.indices.filter { tokens[$0] >= length }
    let kept = chosen.map { Array(activations[$0].prefix(length + 1)) }
    self.corpus = corpus
    counts = (0..<(activations.map(\.count).max() ?? 0)).map { position in
      activations.count { $0.count > position }
    }
    activation = PositionResponse.Curve(activations, bootstrap: bootstrap)
    loss = PositionResponse.Curve(losses, bootstrap: bootstrap)
    cohort = PositionResponse.Cohort(
      tokens: length, documents: chosen.count,
      activation: PositionResponse.Curve(kept, bootstrap: bootstrap),
      loss: PositionResponse.Curve(
        chosen.map { Array(losses[$0].prefix(length)) }, bootstrap: bootstrap),
      passage: PositionResponse.Crossing(
        kept.map { Array($0.dropFirst()) }, isThere: side.holds))
  }
}

extension PositionResponse {
  /// The largest number of tokens that at least half of the documents have.
  static func common(_ tokens: [Int]) -> Int {
    tokens.isEmpty ? 0 : tokens.sorted(by: >)[(tokens.count - 1) / 2]
  }
}
