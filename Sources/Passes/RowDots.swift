import LanguageModel
import LinearAlgebra
import StudyFile

/// The dot product of what each component writes to the residual stream with one direction per row.
///
/// The directions are multiplied by the writing weights once per layer; the result is then dotted
/// with each head's and neuron's activation. No norm is applied here: the caller divides a row's
/// numbers by its scale, which may be known only layers later.
package struct RowDots: Sendable {
  private let model: Transformer
  /// The directions, `[rows, d_model]`, or one row that all rows share.
  private let directions: Matrix
  private let rows: Int
  /// The dot products, by component in the order of `labels`, then by row.
  private(set) var dots: [[Double]] = []
  /// The dot products of single neurons, by row.
  private(set) var neurons: [NeuronAddress: [Double]] = [:]

  init(along directions: Matrix, rows: Int, in model: Transformer) {
    precondition(directions.rows == rows || directions.rows == 1, "directions of other rows")
    self.model = model
    self.directions = directions
    self.rows = rows
  }

  /// The names of the components that write the stream in the first `layers` layers: the embedding,
  /// then of each layer its heads, b_O, and the MLP with b_out.
  package static func labels(layers: Int, of shape: Architecture) -> [String] {
    ["embed"]
      + (0..<layers).flatMap { layer in
        attentionLabels(layer: layer, of: shape) + ["L\(layer) MLP"]
      }
  }

  /// The names of the heads and of b_O of one layer.
  package static func attentionLabels(layer: Int, of shape: Architecture) -> [String] {
    (0..<shape.heads).map { "L\(layer)H\($0)" } + ["L\(layer) b_O"]
  }

  /// The number of rows of the products that a layer costs.
  var productRows: Int { directions.rows }

  mutating func addEmbedding(_ residual: Matrix) {
    dots.append(along(residual))
  }

  /// The dot products of the residual stream itself, `[rows]`.
  func along(_ residual: Matrix) -> [Double] {
    let columns = residual.columns
    return residual.elements.withUnsafeBufferPointer { stream in
      directions.elements.withUnsafeBufferPointer { directions in
        (0..<rows).map { row in
          let (a, b) = (row * columns, place(row) * columns)
          var sum = 0.0
          for column in 0..<columns {
            sum += Double(stream[a + column]) * Double(directions[b + column])
          }
          return sum
        }
      }
    }
  }

  /// Adds a whole layer's components and, if given, one of its neurons.
  mutating func addLayer(_ layer: Int, _ hidden: Matrix, neuron: Int? = nil) {
    let (shape, back) = (model.architecture, back(layer))
    addAttention(layer, hidden, back)
    dots.append(
      along(hidden, back, columns: shape.columns(of: nil), bias: model.layers[layer].mlpBias))
    if let neuron {
      let column = shape.columns(of: nil).lowerBound + neuron
      neurons[NeuronAddress(layer: layer, neuron: neuron)] = along(
        hidden, back, columns: column..<column + 1)
    }
  }

  /// Adds the heads and b_O of a layer, without its MLP.
  mutating func addAttention(_ layer: Int, _ hidden: Matrix) {
    addAttention(layer, hidden, back(layer))
  }

  private mutating func addAttention(_ layer: Int, _ hidden: Matrix, _ back: Matrix) {
    let shape = model.architecture
    for head in 0..<shape.heads {
      dots.append(along(hidden, back, columns: shape.columns(of: head)))
    }
    dots.append(along(bias: model.layers[layer].attentionBias))
  }

  /// The directions times the writing weights, directions · [W_Oᵀ | W_outᵀ].
  private func back(_ layer: Int) -> Matrix {
    let output = model.layers[layer].output
    var back = Matrix(rows: directions.rows, columns: output.columns)
    MatrixProduct.times(
      directions, directions.block(), output, output.block(), into: &back, back.block())
    return back
  }

  private func place(_ row: Int) -> Int { directions.rows == 1 ? 0 : row }

  private func along(
    _ hidden: Matrix, _ back: Matrix, columns: Range<Int>, bias: [Float]? = nil
  ) -> [Double] {
    var sums = bias.map { along(bias: $0) } ?? [Double](repeating: 0, count: rows)
    hidden.elements.withUnsafeBufferPointer { hiddens in
      back.elements.withUnsafeBufferPointer { backs in
        for row in 0..<rows {
          let (a, b) = (row * hidden.columns, place(row) * back.columns)
          var sum = sums[row]
          for column in columns { sum += Double(hiddens[a + column]) * Double(backs[b + column]) }
          sums[row] = sum
        }
      }
    }
    return sums
  }

  private func along(bias: [Float]) -> [Double] {
    let once = (0..<directions.rows).map { row in
      let start = row * directions.columns
      return bias.enumerated().reduce(0.0) {
        $0 + Double(directions.elements[start + $1.offset]) * Double($1.element)
      }
    }
    return (0..<rows).map { once[place($0)] }
  }
}

extension Architecture {
  /// The columns of [hook_z | hook_post] that belong to a head, or to the MLP where `head` is nil.
  func columns(of head: Int?) -> Range<Int> {
    head.map { $0 * dHead..<($0 + 1) * dHead } ?? attentionWidth..<hiddenWidth
  }
}
