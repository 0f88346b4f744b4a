import Corpora
import Statistics
import StudyFile

// A study's documents in two parts: those that choose the neuron, and those it is measured on.
extension ResolvedStudy {
  /// Whether the choosing documents are drawn at random or set apart by an atlas; otherwise they are
  /// the notebook's probe documents.
  package var drawsChoosing: Bool {
    file.neuron == .best || file.subject == .set || setApart != nil
  }

  /// The documents of a class that choose the neuron.
  ///
  /// For `neuron: best` and a set, whose reading is fitted on them, they are drawn: the first documents
  /// of each corpus in a random order, cut to a window, taken from the other class's corpora in turn,
  /// equally many for both classes. Where the study repeats an atlas's rule, they are drawn from those
  /// that chose there.
  /// Otherwise they are the probe documents.
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

  /// What there is of a class or corpus to measure the neuron on.
  package struct MeasuringPart: Sendable {
    /// The documents that took no part in choosing the neuron, uncut, in random order, taken from the
    /// other class's corpora in turn; all documents if fewer than two are left.
    package let documents: [TokenizedDocument]
    /// The number of documents that there are.
    package let available: Int
    /// Whether the documents took no part in choosing the neuron.
    package let isNew: Bool
    /// How many documents either class has to measure: no class or corpus is measured on more, so
    /// that what is held against each other are equal numbers.
    package let ofEither: Int
    fileprivate let choosers: Set<[Int32]>

    /// How many of some documents chose the neuron.
    func choosers(among documents: some Sequence<TokenizedDocument>) -> Int {
      documents.count { choosers.contains($0.ids) }
    }
  }

  package func measuringDocuments(of reference: CorpusReference) -> MeasuringPart {
    let choosers = choosers
    let ordered = corpora(of: reference).map { drawn($0) }
    let all = Self.inTurn(ordered)
    let fresh = Self.inTurn(ordered.map { $0.filter { !choosers.contains($0.ids) } })
    return MeasuringPart(
      documents: fresh.count < 2 ? all : fresh, available: all.count, isNew: fresh.count >= 2,
      ofEither: Self.classes.map { measured(of: $0, choosers) }.min() ?? 0, choosers: choosers)
  }

  /// The number of a class's documents that can be measured.
  private func measured(of reference: CorpusReference, _ choosers: Set<[Int32]>) -> Int {
    let all = corpora(of: reference).flatMap(candidates)
    let fresh = all.count { !choosers.contains($0.ids) }
    return fresh < 2 ? all.count : fresh
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
    let parts = Self.classes.flatMap(corpora)
    if let setApart {
      // What nearly repeats a document that chose is not new text either.
      return Set(parts.flatMap { candidates($0).filter(setApart.holds).map(\.ids) })
    }
    return Set(parts.flatMap { choosingPart($0).map(\.ids) })
  }

  /// The corpora that make up the other class, or the single corpus or target that is named.
  private func corpora(of reference: CorpusReference) -> [CorpusReference] {
    reference == .other ? file.other.map(CorpusReference.named) : [reference]
  }

  /// The documents of a corpus that are set apart for choosing.
  private func choosingPart(_ reference: CorpusReference) -> [TokenizedDocument] {
    let order = drawn(reference)
    if let setApart { return order.filter(setApart.chose) }
    return Array(order.prefix(Int(Double(order.count) * file.choosingOrStandard.share)))
  }

  /// The corpus's documents that have a token after BOS.
  private func candidates(_ reference: CorpusReference) -> [TokenizedDocument] {
    documents(of: reference).documents.filter { $0.ids.count > 1 }
  }

  /// The candidates in random order.
  ///
  /// In NumPy: `RandomState(seed).permutation(len(documents))`.
  private func drawn(_ reference: CorpusReference) -> [TokenizedDocument] {
    let documents = candidates(reference)
    var generator = MersenneTwister(seed: UInt32(clamping: file.choosingOrStandard.seed))
    return generator.permutation(Int32(clamping: documents.count)).map { documents[Int($0)] }
  }

  /// The first of each list, then the second of each; a list that has ended is skipped.
  private static func inTurn(_ lists: [[TokenizedDocument]]) -> [TokenizedDocument] {
    (0..<(lists.map(\.count).max() ?? 0)).flatMap { row in
      lists.compactMap { row < $0.count ? $0[row] : nil }
    }
  }

  /// The study with its neuron, and with it its layer, decided.
  package func settled(_ choice: NeuronChoice) -> ResolvedStudy {
    var study = self
    study.layer = choice.layer
    study.neuronChoice = choice
    return study
  }
}
