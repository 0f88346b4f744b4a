import Passes
import StudyFile

/// A document with the studied neuron's activations.
package struct Reading: Sendable {
  /// The name of its corpus; below, its index there.
  package let corpus: String
  package let index: Int
  /// The token ids, BOS first where there is one.
  package let ids: [Int32]
  /// The neuron's activation at each token.
  package let activations: ArraySlice<Float>
  /// The change of the next token's loss without the neuron at each token but the last, in nats.
  package let lossChange: [Float]?
  /// The number of tokens at its beginning that are not text: 1 for BOS, or 0.
  package let front: Int
  /// The neuron's hook_pre at each token, where it was read. Near the minimum of GELU, activations
  /// do not tell which token excites the neuron least.
  package var preActivations: ArraySlice<Float>?

  package init(
    corpus: String, index: Int, ids: [Int32], activations: ArraySlice<Float>,
    lossChange: [Float]? = nil, front: Int = 1, preActivations: ArraySlice<Float>? = nil
  ) {
    precondition(
      activations.count == ids.count, "\(activations.count) activations of \(ids.count) tokens")
    self.corpus = corpus
    self.index = index
    self.ids = ids
    self.activations = activations
    self.lossChange = lossChange
    self.front = front
    self.preActivations = preActivations
  }

  /// The activation at a position; BOS is at 0.
  package func activation(_ position: Int) -> Float {
    activations[activations.startIndex + position]
  }

  /// The position after BOS with the highest activation, the first of equals.
  package func peak() -> Int? { peak { activation($0) } }

  /// The position after BOS with the highest `score`, the first of equals; nil if none has a score.
  package func peak(by score: (_ position: Int) -> Float?) -> Int? {
    var best: (position: Int, score: Float)?
    for position in front..<max(front, ids.count) {
      guard let own = score(position) else { continue }
      if best.map({ own > $0.score }) ?? true { best = (position, own) }
    }
    return best?.position
  }

  /// A range of about `length` tokens around a position, more before it than after, without BOS.
  package func window(around position: Int, length: Int) -> Range<Int> {
    let end = min(ids.count, max(front, position - length * 3 / 5) + length)
    return max(front, end - length)..<end
  }
}

extension Evidence {
  /// The readings of a class's documents that took no part in choosing the neuron, or of all if
  /// fewer than two are left. The needs must include the neuron's activations on the class, and its
  /// losses if `losses` is true.
  func readings(of corpus: CorpusReference, losses: Bool) -> [Reading] {
    let documents = study.documents(of: corpus).documents
    let activation = column(.activation(study.file.studied), of: corpus)
    let loss = losses ? Run.allCases.map { column(.loss($0), of: corpus) } : []
    return study.measuringPlaces(of: corpus).map { index in
      let document = documents[index]
      let targets = document.ids.count - 1
      return Reading(
        corpus: document.corpus, index: document.index, ids: document.ids,
        activations: activation[index].prefix(document.ids.count),
        lossChange: loss.count < 2
          ? nil : zip(loss[0][index].prefix(targets), loss[1][index]).map { $1 - $0 },
        front: study.front)
    }
  }
}
