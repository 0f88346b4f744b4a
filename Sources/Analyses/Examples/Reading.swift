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

  package init(
    corpus: String, index: Int, ids: [Int32], activations: ArraySlice<Float>,
    lossChange: [Float]? = nil, front: Int = 1
  ) {
    precondition(
      activations.count == ids.count, "\(activations.count) activations of \(ids.count) tokens")
    self.corpus = corpus
    self.index = index
    self.ids = ids
    self.activations = activations
    self.lossChange = lossChange
    self.front = front
  }

  /// The activation at a position; BOS is at 0.
  package func activation(_ position: Int) -> Float {
    activations[activations.startIndex + position]
  }

  /// The position after BOS where `score` is highest, the first of equals; nil where there is none.
  package func peak(by score: (Float) -> Float = { $0 }) -> Int? {
    (front..<max(front, ids.count)).max {
      let (left, right) = (score(activation($0)), score(activation($1)))
      return left == right ? $0 > $1 : left < right
    }
  }

  /// About `length` tokens around a position, more before it than after; BOS is left out.
  package func window(around position: Int, length: Int) -> Range<Int> {
    let end = min(ids.count, max(front, position - length * 3 / 5) + length)
    return max(front, end - length)..<end
  }
}

extension Evidence {
  /// The documents of a class, read by the studied neuron; its activations there, and the losses
  /// if asked for, must be among the needs.
  func readings(of corpus: CorpusReference, losses: Bool) -> [Reading] {
    let activation = column(.activation(study.file.neuron), of: corpus)
    let loss = losses ? Run.allCases.map { column(.loss($0), of: corpus) } : []
    return study.documents(of: corpus).documents.enumerated().map { index, document in
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
