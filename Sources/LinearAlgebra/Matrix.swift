/// A row-major matrix of Float without gaps between rows.
///
/// It is a value. Scratch matrices are allocated once per worker and overwritten in place; kernels
/// take the number of rows in use, which may be less than `rows`.
package struct Matrix: Sendable {
  package let rows: Int
  package let columns: Int
  /// `rows × columns` numbers, row after row.
  package var elements: [Float]

  package init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  package init(rows: Int, columns: Int, elements: [Float]) {
    precondition(
      elements.count == rows * columns,
      "a \(rows) × \(columns) matrix cannot hold \(elements.count) elements")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  package subscript(row: Int, column: Int) -> Float {
    get { elements[index(row, column)] }
    set { elements[index(row, column)] = newValue }
  }

  /// Row `row` as a copy of `columns` numbers.
  package func row(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < rows, "row \(row) of a matrix with \(rows) rows")
    return Array(elements[row * columns..<(row + 1) * columns])
  }

  /// Column `column` as a copy of `rows` numbers.
  package func column(_ column: Int) -> [Float] {
    precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
    return (0..<rows).map { elements[$0 * columns + column] }
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "(\(row), \(column)) in a \(rows) × \(columns) matrix")
    return row * columns + column
  }
}

/// A rectangle inside a matrix.
package struct Block: Sendable, Hashable {
  package var row: Int
  package var column: Int
  package var rows: Int
  package var columns: Int

  package init(row: Int = 0, column: Int = 0, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = rows
    self.columns = columns
  }

  func check(in matrix: Matrix) {
    precondition(
      row >= 0 && column >= 0 && rows >= 0 && columns >= 0 && row + rows <= matrix.rows
        && column + columns <= matrix.columns,
      "block \(self) outside a \(matrix.rows) × \(matrix.columns) matrix")
  }

  func offset(in matrix: Matrix) -> Int { row * matrix.columns + column }
}

extension Matrix {
  /// The block of the whole matrix, or of its first `rows` rows.
  package func block(rows: Int? = nil) -> Block { Block(rows: rows ?? self.rows, columns: columns) }
}
