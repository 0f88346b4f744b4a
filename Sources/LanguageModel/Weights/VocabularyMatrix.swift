import LinearAlgebra

/// A matrix with a row for each token (W_E or W_Uᵀ), in memory or loaded some rows at a time.
package struct VocabularyMatrix: Sendable {
  package let rows: Int
  package let columns: Int
  private let storage: Storage

  private enum Storage: Sendable {
    case resident(Matrix)
    case onDemand(@Sendable (Range<Int>) -> Matrix)
  }

  init(_ matrix: Matrix) {
    rows = matrix.rows
    columns = matrix.columns
    storage = .resident(matrix)
  }

  /// - Parameter load: reads and processes some rows; it returns the same numbers every time.
  init(rows: Int, columns: Int, load: @escaping @Sendable (Range<Int>) -> Matrix) {
    self.rows = rows
    self.columns = columns
    storage = .onDemand(load)
  }

  /// Calls `body` with some rows, as a block of a matrix that is valid until it returns.
  package func withRows<Result>(
    _ range: Range<Int>, _ body: (Matrix, Block) throws -> Result
  ) rethrows -> Result {
    switch storage {
    case .resident(let matrix):
      try body(matrix, Block(row: range.lowerBound, rows: range.count, columns: columns))
    case .onDemand(let load):
      try body(load(range), Block(rows: range.count, columns: columns))
    }
  }

  /// A copy of a token's row, `columns` numbers.
  package func row(_ token: Int) -> [Float] {
    withRows(token..<token + 1) { matrix, block in matrix.row(block.row) }
  }

  /// Copies a token's row into a row of another matrix.
  func copy(_ token: Int, to row: Int, of target: inout Matrix) {
    withRows(token..<token + 1) { matrix, block in
      let source = block.row * columns
      target.elements.replaceSubrange(
        row * columns..<(row + 1) * columns, with: matrix.elements[source..<source + columns])
    }
  }

  /// Calls `body` for all rows in order, a block at a time.
  package func forEachBlock(_ body: (_ tokens: Range<Int>, Matrix, Block) throws -> Void) rethrows {
    for start in stride(from: 0, to: rows, by: Self.blockRows) {
      let tokens = start..<min(start + Self.blockRows, rows)
      try withRows(tokens) { try body(tokens, $0, $1) }
    }
  }

  /// The number of rows in a block, unless the caller sets it.
  static let blockRows = 2048
}
