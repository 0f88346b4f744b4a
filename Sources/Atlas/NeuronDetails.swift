import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile

/// What pages show of single neurons: tokens that they promote, read and fire on, histograms, passages.
package struct NeuronDetails: Sendable {
  private let computation: AtlasComputation
  private let totals: ScanTotals
  private let statistics: AtlasStatistics
  private let sides: AtlasSides
  private let documents: [AtlasDocument]
  /// Token texts in the order in which they were first met.
  private(set) var texts: [String] = []
  private var places: [String: Int] = [:]

  /// The tokens that are named of a neuron without a page, and of one with a page.
  private static let few = 5
  private static let many = 12
  /// The most characters of a token; a vocabulary may hold long runs of one character.
  private static let characters = 64

  init(
    _ computation: AtlasComputation, _ totals: ScanTotals, _ statistics: AtlasStatistics,
    _ sides: AtlasSides
  ) {
    self.computation = computation
    self.totals = totals
    self.statistics = statistics
    self.sides = sides
    documents = computation.atlas.documents
  }

  private var shape: Architecture { computation.shape }
  private var atlas: ResolvedAtlas { computation.atlas }
  private var workers: Int { computation.engine.workers }
  private var vocabulary: Int { atlas.model.found.tokenizer.vocabularySize }

  private func address(_ place: Int) -> (layer: Int, neuron: Int) {
    (place / shape.dMLP, place % shape.dMLP)
  }

  private func text(_ id: Int) -> String {
    Self.cut(atlas.model.found.tokenizer.string(of: Int32(id)))
  }

  private static func cut(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(characters)))
  }

  private mutating func index(_ text: String) -> Int {
    if let known = places[text] { return known }
    places[text] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  /// The tokens that each neuron of the model promotes most, and those on which it fires strongest, as
  /// indices into `texts`. In a model whose products would take too long only the neurons with a page
  /// have promoted tokens.
  mutating func tokens(
    _ pages: [Int]
  ) -> (promoted: [[Int]], fires: [[Int]], texts: [String], areAll: Bool) {
    let neurons = totals.neurons
    let areAll =
      AtlasComputation.tokenOperations(atlas.model) <= AtlasComputation.mostTokenOperations
    var promoted = Array(repeating: [Int](), count: neurons)
    // Layer by layer, so that no more than one layer's directions are held.
    let groups =
      areAll
      ? (0..<shape.layers).map { Array($0 * shape.dMLP..<($0 + 1) * shape.dMLP) } : [pages]
    for group in groups where !group.isEmpty {
      let tops = TokenTops(
        computation.model.outputDirections(of: group.map(address)), computation.model.unembedding,
        vocabulary: vocabulary, count: Self.few, workers: workers)
      for (neuron, best) in zip(group, tops.best) {
        promoted[neuron] = best.map { index(text($0.token)) }
      }
    }
    let fires = (0..<neurons).map { neuron in
      var found: [Int] = []
      for entry in totals.strongest.of(neuron) where entry.value > 0 && found.count < Self.few {
        let token = index(text(Int(documents[entry.document].ids[entry.position])))
        if !found.contains(token) { found.append(token) }
      }
      return found
    }
    return (promoted, fires, texts, areAll)
  }

  /// The details of the neurons with a page.
  ///
  /// - Throws: `Diagnostic`.
  func details(
    _ pages: [(place: Int, labels: [Int], isNamed: Bool)]
  ) throws -> [NeuronDetail] {
    let addresses = pages.map { address($0.place) }
    let model = computation.model
    let outputs = model.outputDirections(of: addresses)
    func tops(
      _ directions: Matrix, _ rows: VocabularyMatrix, sign: Float = 1, isCosine: Bool = false
    ) -> [[TokenScore]] {
      TokenTops(
        directions, rows, vocabulary: vocabulary, count: Self.many, sign: sign,
        isCosine: isCosine, workers: workers
      ).best.map { entries in
        entries.map {
          TokenScore(
            token: text($0.token), score: RoundedNumber.significant(Double($0.score), 3))
        }
      }
    }
    let promotes = tops(outputs, model.unembedding)
    let suppresses = tops(outputs, model.unembedding, sign: -1)
    let reads = tops(model.readingDirections(of: addresses), model.embedding, isCosine: true)
    let passages = try passages(pages.map { ($0.place, primary($0)) })
    return pages.enumerated().map { index, page in
      let histogram = histogram(page.place)
      return NeuronDetail(
        place: page.place, labels: page.labels, isNamed: page.isNamed, shownFor: primary(page),
        cut: RoundedNumber.significant(passages[index].cut, 4), firstBin: histogram.first,
        histograms: histogram.counts, promotes: promotes[index], suppresses: suppresses[index],
        reads: reads[index], passages: passages[index].passages)
    }
  }

  /// The label that a page's passages are about: the one the neuron is shown for, or else the one in
  /// whose order it stands first.
  private func primary(_ page: (place: Int, labels: [Int], isNamed: Bool)) -> Int {
    page.labels.first
      ?? statistics.labels.indices.min {
        (statistics.labels[$0].rank[page.place], $0) < (statistics.labels[$1].rank[page.place], $1)
      } ?? 0
  }

  /// The counts of a neuron's activations by label, without the empty bins at both ends.
  private func histogram(_ place: Int) -> (first: Int, counts: [[Int]]) {
    let bins = ActivationBins.count
    let counts = atlas.labels.indices.map { label in
      (0..<bins).map { bin in
        (0..<2).reduce(0) { $0 + Int(totals.counts[2 * label + $1][place * bins + bin]) }
      }
    }
    let filled = (0..<bins).filter { bin in counts.contains { $0[bin] > 0 } }
    guard let first = filled.first, let last = filled.last else {
      return (0, counts.map { _ in [] })
    }
    return (first, counts.map { Array($0[first...last]) })
  }

  /// Which documents each neuron shows, and what for.
  private func choices(_ neurons: [(place: Int, label: Int)]) -> [PassageChoice] {
    let file = atlas.file
    return neurons.map { place, label in
      PassageChoice(
        label: label, means: documents.indices.map { totals.means[$0, place] },
        strongest: totals.strongest.of(place), sides, count: file.pages.passages,
        seed: UInt32(truncatingIfNeeded: file.seed &+ place))
    }
  }

  /// The documents that the neurons with a page show; each runs once, for all neurons that show it.
  func shown(_ pages: [(place: Int, labels: [Int], isNamed: Bool)]) -> [AtlasSelection.Shown] {
    Self.shown(choices(pages.map { ($0.place, primary($0)) }), pages.map(\.place))
  }

  private static func shown(
    _ choices: [PassageChoice], _ places: [Int]
  ) -> [AtlasSelection.Shown] {
    var wanted: [Int: [Int]] = [:]
    for (place, choice) in zip(places, choices) {
      for row in Set(choice.choices.map(\.row)) { wanted[row, default: []].append(place) }
    }
    return wanted.keys.sorted().map { .init(row: $0, places: wanted[$0] ?? []) }
  }

  private func passages(
    _ neurons: [(place: Int, label: Int)]
  ) throws -> [(cut: Double, passages: [AtlasPassage])] {
    let choices = choices(neurons)
    let shown = Self.shown(choices, neurons.map(\.place))
    let read = try computation.results.activations(
      AtlasSelection.readings(shown, atlas), front: atlas.model.beginning.count)
    var columns: [Int: [Int: [Float]]] = [:]
    for (shown, found) in zip(shown, read) {
      for (place, column) in zip(shown.places, found) {
        columns[place, default: [:]][shown.row] = column
      }
    }
    return choices.enumerated().map { index, choice in
      let place = neurons[index].place
      return (
        choice.cut,
        choice.choices.map { chosen in
          passage(chosen, place, columns[place]?[chosen.row] ?? [])
        }
      )
    }
  }

  private func passage(
    _ choice: PassageChoice.Choice, _ place: Int, _ activations: [Float]
  ) -> AtlasPassage {
    let document = documents[choice.row]
    let front = atlas.model.beginning.count
    let strongest = topIndices(by: Array(activations.dropFirst(front)), count: 1).first ?? 0
    let window = Self.window(
      around: choice.position ?? strongest + front, length: atlas.file.pages.window, front: front,
      end: document.ids.count)
    // The text is decoded from the document's beginning, so that every character is whole.
    let tokens = atlas.model.found.tokenizer.texts(
      of: Array(document.ids[front..<window.upperBound]))
    return AtlasPassage(
      kind: choice.kind, label: document.label, document: document.index,
      confirms: document.confirms, share: choice.share,
      mean: RoundedNumber.significant(Double(totals.means[choice.row, place]), 3),
      tokens: tokens.suffix(window.count).map(Self.cut),
      values: window.map { RoundedNumber.significant(Double(activations[$0]), 3) })
  }

  /// About `length` tokens around a position, more before it than after, without BOS.
  package static func window(around position: Int, length: Int, front: Int, end: Int) -> Range<Int>
  {
    let last = min(end, max(front, position - length * 3 / 5) + length)
    return max(front, last - length)..<last
  }
}
