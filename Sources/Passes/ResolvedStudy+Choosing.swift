import Corpora
import Statistics
import StudyFile

// The two parts of a study's documents: those that choose the neuron, and those that are measured.
extension ResolvedStudy {
  /// Whether choosing documents are drawn, rather than being the notebook's probe documents.
  package var drawsChoosing: Bool { file.neuron == .best }

  /// The documents that choose the neuron, of a class.
  ///
  /// For `neuron: best` they are drawn: of each corpus the first in a random order, cut to a window,
  /// corpora of the other class in turn, as many of either class. Otherwise the probe documents.
  package func choosingDocuments(of reference: CorpusReference) -> TokenizedClass {
    guard drawsChoosing else { return probeDocuments(of: reference) }
    let settings = file.choosingOrStandard
    let parts = Self.classes.map { side in
      Self.inTurn(corpora(of: side).map(choosingPart))
    }
    let count = min(settings.documents, parts[0].count, parts[1].count)
    let chosen = (reference == .target ? parts[0] : parts[1]).prefix(count)
    return TokenizedClass(
      reference: reference, name: documents(of: reference).name,
      documents: chosen.map { $0.cut(to: settings.window, front: front) }, front: front)
  }

  /// Documents of a class or corpus that took no part in choosing the neuron, in random order,
  /// corpora of the other class in turn; whole. All documents where fewer than two are left.
  package func measuringDocuments(
    of reference: CorpusReference
  ) -> (documents: [TokenizedDocument], available: Int, isNew: Bool) {
    measuringDocuments(of: reference, choosers)
  }

  private func measuringDocuments(
    of reference: CorpusReference, _ choosers: Set<[Int32]>
  ) -> (documents: [TokenizedDocument], available: Int, isNew: Bool) {
    let ordered = corpora(of: reference).map { drawn($0) }
    let all = Self.inTurn(ordered)
    let fresh = Self.inTurn(ordered.map { $0.filter { !choosers.contains($0.ids) } })
    return fresh.count < 2 ? (all, all.count, false) : (fresh, all.count, true)
  }

  /// How many documents either class has to measure: no class or corpus is measured on more, so
  /// that what is held against each other are equal numbers.
  package var measuredOfEither: Int {
    let choosers = choosers
    return Self.classes.map { measuringDocuments(of: $0, choosers).documents.count }.min() ?? 0
  }

  /// The places among a class's documents of those that are measured whole: of those that took no
  /// part in choosing the neuron, or of all where fewer than two are left, as many of one class as
  /// of the other, drawn as `measuringDocuments` draws them.
  package func measuringPlaces(of reference: CorpusReference) -> [Int] {
    let choosers = choosers
    let count = Self.classes.map { freshPlaces(of: $0, choosers).count }.min() ?? 0
    let places = freshPlaces(of: reference, choosers)
    guard count < places.count else { return places }
    let documents = documents(of: reference).documents
    var order: [DocumentPlace: Int] = [:]
    for (rank, document) in Self.inTurn(corpora(of: reference).map { drawn($0) }).enumerated() {
      order[DocumentPlace(document)] = rank
    }
    func rank(_ place: Int) -> Int { order[DocumentPlace(documents[place])] ?? .max }
    return places.sorted { rank($0) < rank($1) }.prefix(count).sorted()
  }

  private func freshPlaces(of reference: CorpusReference, _ choosers: Set<[Int32]>) -> [Int] {
    let documents = documents(of: reference).documents
    let fresh = documents.indices.filter { !choosers.contains(documents[$0].ids) }
    return fresh.count < 2 ? Array(documents.indices) : fresh
  }

  private static let classes = [CorpusReference.target, .other]

  /// By their tokens, since a corpus may repeat another's documents.
  private var choosers: Set<[Int32]> {
    guard drawsChoosing else {
      return Set(Self.classes.flatMap { probeDocuments(of: $0).documents.map(\.ids) })
    }
    return Set(Self.classes.flatMap(corpora).flatMap { choosingPart($0).map(\.ids) })
  }

  /// The corpora of a class, or the one that is named.
  private func corpora(of reference: CorpusReference) -> [CorpusReference] {
    reference == .other ? file.other.map(CorpusReference.named) : [reference]
  }

  /// The share of a corpus that is set apart for choosing.
  private func choosingPart(_ reference: CorpusReference) -> [TokenizedDocument] {
    let order = drawn(reference)
    return Array(order.prefix(Int(Double(order.count) * file.choosingOrStandard.share)))
  }

  /// A corpus's documents that have a token, in random order.
  ///
  /// In NumPy: `RandomState(seed).permutation(len(documents))`.
  private func drawn(_ reference: CorpusReference) -> [TokenizedDocument] {
    let documents = documents(of: reference).documents.filter { $0.ids.count > 1 }
    var generator = MersenneTwister(seed: UInt32(clamping: file.choosingOrStandard.seed))
    return generator.permutation(Int32(clamping: documents.count)).map { documents[Int($0)] }
  }

  /// The first of each list, then the second of each; a list that runs out drops out.
  private static func inTurn(_ lists: [[TokenizedDocument]]) -> [TokenizedDocument] {
    (0..<(lists.map(\.count).max() ?? 0)).flatMap { row in
      lists.compactMap { row < $0.count ? $0[row] : nil }
    }
  }

  /// The study with its neuron settled, and with it its layer.
  package func settled(_ choice: NeuronChoice) -> ResolvedStudy {
    var study = self
    study.layer = choice.layer
    study.neuronChoice = choice
    return study
  }
}
