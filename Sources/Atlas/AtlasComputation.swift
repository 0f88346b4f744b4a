import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import Storage
import StudyFile

/// Runs an atlas: one scan of all documents, the statistics of all neurons and labels, then what the
/// scan has chosen: passages, sets of neurons, earlier states of the model.
package struct AtlasComputation: Sendable {
  package let atlas: ResolvedAtlas
  /// Told of what begins, in a word.
  package typealias Phase = @Sendable (_ name: String) -> Void
  package typealias Progress = @Sendable (_ done: OperationCount, _ rows: Int) -> Void

  let engine: Engine
  package let results: any AtlasResults
  private let phase: Phase

  /// The number of tokens over which neurons are correlated.
  static let correlated = 1024
  /// The most neurons that are correlated with one another; a product of all pairs of more would take
  /// longer than the model.
  static let mostCorrelated = 1 << 16
  /// The most operations of the products that find the tokens of all neurons; beyond, only neurons
  /// with a page have theirs.
  static let mostTokenOperations = 2e12
  /// The operations of those products.
  static func tokenOperations(_ model: ResolvedModel) -> Double {
    let shape = model.architecture
    return 2 * Double(shape.layers * shape.dMLP) * Double(model.found.tokenizer.vocabularySize)
      * Double(shape.dModel)
  }
  /// The |r| from which on two neurons say the same.
  package static let duplicate = 0.9

  /// - Parameters:
  ///   - engine: runs the model for what is not among the results
  ///   - results: the results that take long
  package init(
    _ atlas: ResolvedAtlas, by engine: Engine, results: any AtlasResults,
    phase: @escaping Phase = { _ in }
  ) {
    (self.atlas, self.engine, self.results, self.phase) = (atlas, engine, results, phase)
  }

  var file: AtlasFile { atlas.file }
  var model: Transformer { engine.model }
  var shape: Architecture { engine.model.architecture }

  /// The scan of all documents.
  package static func scan(_ atlas: ResolvedAtlas, correlated: Int = correlated) -> BlockScan {
    var row = -1
    return BlockScan(
      atlas.labels.map { documents in
        documents.map { document in
          row += 1
          return BlockScan.Document(document.ids, part: document.confirms ? 1 : 0, row: row)
        }
      }, front: atlas.model.beginning.count, samples: correlated)
  }

  /// Everything that the atlas finds, but for earlier states of the model.
  ///
  /// - Throws: `Diagnostic`.
  package func findings() throws -> AtlasFindings {
    phase("scanning")
    let scan = Self.scan(atlas)
    let totals = try results.totals(of: scan)
    phase("testing")
    let sides = AtlasSides(atlas.documents, labels: atlas.labels.count)
    let statistics = try statistics(totals, sides)
    let firing = FiringShares(totals, atlas)
    let clusters = clusters(totals.samples)
    phase("reading neurons")
    let pages = Self.pages(statistics, file, shape)
    var details = NeuronDetails(self, totals, statistics, sides)
    let tokens = details.tokens(pages.map(\.place))
    let detailed = try details.details(pages)
    phase("ablating sets")
    let sets = try setStudy(statistics, firing, totals.means).map {
      $0.effects(try results.losses($0), workers: engine.workers)
    }
    phase("filling the columns")
    return assemble(
      totals, statistics, firing, clusters: clusters, tokens: tokens, pages: detailed, sets: sets)
  }

  func statistics(_ totals: ScanTotals, _ sides: AtlasSides) throws -> AtlasStatistics {
    try results.statistics {
      AtlasStatistics(
        totals.means, sides,
        sides.permutations(file.permutations, seed: UInt32(clamping: file.seed)),
        grades: file.grades, tile: shape.dMLP, workers: engine.workers)
    }
  }

  /// What a scan and its statistics choose for later runs of the model.
  ///
  /// - Parameters:
  ///   - rankings: the sets' rankings
  ///   - hasPages: whether neurons get pages, with passages
  package func selection(
    _ totals: ScanTotals, rankings: [SetEffects.Ranking], hasPages: Bool
  ) throws -> AtlasSelection {
    let sides = AtlasSides(atlas.documents, labels: atlas.labels.count)
    let statistics = try statistics(totals, sides)
    let pages = hasPages ? Self.pages(statistics, file, shape) : []
    return AtlasSelection(
      sets: setStudy(
        statistics, FiringShares(totals, atlas), totals.means, rankings: rankings)?.sets ?? [],
      shown: NeuronDetails(self, totals, statistics, sides).shown(pages))
  }

  /// The neurons with a page: each label's best among those with a grade, and those that are named.
  static func pages(
    _ statistics: AtlasStatistics, _ file: AtlasFile, _ shape: Architecture
  ) -> [(place: Int, labels: [Int], isNamed: Bool)] {
    var labels: [Int: [Int]] = [:]
    for (label, columns) in statistics.labels.enumerated() {
      let graded = columns.order.filter { columns.grades[$0] != .none }
      for place in graded.prefix(file.pages.neurons) { labels[place, default: []].append(label) }
    }
    let named = Set(
      file.pages.named.compactMap { NeuronAddress($0) }.map { $0.layer * shape.dMLP + $0.neuron })
    return Set(labels.keys).union(named).sorted().map { place in
      // The label that the neuron is best of comes first.
      let own = (labels[place] ?? []).sorted {
        (statistics.labels[$0].rank[place], $0) < (statistics.labels[$1].rank[place], $1)
      }
      return (place, own, named.contains(place))
    }
  }

  private func clusters(_ samples: Matrix) -> [NeuronCluster]? {
    guard samples.columns <= Self.mostCorrelated else { return nil }
    let columns = Matrix(
      rows: samples.columns, columns: samples.rows,
      elements: (0..<samples.columns).flatMap(samples.column))
    return CorrelationClusters(columns, limit: Self.duplicate, workers: engine.workers).clusters
      .map { NeuronCluster(members: $0.members, r: RoundedNumber.fixed($0.r, 3)) }
  }

  /// The sets by all rankings; nil where the file leaves them out.
  func setStudy(
    _ statistics: AtlasStatistics, _ firing: FiringShares, _ means: Matrix,
    rankings: [SetEffects.Ranking] = SetEffects.Ranking.allCases
  ) -> SetStudy? {
    guard let settings = file.sets else { return nil }
    let documents = atlas.documents
    let counted = documents.map { Double($0.ids.count - atlas.model.beginning.count) }
    return SetStudy(
      settings, atlas,
      orders: [
        .auc: statistics.labels.map(\.order),
        .lape: atlas.labels.indices.map(firing.order),
      ], firing: firing.all, rankings: rankings
    ) { label, neuron in
      // The neuron's mean over the tokens of the other labels' discovery documents.
      var (sum, tokens) = (0.0, 0.0)
      for (row, document) in documents.enumerated()
      where !document.confirms && document.label != label {
        sum += Double(means.elements[row * means.columns + neuron]) * counted[row]
        tokens += counted[row]
      }
      return Float(sum / max(1, tokens))
    }
  }
}
