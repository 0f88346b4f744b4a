import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import Synchronization

/// Runs documents layer by layer, all of them through one before any goes on to the next.
///
/// So a neuron's activations over every token are at hand together, and its thresholds, counts and
/// ranks are exact; the residual stream of all tokens is kept, and a few hundred columns at a time.
struct LayerByLayer: Sendable {
  let model: Transformer
  private(set) var layer = 0
  private let packs: [Pack]
  /// The documents of each pack.
  private let ranges: [Range<Int>]
  /// What the layer's MLP reads: the residual stream before the block, or after its attention where
  /// the block is sequential.
  private var residuals: [Matrix]
  /// `[directions, d_mlp]`, independent normal weights, the same in every layer.
  private let directions: Matrix

  /// Tokens without BOS.
  let rows: Int
  /// How many columns are computed together: about 8 MB of them.
  let width: Int

  /// - Parameter documents: BOS first.
  init(model: Transformer, documents: [[Int32]], directions count: Int, seed: UInt32) throws {
    self.model = model
    let set = DocumentSet(documents)
    ranges = set.packs.map { $0.first..<$0.first + $0.documents.count }
    packs = set.packs.map { Pack($0.documents) }
    residuals = []
    let tokens = documents.reduce(0) { $0 + $1.count }
    rows = tokens - documents.count
    width = min(max(2_000_000 / max(1, tokens), 16), 256)
    let dMLP = model.architecture.dMLP
    var normal = NormalDraws(seed: seed)
    directions = Matrix(
      rows: count, columns: dMLP, elements: (0..<count * dMLP).map { _ in Float(normal.next()) })
    residuals = try forEachPack { pack, _, forward in
      forward.embed(pack)
      forward.runToMid(layer: 0)
      let size = forward.pack.rows * forward.residual.columns
      return Matrix(
        rows: forward.pack.rows, columns: forward.residual.columns,
        elements: Array(forward.residual.elements[..<size]))
    }
  }

  /// One number for every token but BOS, document after document, of several neurons or directions.
  struct Columns: Sendable {
    let count: Int
    /// By pack: column after column.
    fileprivate let packs: [[Float]]

    subscript(column: Int) -> [Float] {
      packs.flatMap { values in
        let rows = values.count / max(1, count)
        return values[column * rows..<(column + 1) * rows]
      }
    }
  }

  /// The documents before the MLP of one layer, run there clean.
  init(model: Transformer, documents: [[Int32]], at layer: Int) throws {
    try self.init(model: model, documents: documents, directions: 0, seed: 0)
    while self.layer < layer { _ = try advance { _, _ in } }
  }

  /// hook_pre of a neuron of the layer, document after document without BOS; of a gated one nil,
  /// since two products make its activation.
  func preActivations(of neuron: Int) throws -> [Float]? {
    guard !model.architecture.mlp.isGated else { return nil }
    let (weights, shape) = (model.layers[layer], model.architecture)
    let read = Matrix(
      rows: 1, columns: weights.mlpIn.columns, elements: weights.mlpIn.row(neuron))
    return try columns(1) { residual, rows in
      var normed = Matrix(rows: rows, columns: residual.columns)
      Kernels.best.norm(shape.norm, residual, count: rows, into: &normed)
      var pre = Matrix(rows: rows, columns: 1)
      MatrixProduct.timesTransposed(
        normed, normed.block(), read, read.block(), into: &pre, pre.block())
      Kernels.best.addBias(&pre, pre.block(), bias: [weights.mlpInBias[neuron]])
      return pre
    }[0]
  }

  /// hook_post of some of the layer's neurons.
  func columns(of neurons: [Int]) throws -> Columns {
    try columns(neurons.count) { residual, rows in
      model.activations(of: neurons, layer: layer, reading: residual, rows: rows)
    }
  }

  /// What is made of each pack's residual stream, `[rows, count]`.
  private func columns(
    _ count: Int, _ body: @Sendable (_ residual: Matrix, _ rows: Int) -> Matrix
  ) throws -> Columns {
    let found = Mutex<[[Float]]>([])
    try ParallelLoop.ordered(
      packs.count, scratch: {},
      compute: { index, _ in
        body(residuals[index], packs[index].rows).columnsWithoutBOS(of: packs[index])
      },
      merge: { _, columns in found.withLock { $0.append(columns) } })
    return Columns(count: count, packs: found.withLock { $0 })
  }

  /// Goes on to the next layer.
  ///
  /// - Parameter reduce: what becomes of this one's activations along the random directions, column
  ///   after column without BOS, of some of the documents
  mutating func advance<Outcome: Sendable>(
    _ reduce: @Sendable (_ columns: [Float], _ documents: Range<Int>) -> Outcome
  ) throws -> [Outcome] {
    let (model, directions, current, ranges) = (model, directions, layer, ranges)
    let isLast = current + 1 == model.architecture.layers
    // Each pack's is overwritten where it lies: two of all tokens would be much memory.
    let held = Mutex(residuals)
    residuals = []
    let outcomes = try forEachPack { pack, index, forward in
      forward.resume(pack)
      let range = 0..<pack.rows * forward.residual.columns
      held.withLock {
        forward.residual.elements.replaceSubrange(range, with: $0[index].elements)
      }
      forward.runFromMid(layer: current, through: isLast ? .activated : .written)
      var projections = Matrix(rows: pack.rows, columns: directions.rows)
      MatrixProduct.timesTransposed(
        forward.hidden, forward.postBlock, directions, directions.block(), into: &projections,
        projections.block())
      if !isLast {
        forward.runToMid(layer: current + 1)
        held.withLock {
          $0[index].elements.replaceSubrange(range, with: forward.residual.elements[range])
        }
      }
      return reduce(projections.columnsWithoutBOS(of: pack), ranges[index])
    }
    layer += 1
    residuals = held.withLock { $0 }
    return outcomes
  }

  /// Sums over each document's tokens along the random directions, from those of every neuron.
  ///
  /// - Parameter sums: by neuron and document
  /// - Returns: by direction and document
  func alongDirections(_ sums: [[Double]]) -> [[Double]] {
    let count = sums.first?.count ?? 0
    let neurons = Matrix(
      rows: count, columns: sums.count,
      elements: (0..<count).flatMap { document in sums.map { Float($0[document]) } })
    var projected = Matrix(rows: directions.rows, columns: count)
    MatrixProduct.timesTransposed(
      directions, directions.block(), neurons, neurons.block(), into: &projected,
      projected.block())
    return (0..<directions.rows).map { projected.row($0).map(Double.init) }
  }

  private func forEachPack<Outcome: Sendable>(
    _ body: @Sendable (Pack, Int, inout ForwardPass) -> Outcome
  ) throws -> [Outcome] {
    let found = Mutex<[Outcome]>([])
    try ParallelLoop.ordered(
      packs.count,
      scratch: {
        ForwardPass(
          model: model, rows: packs.map(\.rows).max() ?? 0,
          longest: packs.flatMap { $0.documents.map(\.count) }.max() ?? 0)
      },
      compute: { index, forward in body(packs[index], index, &forward) },
      merge: { _, outcome in found.withLock { $0.append(outcome) } })
    return found.withLock { $0 }
  }
}

extension Matrix {
  /// Column after column, each without the first row of every document.
  fileprivate func columnsWithoutBOS(of pack: Pack) -> [Float] {
    let kept = pack.documents.flatMap { $0.dropFirst() }
    var values = [Float](repeating: 0, count: kept.count * columns)
    // A cache line of columns at a time.
    for first in stride(from: 0, to: columns, by: 16) {
      let group = first..<min(first + 16, columns)
      values.withUnsafeMutableBufferPointer { values in
        elements.withUnsafeBufferPointer { elements in
          for (index, row) in kept.enumerated() {
            for column in group {
              values[column * kept.count + index] = elements[row * columns + column]
            }
          }
        }
      }
    }
    return values
  }
}
