import Passes
import StudyFile

/// Mean activation and mean loss by token position (notebook cells 166–174).
package struct Positions: Analysis {
  package static let id = "positions"
  package static let question = "How do activation and loss run along a document?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.latePositions]
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    let settings = study.file.positions
    return Needs(
      columns: Set(
        settings.corpora.flatMap { corpus in
          [ColumnNeed(.loss(.clean), of: corpus)]
            + settings.neurons.map { ColumnNeed(.activation($0), of: corpus) }
        }))
  }

  /// The curves, corpus by corpus and neuron by neuron. References to the same neuron give one
  /// curve.
  package func run(_ evidence: Evidence) -> [Curves] {
    let study = evidence.study.file
    return study.positions.corpora.flatMap { corpus -> [Curves] in
      let layout = evidence.layout(of: corpus)
      let loss = evidence.column(.loss(.clean), of: corpus)
      var seen: Set<Int> = []
      return study.positions.neurons.compactMap { reference in
        let neuron = evidence.probe.neuron(reference)
        guard seen.insert(neuron).inserted else { return nil }
        let activation = evidence.column(.activation(reference), of: corpus)
        return Curves(
          corpus: study.name(of: corpus), neuron: neuron, real: layout.real,
          batched: study.padded == nil ? nil : layout.batched,
          activation: { activation[$0] }, loss: { loss[$0] })
      }
    }
  }

  /// The means of one neuron on one corpus, up to the last position with a real token; BOS is at 0.
  package struct Curves: Codable, Sendable, Equatable {
    package var corpus: String
    package var neuron: Int
    /// The number of real tokens at each position, BOS included.
    package var counts: [Int]
    /// The notebook's averages, padding included; absent unless the study asks for them.
    package var padded: Curve?
    /// The averages over real tokens only.
    package var masked: Curve
  }

  /// Means by position; nil where there is nothing to average.
  package struct Curve: Codable, Sendable, Equatable {
    package var activation: [Double?]
    /// The loss of predicting the token after each position, in nats.
    package var loss: [Double?]
  }
}

extension Positions.Curves {
  /// Averages the documents of a class.
  ///
  /// - Parameters:
  ///   - real: the number of real tokens of each document, BOS included
  ///   - batched: the number of tokens with padding; nil leaves the padded averages out
  ///   - activation: a document's activations, those of padding after those of real tokens
  ///   - loss: a document's losses, one fewer than it has tokens
  package init(
    corpus: String, neuron: Int, real: [Int], batched: [Int]?,
    activation: (Int) -> ArraySlice<Float>, loss: (Int) -> ArraySlice<Float>
  ) {
    let counts = Self.counts(real)
    let targets = real.map { $0 - 1 }
    func curve(_ rows: [Int], _ losses: [Int], per lossCounts: [Int]) -> Positions.Curve {
      Positions.Curve(
        activation: Self.means(activation, first: rows, per: counts, length: counts.count),
        loss: Self.means(loss, first: losses, per: lossCounts, length: counts.count))
    }
    self.corpus = corpus
    self.neuron = neuron
    self.counts = counts
    masked = curve(real, targets, per: Self.counts(targets))
    // The notebook sums activations of pads too, zeroes losses whose input is a pad but not those
    // whose target is one, and divides both by the number of real tokens.
    padded = batched.map { batched in
      curve(batched, zip(real, batched).map { min($0, $1 - 1) }, per: counts)
    }
  }

  /// The number of `lengths` that reach each position.
  private static func counts(_ lengths: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: max(0, lengths.max() ?? 0))
    for length in lengths where length > 0 { counts[length - 1] += 1 }
    for position in counts.indices.dropLast().reversed() {
      counts[position] += counts[position + 1]
    }
    return counts
  }

  /// The sums over documents of each one's `first` values at each position, divided by `counts`.
  private static func means(
    _ values: (Int) -> ArraySlice<Float>, first lengths: [Int], per counts: [Int], length: Int
  ) -> [Double?] {
    var sums = [Double?](repeating: nil, count: length)
    for (document, count) in lengths.enumerated() {
      for (position, value) in values(document).prefix(max(0, count)).prefix(length).enumerated() {
        sums[position] = (sums[position] ?? 0) + Double(value)
      }
    }
    return sums.enumerated().map { position, sum in
      position < counts.count && counts[position] > 0
        ? sum.map { $0 / Double(counts[position]) } : nil
    }
  }
}
