import LanguageModel
import Storage
import StudyFile

/// What of the model is to be run and read: a value.
///
/// Equal passes have equal outcomes, whoever asks and on whatever machine of a kind they are run.
/// Everything that an outcome follows from, besides the model, stands in `content`.
package struct Pass: Sendable, Hashable {
  package let documents: DocumentSet
  /// The runs: each leaves the clean one by itself. Empty stands for the clean run.
  package let interventions: [Intervention]
  package let readings: Set<Readout>

  package init(
    _ documents: DocumentSet, interventions: [Intervention] = [], reading readings: Set<Readout>
  ) {
    self.documents = documents
    self.interventions = interventions
    self.readings = readings
  }

  /// Whether edited runs begin at the embedding, since something is read before the edited layer, or
  /// since the model norms what its MLP writes: an edit then needs the layer's activations.
  func startsAtEmbedding(in shape: Architecture) -> Bool {
    shape.normsOutputs
      || readings.contains {
        switch $0 {
        case .lens, .attribution: true
        default: false
        }
      }
  }

  /// Everything that the outcome depends on, for the key of a cache.
  package var content: [String] {
    [documents.digest] + interventions.map(\.content) + readings.map { "\($0)" }.sorted()
  }
}

/// What is read of a run.
package enum Readout: Sendable, Hashable, Codable {
  /// The loss of predicting the next token from each but the last, in nats; by document and position.
  case loss
  /// The rank of each next token among all that could have come, 0 for the most likely.
  case rank
  /// hook_post of a neuron, by document and position.
  case activation(NeuronAddress)
  /// What the final norm divides each position by.
  case finalScale
  /// Sums of hook_post and of its square over the tokens after the first of each document, by neuron
  /// of a layer.
  case moments(layer: Int)
  /// The logit lens (nostalgebraist 2020): sums over a document of the loss when the residual stream
  /// is unembedded at the embedding and after each layer. Of an edited run, after the edited layer
  /// and later ones.
  case lens
  /// Direct logit attribution: sums over a document of what each component adds to the logit of the
  /// true next token, see `Attribution`.
  case attribution(of: NeuronAddress)
  /// Sums over a document of what each earlier component adds to a neuron's pre-activation, then of
  /// the pre-activation itself without its bias; see `Attribution.labels`. Of a gated neuron, `map`
  /// says by which of its two maps it reads.
  case input(of: NeuronAddress, map: Linear = .mlpIn)
  /// hook_pre of a neuron without a gate, by document and position.
  case preActivation(of: NeuronAddress)
  /// How often a gated neuron's gate and linear part have which sign, after the first token of each
  /// document: counts of (+, +), (+, −), (−, +) and (−, −), the gate's sign first; zero is −.
  case signs(of: NeuronAddress)
  /// Path patching (Wang et al. 2022): sums over a document of the loss of the runs of `PathRuns`.
  case paths
  /// Keeps the residual stream after a layer, so that later passes start there.
  case residual(layer: Int)
  /// Keeps hook_post of a layer, so that later passes take the activations of any of its neurons from
  /// there.
  case post(layer: Int)
}

/// What a pass has read, pack by pack in the order of its documents.
package struct Outcome: Sendable {
  package let pass: Pass
  /// By intervention (one for the clean run), then by pack.
  package let runs: [[PackOutcome]]

  /// What its readings have left, by run and pack; nothing that stands in the engine's file.
  package var columns: [[PackOutcome]] {
    runs.map { $0.map { $0.filter { pass.readings.contains($0.key) && !$0.value.isKept } } }
  }

  /// Numbers by document and position.
  ///
  /// - Parameter run: the place of an intervention.
  package func tokens(_ reading: Readout, run: Int = 0) -> [[Float]] {
    runs[run].flatMap { pack -> [[Float]] in
      guard case .tokens(let values)? = pack[reading] else { return missing(reading) }
      return values
    }
  }

  /// Sums by document.
  package func documents(_ reading: Readout, run: Int = 0) -> [[Double]] {
    runs[run].flatMap { pack -> [[Double]] in
      guard case .documents(let values)? = pack[reading] else { return missing(reading) }
      return values
    }
  }

  /// Sums over all documents, added in the order of the packs.
  package func moments(layer: Int, run: Int = 0) -> LayerMoments {
    runs[run].reduce(into: LayerMoments()) { sum, pack in
      if case .moments(let moments)? = pack[.moments(layer: layer)] { sum.add(moments) }
    }
  }

  private func missing<Value>(_ reading: Readout) -> Value {
    preconditionFailure("\(reading) is not among the readings of the pass")
  }
}

/// What one run of a pack has left, by reading.
package typealias PackOutcome = [Readout: ReadValue]

/// The numbers of one reading of a pack: equal inputs give equal bytes.
package enum ReadValue: Sendable {
  /// By document and position.
  case tokens([[Float]])
  /// By document.
  case documents([[Double]])
  case moments(LayerMoments)
  /// The residual stream stands in the engine's file.
  case kept
}

extension ReadValue {
  var isKept: Bool { if case .kept = self { true } else { false } }
}

extension ReadValue: Codable {
  /// Numbers as they lie in memory, and how many each document has.
  private struct Packed: Codable {
    @PackedArray var tokens: [Float]
    @PackedArray var documents: [Double]
    @PackedArray var counts: [Int]
    var moments: LayerMoments?
  }

  package init(from decoder: any Decoder) throws {
    let packed = try Packed(from: decoder)
    func parts<Number>(_ numbers: [Number]) throws -> [[Number]] {
      guard packed.counts.allSatisfy({ $0 >= 0 }), packed.counts.reduce(0, +) == numbers.count
      else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "counts of other numbers"))
      }
      var first = 0
      return packed.counts.map { count in
        defer { first += count }
        return Array(numbers[first..<first + count])
      }
    }
    if let moments = packed.moments {
      self = .moments(moments)
    } else if packed.documents.isEmpty {
      self = .tokens(try parts(packed.tokens))
    } else {
      self = .documents(try parts(packed.documents))
    }
  }

  /// A stream in a temporary file cannot be encoded: nothing stands for it.
  package func encode(to encoder: any Encoder) throws {
    var packed = Packed(tokens: [], documents: [], counts: [], moments: nil)
    switch self {
    case .tokens(let values):
      (packed.tokens, packed.counts) = (values.flatMap(\.self), values.map(\.count))
    case .documents(let values):
      (packed.documents, packed.counts) = (values.flatMap(\.self), values.map(\.count))
    case .moments(let moments): packed.moments = moments
    case .kept: preconditionFailure("a kept stream is no outcome")
    }
    try packed.encode(to: encoder)
  }
}

/// hook_post of a layer's neurons summed over tokens.
package struct LayerMoments: Sendable, Codable, Equatable {
  package private(set) var tokens = 0
  /// By neuron; empty before the first token.
  package private(set) var sum: [Double] = []
  package private(set) var squares: [Double] = []

  package init() {}

  init(tokens: Int, sum: [Double], squares: [Double]) {
    (self.tokens, self.sum, self.squares) = (tokens, sum, squares)
  }

  mutating func add(_ other: Self) {
    if sum.isEmpty {
      self = other
      return
    }
    tokens += other.tokens
    for neuron in other.sum.indices {
      sum[neuron] += other.sum[neuron]
      squares[neuron] += other.squares[neuron]
    }
  }

  /// By neuron, the mean and the mean square.
  package var means: (value: [Double], square: [Double]) {
    let count = Double(max(1, tokens))
    return (sum.map { $0 / count }, squares.map { $0 / count })
  }
}
