import LinearAlgebra

// The steps of TransformerLens's processing, each for one matrix.
extension Matrix {
  /// fold_ln for a map `[out, in]` that reads a norm: moves the norm's shift into the bias and its
  /// scale into the weights. If the norm centres its input, subtracts each output's mean over the
  /// inputs.
  mutating func foldNorm(
    scale: [Float]?, shift: [Float]?, bias: inout [Float], centres: Bool, workers: Int
  ) {
    bias.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let bias = buffer
      updateRows(workers: workers) { row, weights in
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

  /// Subtracts each row's mean, for rows that write to the residual stream.
  mutating func centreRows(workers: Int) {
    updateRows(workers: workers) { _, row in
      let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(max(1, row.count)))
      for i in row.indices { row[i] -= mean }
    }
  }

  /// Subtracts each column's mean over the rows.
  mutating func centreColumns(workers: Int) {
    let means = columnMeans().map { Float($0) }
    updateRows(workers: workers) { _, row in
      for i in row.indices { row[i] -= means[i] }
    }
  }

  /// Adds the sum of each column over the rows to `sums`, in double precision.
  func addColumnSums(to sums: inout [Double]) {
    for row in 0..<rows {
      let start = row * columns
      for column in 0..<columns { sums[column] += Double(elements[start + column]) }
    }
  }

  /// Stacks matrices of the same width, one below the other.
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

  /// [self | other], for two matrices of the same height.
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
