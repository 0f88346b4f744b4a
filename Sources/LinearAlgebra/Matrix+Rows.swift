extension Matrix {
  /// Calls `body` for every row, in parallel, to rewrite it.
  ///
  /// - Parameters:
  ///   - workers: the number of threads.
  ///   - body: takes the row's index and its `columns` numbers.
  package mutating func updateRows(
    workers: Int,
    _ body: @Sendable (_ row: Int, _ elements: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let (rows, columns) = (rows, columns)
    elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let all = buffer
      ParallelLoop.overRanges(rows, workers: workers, atLeast: 64) { range in
        for row in range {
          body(row, UnsafeMutableBufferPointer(rebasing: all[row * columns..<(row + 1) * columns]))
        }
      }
    }
  }

  /// The mean of every column, computed in double precision.
  package func columnMeans() -> [Double] {
    var total = Array(repeating: 0.0, count: columns)
    for row in 0..<rows {
      let start = row * columns
      for column in 0..<columns { total[column] += Double(elements[start + column]) }
    }
    return total.map { $0 / Double(max(1, rows)) }
  }
}
