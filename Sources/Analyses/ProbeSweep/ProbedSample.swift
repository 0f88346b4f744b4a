import Passes

/// The documents of both classes that neurons are judged on: the target's first, then as many of
/// the other class.
struct ProbedSample: Sendable {
  let documents: DocumentSet
  let isTarget: [Bool]
  /// Whether none of the documents took part in choosing the neuron.
  let isNew: Bool

  /// - Parameter samples: the target's sample and the other class's
  init(_ samples: [DocumentSample]) {
    let documents = samples.map { sample in
      sample.documents.map(\.ids).filter { $0.count > sample.front }
    }
    let count = documents.map(\.count).min() ?? 0
    self.documents = DocumentSet(
      parts: documents.map { Array($0.prefix(count)) }, front: samples.first?.front ?? 1)
    isTarget = samples.indices.flatMap { Array(repeating: $0 == 0, count: count) }
    isNew = !samples.contains(where: \.size.holdsSelection)
  }

  /// - Parameter documents: the token ids of the documents, by class
  init(_ documents: [[[Int32]]], front: Int) {
    self.documents = DocumentSet(parts: documents, front: front)
    isTarget = documents.enumerated().flatMap { Array(repeating: $0 == 0, count: $1.count) }
    isNew = false
  }

  /// The number of counted tokens of each document.
  var lengths: [Int] { documents.documents.map { $0.count - documents.front } }

  func size(_ side: Bool) -> ProbeSweep.Result.Size {
    let own = zip(lengths, isTarget).filter { $0.1 == side }.map(\.0)
    return ProbeSweep.Result.Size(documents: own.count, tokens: own.reduce(0, +))
  }
}
