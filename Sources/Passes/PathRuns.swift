import LanguageModel
import LinearAlgebra

/// Path patching (Wang et al. 2022): the layers after an edited one, run clean and ablated side by
/// side, and runs that mix the two.
///
/// Once the output of every later layer is fixed to its clean or ablated value, the final residual
/// stream is a sum of stored terms, and no attention or MLP is recomputed.
package struct PathRuns {
  /// A component that writes to the residual stream after the edited layer.
  package struct Component: Sendable, Hashable {
    package let layer: Int
    /// The head; nil for the MLP.
    package let head: Int?

    /// The component's name: `L4H2` or `L4 MLP`.
    package var label: String { head.map { "L\(layer)H\($0)" } ?? "L\(layer) MLP" }
  }

  /// Every head and the MLP of each layer after `layer`, layer by layer.
  package static func components(after layer: Int, of shape: Architecture) -> [Component] {
    (layer + 1..<max(layer + 1, shape.layers)).flatMap { layer in
      (0..<shape.heads).map { Component(layer: layer, head: $0) }
        + [Component(layer: layer, head: nil)]
    }
  }

  /// The documents of a pack that run together. Each group is run twice, so its rows count twice.
  static func groups(of pack: DocumentPack) -> [(documents: Range<Int>, rows: Int)] {
    var groups: [(documents: Range<Int>, rows: Int)] = []
    var (start, filled) = (0, 0)
    for (index, length) in pack.lengths.enumerated() {
      if filled > 0, 2 * (filled + length) > DocumentPack.rowLimit {
        groups.append((start..<index, filled))
        (start, filled) = (index, 0)
      }
      filled += length
    }
    if filled > 0 { groups.append((start..<pack.documents.count, filled)) }
    return groups
  }

  /// The ablated run's residual stream after the last layer, `[rows, d_model]`.
  package private(set) var total: Matrix
  /// The final stream with the neuron ablated and the outputs of later layers clean.
  package private(set) var direct: Matrix
  /// The final stream with the neuron clean and the outputs of later layers ablated.
  package private(set) var indirect: Matrix

  /// Runs the later layers.
  ///
  /// - Parameters:
  ///   - forward: holds the documents twice: the clean stream after the edited layer in the first
  ///     half of its rows, the edited stream in the second
  ///   - clean: the clean stream after the last layer
  ///   - moves: what the edit adds to the stream of each row
  ///   - component: receives, for each component, the final stream of the run that patches it alone
  package init(
    _ forward: inout ForwardPass, after layer: Int, clean: Matrix, moves: [StreamMove],
    component: (inout ForwardPass, Component, Matrix) throws -> Void
  ) rethrows {
    let shape = forward.model.architecture
    let rows = clean.rows
    direct = clean
    indirect = clean
    let size = rows * shape.dModel
    for move in moves { move.apply(to: &direct, at: 0, kernels: forward.kernels) }
    for layer in layer + 1..<max(layer + 1, shape.layers) {
      forward.run(layer: layer)
      let moved = Self.difference(forward.hidden, rows: rows)
      let stream = forward.residual
      let output = forward.model.layers[layer].output
      for head in (0..<shape.heads).map(Optional.some) + [nil] {
        let columns = shape.columns(of: head)
        let block = Block(column: columns.lowerBound, rows: rows, columns: columns.count)
        var delta = Matrix(rows: rows, columns: shape.dModel)
        MatrixProduct.timesTransposed(
          moved, block, output,
          Block(column: columns.lowerBound, rows: shape.dModel, columns: columns.count),
          into: &delta, delta.block())
        for index in 0..<size {
          indirect.elements[index] += delta.elements[index]
          delta.elements[index] += clean.elements[index]
        }
        try component(&forward, Component(layer: layer, head: head), delta)
      }
      forward.residual = stream
    }
    total = Matrix(
      rows: rows, columns: shape.dModel,
      elements: Array(forward.residual.elements[size..<2 * size]))
  }

  /// The ablated half's activations minus those of the clean half.
  private static func difference(_ hidden: Matrix, rows: Int) -> Matrix {
    let size = rows * hidden.columns
    return Matrix(
      rows: rows, columns: hidden.columns,
      elements: (0..<size).map { hidden.elements[size + $0] - hidden.elements[$0] })
  }
}
