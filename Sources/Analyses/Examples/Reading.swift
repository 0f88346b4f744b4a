import Passes
import StudyFile

/// A document as the studied neuron reads it.
package struct Reading: Sendable {
  /// The name of its corpus, and its place there.
  package let corpus: String
  package let index: Int
  /// BOS first.
  package let ids: [Int32]
  /// The neuron at each token.
  package let activations: ArraySlice<Float>
  /// How much more the token after each one costs without the neuron, in nats; one fewer than there
  /// are tokens.
  package let lossChange: [Float]?
  /// Tokens at its beginning that are no text: BOS, or none.
  package let front: Int
  /// hook_pre of the neuron at each token, where it was read: activations near the least
  /// of GELU do not tell which token excites it least.
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

  /// The position after BOS where the activation is highest, the first of equals.
  package func peak() -> Int? { peak { activation($0) } }

  /// The position after BOS where `score` is highest, the first of equals; nil where there is none,
  /// or none has a score.
  package func peak(by score: (_ position: Int) -> Float?) -> Int? {
    var best: (position: Int, score: Float)?
    for position in front..<max(front, ids.count) {
      guard let own = score(position) else { continue }
      if best.map({ own > $0.score }) ?? true { best = (position, own) }
    }
    return best?.position
  }

  /// About `length` tokens around a position, more before it than after; BOS is left out.
  package func window(around position: Int, length: Int) -> Range<Int> {
    let end = min(ids.count, max(front, position - length * 3 / 5) + length)
    return max(front, end - length)..<end
  }
}

extension Evidence {
  /// The documents of a class that took no part in choosing the neuron, or all where fewer than two
  /// are left, read by the studied neuron; its activations there, and the losses if asked for, must
  /// be among the needs.
  func readings(of corpus: CorpusReference, losses: Bool) -> [Reading] {
    let documents = study.documents(of: corpus).documents
    let activation = column(.activation(study.file.neuron), of: corpus)
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
