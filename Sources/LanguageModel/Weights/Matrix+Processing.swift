import LinearAlgebra

// The steps of TransformerLens's processing, each on one matrix.
extension Matrix {
  /// fold_ln for a map `[out, in]` that reads a norm: the shift moves into the bias, the scale into
  /// the weights, and where the norm centres its input each output's mean over the inputs is taken
  /// away.
  mutating func foldNorm(
    scale: [Float]?, shift: [Float]?, bias: inout [Float], centres: Bool
  ) {
    bias.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let bias = buffer
      updateRows { row, weights in
        if let shift {
          var moved = 0.0
          for i in weights.indices { moved += Double(weights[i] * shift[i]) }
          bias[row] += Float(moved)
        }
        if let scale {
          for i in weights.indices { weights[i] *= scale[i] }
        }
        if centres {
          var sum = 0.0
          for i in weights.indices { sum += Double(weights[i]) }
          let mean = Float(sum / Double(max(1, weights.count)))
          for i in weights.indices { weights[i] -= mean }
        }
      }
    }
  }

  /// Takes each row's mean away: rows that write the residual stream.
  mutating func centreRows() {
    updateRows { _, row in
      let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(max(1, row.count)))
      for i in row.indices { row[i] -= mean }
    }
  }

  /// Takes each column's mean over the rows away.
  mutating func centreColumns() {
    let means = columnMeans().map { Float($0) }
    updateRows { _, row in
      for i in row.indices { row[i] -= means[i] }
    }
  }

  /// Adds each column's sum over the rows, in Double.
  func addColumnSums(to sums: inout [Double]) {
    for row in 0..<rows {
      let start = row * columns
      for column in 0..<columns { sums[column] += Double(elements[start + column]) }
    }
  }

  /// Matrices of as many columns, one below the other.
  init(stacking parts: [Matrix]) {
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    self.init(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns,
      elements: parts.flatMap(\.elements))
  }

  init(rows: Int, columns: Int, filledWith value: Float) {
    self.init(
      rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// [self | other], for two matrices of as many rows.
  func beside(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) rows beside \(other.rows)")
    var elements: [Float] = []
    elements.reserveCapacity(rows * (columns + other.columns))
    for row in 0..<rows {
      elements += self.elements[row * columns..<(row + 1) * columns]
      elements += other.elements[row * other.columns..<(row + 1) * other.columns]
    }
    return Matrix(rows: rows, columns: columns + other.columns, elements: elements)
  }
}
