import LanguageModel
import LinearAlgebra
import Statistics
import Synchronization

/// A pass that reads every neuron of every layer over all tokens at once. All documents go through
/// one layer before any goes on to the next, so that thresholds, counts and ranks are exact.
package struct LayerScan: Sendable, Hashable {
  package let documents: DocumentSet
  /// The number of random directions that are read after each layer's neurons: combinations of its
  /// neurons with independent normal weights, the same in every layer.
  package let directions: Int
  package let seed: UInt32
  /// The layers whose hook_post and residual stream are kept for later passes.
  package let keeps: Set<Int>

  package init(
    _ documents: DocumentSet, directions: Int, seed: UInt32, keeping keeps: Set<Int>
  ) {
    self.documents = documents
    self.directions = directions
    self.seed = seed
    self.keeps = keeps
  }

  /// The readouts that the scan leaves for later passes.
  func readouts(in shape: Architecture) -> Set<Readout> {
    Set(keeps.flatMap { [Readout.post(layer: $0), .residual(layer: $0)] })
      .union([.residual(layer: shape.layers - 1)])
  }

  /// An upper bound on the bytes of what a reducer finds of a column.
  static let foundBytes = 1_000

  /// The bytes of the temporary file.
  func keptBytes(in shape: Architecture) -> Int {
    let columns = (keeps.count + 1) * (shape.dMLP + directions) + (keeps.count + 1) * shape.dModel
    return documents.rows * columns * MemoryLayout<Float>.stride
  }

  /// The weights of the random directions, `[directions, d_mlp]`.
  func weights(in shape: Architecture) -> Matrix {
    var normal = NormalDraws(seed: seed)
    return Matrix(
      rows: directions, columns: shape.dMLP,
      elements: (0..<directions * shape.dMLP).map { _ in Float(normal.next()) })
  }

  /// The operations of the scan's products; packs of equal tokens count once.
  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    for pack in documents.distinctPacks {
      count.addBlocks(0..<shape.layers, of: shape, documents: pack.lengths)
      count.addProjections(directions, layers: shape.layers, of: shape, rows: pack.rows)
    }
    return count
  }
}

/// A scan, and the reducer that judges its columns.
package struct ScanNeed: Sendable {
  package let scan: LayerScan
  package let reducer: any ColumnReducer

  package init(_ scan: LayerScan, _ reducer: any ColumnReducer) {
    (self.scan, self.reducer) = (scan, reducer)
  }
}

/// Judges columns of activations, one after the other.
package protocol ColumnReducer: Sendable {
  associatedtype Judged: Sendable

  /// A text of everything that the reducer's findings depend on besides the column, for cache keys.
  var content: String { get }

  /// Judges one neuron.
  ///
  /// - Parameter values: the neuron's activation at each counted token.
  func judge(_ values: [Float]) -> Judged

  /// The score of a random direction, given its value at each counted token.
  func score(direction values: [Float]) -> Double
}

/// What a scan finds in a layer.
package struct ScannedLayer<Judged: Sendable>: Sendable {
  /// The reducer's findings, by neuron.
  package fileprivate(set) var neurons: [Judged] = []
  /// The scores of the random directions.
  package fileprivate(set) var directions: [Double] = []
}

extension Engine {
  /// Scans documents. Equal scans with equal reducers run once.
  ///
  /// - Returns: for each layer, what the reducer found of each neuron and of each direction.
  /// - Throws: `Diagnostic`.
  package func scan<Reducer: ColumnReducer>(
    _ scan: LayerScan, _ reducer: Reducer,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) throws -> [ScannedLayer<Reducer.Judged>] {
    let key = ScanKey(scan: scan, reducer: reducer.content)
    if let known = remembered(key) as? [ScannedLayer<Reducer.Judged>] { return known }
    let shape = model.architecture
    var found: [ScannedLayer<Reducer.Judged>] = []
    let directions = scan.weights(in: shape)
    for layer in 0..<shape.layers {
      let activations = try run(layer, of: scan, directions, progress)
      found.append(try judge(activations, reducer))
    }
    book(scan.readouts(in: shape), of: scan.documents)
    remember(found, for: key)
    return found
  }

  /// Judges every column of a layer, tile by tile on all workers.
  private func judge<Reducer: ColumnReducer>(
    _ activations: LayerActivations, _ reducer: Reducer
  ) throws -> ScannedLayer<Reducer.Judged> {
    let found = Mutex(ScannedLayer<Reducer.Judged>())
    let (tiles, neurons) = (activations.tiles, model.architecture.dMLP)
    try ParallelLoop.ordered(
      tiles.count, workers: workers, scratch: {},
      compute: { tile, _ in
        var part = ScannedLayer<Reducer.Judged>()
        for (column, values) in zip(tiles[tile], try activations.values(tile: tile)) {
          if column < neurons {
            part.neurons.append(reducer.judge(values))
          } else {
            part.directions.append(reducer.score(direction: values))
          }
        }
        return part
      },
      merge: { _, part in
        found.withLock {
          $0.neurons += part.neurons
          $0.directions += part.directions
        }
      })
    return found.withLock { $0 }
  }

  /// Runs all documents through one layer, resuming from the streams that the layer before has
  /// kept.
  private func run(
    _ layer: Int, of scan: LayerScan, _ directions: Matrix,
    _ progress: @escaping @Sendable (OperationCount, Int) -> Void
  ) throws -> LayerActivations {
    let shape = model.architecture
    // Packs of the same tokens share their place in the file, and run once.
    let packs = scan.documents.distinctPacks
    let isKept = scan.keeps.contains(layer)
    try compute(
      Array(packs.indices), rows: packs.map(\.rows).max() ?? 0,
      longest: packs.flatMap(\.lengths).max() ?? 0, progress: progress, pack: { packs[$0] },
      body: { index, worker in
        try worker.scan(
          layer, of: packs[index], directions: directions,
          at: KeptStreams.Place(
            pack: packs[index], layer: layer, kind: isKept ? .post : .scanned),
          keepsBefore: scan.keeps.contains(layer - 1))
      })
    let places = scan.documents.packs.map {
      KeptStreams.Place(pack: $0, layer: layer, kind: isKept ? .post : .scanned)
    }
    return LayerActivations(streams, places, columns: shape.dMLP + scan.directions)
  }
}

extension PackWorker {
  /// Runs a pack through one layer and keeps its columns and its stream in the file.
  mutating func scan(
    _ layer: Int, of pack: DocumentPack, directions: Matrix, at place: KeptStreams.Place,
    keepsBefore: Bool
  ) throws {
    let before = stream(of: pack, after: layer - 1)
    if layer == 0 {
      forward.embed(Pack(pack.documents))
    } else {
      forward.resume(Pack(pack.documents))
      try streams.read(before, rows: pack.rows, into: &forward.residual)
    }
    forward.run(layer: layer)
    var projections = Matrix(rows: pack.rows, columns: directions.rows)
    MatrixProduct.timesTransposed(
      forward.hidden, forward.postBlock, directions, directions.block(), into: &projections,
      projections.block())
    let old = KeptStreams.Place(pack: pack, layer: layer - 1, kind: .scanned)
    try streams.keep(
      tilesOf: [(forward.hidden, forward.postBlock), (projections, projections.block())], at: place,
      replacing: place.kind == .scanned ? old : nil)
    try streams.keep(
      forward.residual, rows: pack.rows, at: stream(of: pack, after: layer),
      replacing: keepsBefore ? nil : before)
    countScan(directions.rows, layer: layer)
  }
}
