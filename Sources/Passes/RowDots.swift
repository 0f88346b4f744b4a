import LanguageModel
import LinearAlgebra
import StudyFile

/// What writes the residual stream, component by component, along a direction of each row.
///
/// The directions go back through the writing weights, so that one product a layer serves all its
/// heads and neurons. They are taken before any norm divides: a row's numbers are divided by its
/// scale when that is known, which may be layers later.
package struct RowDots: Sendable {
  private let model: Transformer
  /// `[rows, d_model]`, or one row that all share.
  private let directions: Matrix
  private let rows: Int
  /// By component in the order of `labels`, then by row.
  private(set) var dots: [[Double]] = []
  /// Of single neurons, by row.
  private(set) var neurons: [NeuronAddress: [Double]] = [:]

  init(along directions: Matrix, rows: Int, in model: Transformer) {
    precondition(directions.rows == rows || directions.rows == 1, "directions of other rows")
    self.model = model
    self.directions = directions
    self.rows = rows
  }

  /// Names of what writes the stream in the first `layers` layers: the embedding, and of each layer
  /// its heads, b_O, and the MLP with b_out.
  package static func labels(layers: Int, of shape: Architecture) -> [String] {
    ["embed"]
      + (0..<layers).flatMap { layer in
        attentionLabels(layer: layer, of: shape) + ["L\(layer) MLP"]
      }
  }

  /// The heads and b_O of one layer.
  package static func attentionLabels(layer: Int, of shape: Architecture) -> [String] {
    (0..<shape.heads).map { "L\(layer)H\($0)" } + ["L\(layer) b_O"]
  }

  /// Rows of the products that a layer costs.
  var productRows: Int { directions.rows }

  mutating func addEmbedding(_ residual: Matrix) {
    dots.append(along(residual))
  }

  /// The residual stream itself, `[rows]`.
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

  /// A whole layer's components, and a neuron of it that is asked for.
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

  /// The heads and b_O of a layer alone.
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

  /// directions · [W_Oᵀ | W_outᵀ]
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
  /// Columns of [hook_z | hook_post] that belong to a head, or to the MLP where it is nil.
  func columns(of head: Int?) -> Range<Int> {
    head.map { $0 * dHead..<($0 + 1) * dHead } ?? attentionWidth..<hiddenWidth
  }
}
