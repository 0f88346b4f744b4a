import Corpora
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// The neuron on documents whose language changes half-way: BOS, the first tokens of one document,
/// then the first of another. Beside both changes between target and other class stand documents
/// that change without changing class, since a new beginning alone may move the neuron.
package struct LanguageSwitches: Codable, Sendable, Equatable {
  /// Tokens before the switch, and as many after it.
  package var tokens: Int
  package var samples: ClassPair<DocumentSample.Size>
  /// Target then other, other then target, target then target, other then other.
  package var runs: [Run]

  package struct Run: Codable, Sendable, Equatable {
    package var from: String
    package var to: String
    package var documents: Int
    /// After BOS: `tokens` positions before the switch, then as many after it.
    package var activation: PositionResponse.Curve
    /// How many tokens after the switch it takes until one is on the new class's side of the
    /// midpoint; absent where the class stays.
    package var passage: PositionResponse.Passage?
  }

  /// Nil where the classes have fewer than two pairs of documents, or hardly a token in common.
  ///
  /// - Complexity: `pairs` documents of each kind to the studied layer.
  init?(
    _ evidence: Evidence, budget: PositionResponse.Budget, side: PositionResponse.Side,
    bootstrap: Bootstrap
  ) throws {
    let study = evidence.study
    let samples = [CorpusReference.target, .other].map {
      DocumentSample(of: $0, in: study, tokens: budget.tokens)
    }
    let commons = samples.map { PositionResponse.common($0.documents.map { $0.ids.count - 1 }) }
    let tokens = ([budget.window, (study.architecture.context - 1) / 2] + commons).min() ?? 0
    let texts = samples.map { sample in
      sample.documents.map(\.ids).filter { $0.count > tokens }.map { $0[1...tokens] }
    }
    let pairs = min(texts[0].count, texts[1].count, budget.pairs)
    guard tokens > 1, pairs > 1 else { return nil }

    // Each pair's four documents make a pack. Where the class stays, the second document is the
    // next one of the class.
    let order: [(from: Int, to: Int)] = [(0, 1), (1, 0), (0, 0), (1, 1)]
    let bos = study.tokenizer.endOfText
    let packs = (0..<pairs).map { pair in
      Pack(
        order.map { from, to in
          [bos] + texts[from][pair] + texts[to][from == to ? (pair + 1) % pairs : pair]
        })
    }
    let collected = Mutex<[[[Double]]]>([])
    let (model, neuron) = (evidence.model, evidence.neuron)
    try ParallelLoop.ordered(
      pairs,
      scratch: {
        ForwardPass(model: model, rows: packs[0].rows, longest: 2 * tokens + 1)
      },
      compute: { index, forward in
        forward.embed(packs[index])
        for layer in 0..<neuron.layer { forward.run(layer: layer) }
        forward.runToPost(layer: neuron.layer)
        let column = forward.hidden.column(model.architecture.dModel + neuron.neuron)
        return packs[index].documents.map { rows in column[rows].dropFirst().map(Double.init) }
      },
      merge: { _, activations in collected.withLock { $0.append(activations) } })
    let activations = collected.withLock { $0 }
    let names = [study.file.target, CorpusReference.other.description]
    self.tokens = tokens
    self.samples = ClassPair(target: samples[0].size, other: samples[1].size)
    runs = order.enumerated().map { place, ends in
      let documents = activations.map { $0[place] }
      let after = documents.map { Array($0.dropFirst(tokens)) }
      return Run(
        from: names[ends.from], to: names[ends.to], documents: pairs,
        activation: PositionResponse.Curve(documents, bootstrap: bootstrap),
        passage: ends.from == ends.to
          ? nil
          : PositionResponse.Passage(after) { side.holds($0) == (ends.to == 0) })
    }
  }
}
