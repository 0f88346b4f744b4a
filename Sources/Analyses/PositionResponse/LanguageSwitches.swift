import Corpora
import Passes
import Statistics
import StudyFile

/// The neuron on documents whose language changes half-way: BOS, the first tokens of one document,
/// then the first tokens of another. Documents that switch to a text of the same class are the
/// control, because a new beginning alone may move the neuron.
package struct LanguageSwitches: Codable, Sendable, Equatable {
  /// The number of tokens before the switch, and of tokens after it.
  package var tokens: Int
  package var samples: ClassPair<DocumentSample.Size>
  /// The kinds of switch: target to other, other to target, target to target, other to other.
  package var runs: [Switch]

  package struct Switch: Codable, Sendable, Equatable {
    package var from: String
    package var to: String
    package var documents: Int
    /// The mean activation after BOS: `tokens` positions before the switch, then as many after it.
    package var activation: PositionResponse.Curve
    /// The number of tokens after the switch until one is on the new class's side of the midpoint.
    /// Where the class stays, findings of earlier versions do not have it.
    package var passage: PositionResponse.Crossing?
  }

  /// The documents with a switch, and the pass that reads the neuron on them.
  struct Made {
    let tokens: Int
    let samples: [DocumentSample]
    let pairs: Int
    let pass: Pass
    /// The kinds of switch; each pair of documents makes one of each kind. Where the class stays,
    /// the second text is the class's next one.
    static let order: [(from: Int, to: Int)] = [(0, 1), (1, 0), (0, 0), (1, 1)]

    /// The documents; nil where the classes have fewer than two pairs or fewer than two tokens in
    /// common.
    init?(_ settled: Settled, budget: PositionResponse.Budget) {
      let study = settled.study
      samples = [CorpusReference.target, .other].map {
        DocumentSample(of: $0, in: study, documents: budget.pairs, window: budget.window)
      }
      let commons = samples.map {
        PositionResponse.common($0.documents.map { $0.ids.count - study.front })
      }
      let front = study.front
      let tokens =
        ([budget.window, (study.architecture.context - front) / 2] + commons).min() ?? 0
      let texts = samples.map { sample in
        sample.documents.map(\.ids).filter { $0.count >= front + tokens }.map {
          $0[front..<front + tokens]
        }
      }
      let pairs = min(texts[0].count, texts[1].count, budget.pairs)
      guard tokens > 1, pairs > 1 else { return nil }
      (self.tokens, self.pairs) = (tokens, pairs)
      let documents = (0..<pairs).flatMap { pair in
        Self.order.map { from, to in
          study.beginning + texts[from][pair] + texts[to][from == to ? (pair + 1) % pairs : pair]
        }
      }
      pass = Pass(DocumentSet(documents, front: front), reading: [.activation(settled.neuron)])
    }
  }

  /// Reads the neuron on the documents; nil where none can be made.
  ///
  /// - Complexity: `pairs` documents of each kind run to the studied layer.
  init?(
    _ evidence: Evidence, budget: PositionResponse.Budget, side: PositionResponse.Side,
    bootstrap: Bootstrap
  ) throws {
    guard let made = Made(evidence.settled, budget: budget) else { return nil }
    let activations = try evidence.outcome(of: made.pass).tokens(.activation(evidence.neuron))
    let names = [evidence.study.file.target, CorpusReference.other.description]
    tokens = made.tokens
    samples = ClassPair(target: made.samples[0].size, other: made.samples[1].size)
    runs = Made.order.enumerated().map { place, ends in
      let documents = (0..<made.pairs).map { pair in
        activations[pair * Made.order.count + place].dropFirst(evidence.study.front)
          .map(Double.init)
      }
      let after = documents.map { Array($0.dropFirst(made.tokens)) }
      return Switch(
        from: names[ends.from], to: names[ends.to], documents: made.pairs,
        activation: PositionResponse.Curve(documents, bootstrap: bootstrap),
        passage: PositionResponse.Crossing(after) { side.holds($0) == (ends.to == 0) })
    }
  }
}
