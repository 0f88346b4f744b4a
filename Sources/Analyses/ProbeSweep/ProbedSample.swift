import Corpora
import Passes

/// Documents of both classes that neurons are judged on or chosen by, the target's first and as
/// many of the other class.
struct ProbedSample: Sendable {
  let texts: [TokenizedDocument]
  let documents: DocumentSet
  let isTarget: [Bool]
  /// Whether none of the documents took part in choosing the neuron.
  let isNew: Bool

  /// - Parameter samples: the target's sample and the other class's
  init(_ samples: [DocumentSample]) {
    self.init(
      samples.map(\.documents), front: samples.first?.front ?? 1,
      isNew: !samples.contains(where: \.size.holdsSelection))
  }

  /// - Parameter documents: by class; those without a token are left out
  init(_ documents: [[TokenizedDocument]], front: Int, isNew: Bool = false) {
    let classes = documents.map { $0.filter { $0.ids.count > front } }
    let count = classes.map(\.count).min() ?? 0
    let parts = classes.map { Array($0.prefix(count)) }
    texts = parts.flatMap(\.self)
    self.documents = DocumentSet(parts: parts.map { $0.map(\.ids) }, front: front)
    isTarget = parts.indices.flatMap { Array(repeating: $0 == 0, count: count) }
    self.isNew = isNew
  }

  /// Documents of either class.
  var ofEither: Int { texts.count / 2 }

  /// Tokens of each document that count.
  var lengths: [Int] { documents.documents.map { $0.count - documents.front } }

  func size(_ side: Bool) -> ProbeSweep.Result.Size {
    let own = zip(lengths, isTarget).filter { $0.1 == side }.map(\.0)
    return ProbeSweep.Result.Size(documents: own.count, tokens: own.reduce(0, +))
  }
}
