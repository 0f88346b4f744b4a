import LanguageModel
import Storage
import StudyFile

/// A description of model work: which documents are run, with which edits, and what is read.
///
/// Equal passes have equal outcomes, whoever asks for them, on all machines of one kind. `content`
/// holds everything besides the model that an outcome depends on.
package struct Pass: Sendable, Hashable {
  package let documents: DocumentSet
  /// The edited runs, each independent of the others; empty means the clean run.
  package let interventions: [Intervention]
  package let readings: Set<Readout>

  package init(
    _ documents: DocumentSet, interventions: [Intervention] = [], reading readings: Set<Readout>
  ) {
    self.documents = documents
    self.interventions = interventions
    self.readings = readings
  }

  /// Whether edited runs begin at the embedding. They do if something is read before the edited
  /// layer, or if the model norms the MLP's output: the edit then needs all of the layer's
  /// activations.
  func startsAtEmbedding(in shape: Architecture) -> Bool {
    shape.normsOutputs
      || readings.contains {
        switch $0 {
        case .lens, .attribution: true
        default: false
        }
      }
  }

  /// Texts of everything besides the model that the outcome depends on, for cache keys.
  package var content: [String] {
    [documents.digest] + interventions.map(\.content) + readings.map { "\($0)" }.sorted()
  }
}

/// A quantity that is read of a run.
package enum Readout: Sendable, Hashable, Codable {
  /// The loss of predicting the next token at every position but the last, in nats; by document and
  /// position.
  case loss
  /// The rank of the true next token in the vocabulary, 0 for the most likely; by document and
  /// position.
  case rank
  /// hook_post of a neuron, by document and position.
  case activation(NeuronAddress)
  /// The scale that the final norm divides by, by document and position.
  case finalScale
  /// The sums of hook_post and of its square over the tokens after the first `front` of each
  /// document, for every neuron of a layer.
  case moments(layer: Int)
  /// The logit lens (nostalgebraist 2020): the loss, summed over a document, when the residual
  /// stream is unembedded after the embedding and after each layer; in an edited run, after the
  /// edited layer and later ones.
  case lens
  /// Direct logit attribution: what each component adds to the logit of the true next token, summed
  /// over a document. The components are those of `RowDots.labels`; see `RunReader.attribute`.
  case attribution(of: NeuronAddress)
  /// What each earlier component adds to a neuron's pre-activation, then the pre-activation without
  /// its bias, each summed over a document. The components are those of `RowDots.labels`. For a
  /// gated neuron, `map` chooses the gate or the linear map.
  case input(of: NeuronAddress, map: Linear = .mlpIn)
  /// hook_pre of a neuron without a gate, by document and position.
  case preActivation(of: NeuronAddress)
  /// Counts of the signs of a gated neuron's gate and linear part over each document: (+, +), (+,
  /// −), (−, +) and (−, −), the gate's sign first. Zero counts as −; the first `front` tokens do
  /// not count.
  case signs(of: NeuronAddress)
  /// Path patching (Wang et al. 2022): the loss of each run of `PathRuns`, summed over a document.
  case paths
  /// Keeps the residual stream after a layer, so that later passes can start there.
  case residual(layer: Int)
  /// Keeps hook_post of a layer, so that later passes can take any of its neurons' activations.
  case post(layer: Int)
}

/// What a pass has read: the results of all packs, in the order of the documents.
package struct Outcome: Sendable {
  package let pass: Pass
  /// The results by intervention (one entry for the clean run), then by pack.
  package let runs: [[PackOutcome]]

  /// The results of the pass's own readings by run and pack, without those in the engine's file.
  package var columns: [[PackOutcome]] {
    runs.map { $0.map { $0.filter { pass.readings.contains($0.key) && !$0.value.isKept } } }
  }

  /// A reading's numbers by document and position.
  ///
  /// - Parameter run: the index of an intervention
  package func tokens(_ reading: Readout, run: Int = 0) -> [[Float]] {
    runs[run].flatMap { pack -> [[Float]] in
      guard case .tokens(let values)? = pack[reading] else { return missing(reading) }
      return values
    }
  }

  /// A reading's sums by document.
  package func documents(_ reading: Readout, run: Int = 0) -> [[Double]] {
    runs[run].flatMap { pack -> [[Double]] in
      guard case .documents(let values)? = pack[reading] else { return missing(reading) }
      return values
    }
  }

  /// The sums over all documents, added in the order of the packs.
  package func moments(layer: Int, run: Int = 0) -> LayerMoments {
    runs[run].reduce(into: LayerMoments()) { sum, pack in
      if case .moments(let moments)? = pack[.moments(layer: layer)] { sum.add(moments) }
    }
  }

  private func missing<Value>(_ reading: Readout) -> Value {
    preconditionFailure("\(reading) is not among the readings of the pass")
  }
}

/// What one run of a pack has read, by readout.
package typealias PackOutcome = [Readout: ReadValue]

/// The numbers of one readout of a pack. Equal inputs give equal bytes.
package enum ReadValue: Sendable {
  /// One number for each document and position.
  case tokens([[Float]])
  /// Some sums for each document.
  case documents([[Double]])
  case moments(LayerMoments)
  /// A marker: the tensor is in the engine's temporary file.
  case kept
}

extension ReadValue {
  var isKept: Bool { if case .kept = self { true } else { false } }
}

extension ReadValue: Codable {
  /// The numbers as they lie in memory, with the count of each document's numbers.
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

  /// Encodes the numbers. A kept stream is in a temporary file and must not be encoded.
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

/// The sums of hook_post and its square over tokens, for each neuron of a layer.
package struct LayerMoments: Sendable, Codable, Equatable {
  package private(set) var tokens = 0
  /// The sum of hook_post by neuron; empty before the first token.
  @PackedArray package private(set) var sum: [Double] = []
  @PackedArray package private(set) var squares: [Double] = []

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

  /// The mean and the mean square of each neuron.
  package var means: (value: [Double], square: [Double]) {
    let count = Double(max(1, tokens))
    return (sum.map { $0 / count }, squares.map { $0 / count })
  }
}
