import LanguageModel
import LinearAlgebra
import Passes
import Synchronization

/// Runs documents layer by layer, all of them through one before any goes on to the next.
///
/// So a neuron's activations over every token are at hand together, and its thresholds, counts and
/// ranks are exact; the residual stream of all tokens is kept, and a few hundred columns at a time.
struct LayerByLayer: Sendable {
  let model: Transformer
  private(set) var layer = 0
  private let packs: [Pack]
  /// What the layer's MLP reads: the residual stream before the block, or after its attention where
  /// the block is sequential.
  private var residuals: [Matrix]
  /// `[directions, d_mlp]`, independent normal weights, the same in every layer.
  private let directions: Matrix

  /// How many columns are computed together: about 8 MB of them.
  let width: Int

  /// - Parameter documents: BOS first.
  init(model: Transformer, documents: [[Int32]], directions count: Int, seed: UInt32) throws {
    self.model = model
    packs = DocumentSet(documents).packs.map { Pack($0.documents) }
    residuals = []
    let tokens = documents.reduce(0) { $0 + $1.count }
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

  /// hook_post of some of the layer's neurons.
  func columns(of neurons: [Int]) throws -> Columns {
    let found = Mutex<[[Float]]>([])
    try ParallelLoop.ordered(
      packs.count, scratch: {},
      compute: { index, _ in
        model.activations(
          of: neurons, layer: layer, reading: residuals[index], rows: packs[index].rows
        ).columnsWithoutBOS(of: packs[index])
      },
      merge: { _, columns in found.withLock { $0.append(columns) } })
    return Columns(count: neurons.count, packs: found.withLock { $0 })
  }

  /// Goes on to the next layer.
  ///
  /// - Returns: this one's activations along random directions.
  mutating func advance() throws -> Columns {
    let (model, directions, current) = (model, directions, layer)
    let isLast = current + 1 == model.architecture.layers
    // Each pack's is overwritten where it lies: two of all tokens would be much memory.
    let held = Mutex(residuals)
    residuals = []
    let columns = try forEachPack { pack, index, forward in
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
      return projections.columnsWithoutBOS(of: pack)
    }
    layer += 1
    residuals = held.withLock { $0 }
    return Columns(count: directions.rows, packs: columns)
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
