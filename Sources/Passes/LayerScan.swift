import LanguageModel
import LinearAlgebra
import Statistics
import Synchronization

/// A pass that shows every neuron of every layer over all tokens together: all documents go through
/// one layer before any goes on to the next, so that thresholds, counts and ranks are exact.
package struct LayerScan: Sendable, Hashable {
  package let documents: DocumentSet
  /// Directions of independent normal weights over a layer's neurons, the same in every layer, that are
  /// shown after its neurons.
  package let directions: Int
  package let seed: UInt32
  /// Layers after which the residual stream is kept, and of which hook_post is.
  package let keeps: Set<Int>

  package init(
    _ documents: DocumentSet, directions: Int, seed: UInt32, keeping keeps: Set<Int>
  ) {
    self.documents = documents
    self.directions = directions
    self.seed = seed
    self.keeps = keeps
  }

  /// What it leaves for later passes.
  func readouts(in shape: Architecture) -> Set<Readout> {
    Set(keeps.flatMap { [Readout.post(layer: $0), .residual(layer: $0)] })
      .union([.residual(layer: shape.layers - 1)])
  }

  /// Bytes of what is found of a column, at most.
  static let foundBytes = 1_000

  /// Bytes of the temporary file.
  func keptBytes(in shape: Architecture) -> Int {
    let columns = (keeps.count + 1) * (shape.dMLP + directions) + (keeps.count + 1) * shape.dModel
    return documents.rows * columns * MemoryLayout<Float>.stride
  }

  /// `[directions, d_mlp]`
  func weights(in shape: Architecture) -> Matrix {
    var normal = NormalDraws(seed: seed)
    return Matrix(
      rows: directions, columns: shape.dMLP,
      elements: (0..<directions * shape.dMLP).map { _ in Float(normal.next()) })
  }

  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    for pack in documents.distinctPacks {
      count.addBlocks(shape.layers, of: shape, documents: pack.lengths)
      count.addProjections(directions, layers: shape.layers, of: shape, rows: pack.rows)
    }
    return count
  }
}

/// A scan, and who judges its columns.
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

  /// What it depends on besides the column.
  var content: String { get }

  /// - Parameter values: a neuron's number for each token that counts.
  func judge(_ values: [Float]) -> Judged

  /// How well a random direction does.
  func score(direction values: [Float]) -> Double
}

/// What a scan finds of a layer.
package struct ScannedLayer<Judged: Sendable>: Sendable {
  /// By neuron.
  package fileprivate(set) var neurons: [Judged] = []
  /// By direction.
  package fileprivate(set) var directions: [Double] = []
}

extension Engine {
  /// Scans documents, once for equal scans and reducers.
  ///
  /// - Returns: by layer, what the reducer finds of each neuron and of each direction.
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

  /// Every column of a layer, judged tile by tile on all workers.
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

  /// Takes all documents through one layer, from where the one before has left them.
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
  /// Takes a pack through one layer, and leaves its columns and its stream in the file.
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
    countScan(directions.rows)
  }
}
