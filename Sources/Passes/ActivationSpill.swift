import LinearAlgebra

/// One row of numbers for each token of many documents, in a temporary file: more than memory should
/// hold, and cheaper to read back than to compute again.
///
/// Tokens come first, document after document without BOS, as the probes want them; each document's
/// BOS row stands behind them all.
package final class ActivationSpill: Sendable {
  /// Tokens without BOS.
  let rows: Int
  let columns: Int
  /// Rows at each document's beginning that stand apart: 1 for its BOS, or none.
  private let front: Int
  private let file: TemporaryFile

  /// - Throws: `Diagnostic` of kind `.resources`.
  package init(rows: Int, columns: Int, front: Int = 1, folder: String) throws {
    self.rows = rows
    self.columns = columns
    self.front = front
    file = try TemporaryFile(folder: folder)
  }

  /// The folder for temporary files: `TMPDIR`, else one that is on disk rather than in memory.
  package static func temporaryFolder(_ environment: [String: String]) -> String {
    TemporaryFile.folder(environment)
  }

  /// Writes a document: its BOS row apart, its other rows from `first` on.
  ///
  /// Documents may be written from several threads, in any order.
  package func write(
    _ matrix: Matrix, _ block: Block, document: Int, first: Int
  ) throws {
    precondition(
      block.columns == columns && first + block.rows - front <= rows,
      "rows past the end of the spill")
    try write(matrix, block, from: 0, count: front, at: rows + front * document)
    try write(matrix, block, from: front, count: block.rows - front, at: first)
  }

  private func write(
    _ matrix: Matrix, _ block: Block, from skipped: Int, count: Int, at first: Int
  ) throws {
    var packed: [Float] = []
    packed.reserveCapacity(count * columns)
    for row in block.row + skipped..<block.row + skipped + count {
      let start = row * matrix.columns + block.column
      packed += matrix.elements[start..<start + columns]
    }
    try packed.withUnsafeBytes { try file.write($0, at: first * columns) }
  }

  /// Reads back what `write` wrote of a document.
  func read(into matrix: inout Matrix, _ block: Block, document: Int, first: Int) throws {
    precondition(block.columns == columns, "\(block.columns) columns of \(columns)")
    let head = try read(rows + front * document..<rows + front * (document + 1))
    let rest = try read(first..<first + block.rows - front)
    for (skipped, source) in [(0, head), (front, rest)] {
      for row in 0..<source.rows {
        let target = (block.row + skipped + row) * matrix.columns + block.column
        matrix.elements.replaceSubrange(
          target..<target + columns,
          with: source.elements[row * columns..<(row + 1) * columns])
      }
    }
  }

  /// Reads rows in blocks of at most `limit`, in order.
  func forEachBlock(
    of range: Range<Int>, limit: Int = 1024, _ body: (_ rows: Range<Int>, Matrix) throws -> Void
  ) throws {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: limit) {
      let rows = first..<min(first + limit, range.upperBound)
      try body(rows, try read(rows))
    }
  }

  /// Some columns over some rows, each column whole.
  package func columns(_ wanted: Range<Int>, of rows: [Range<Int>]) throws -> [[Float]] {
    let count = rows.reduce(0) { $0 + $1.count }
    // A line of the cache of each column at a time: the rows of a tile go side by side.
    let tile = 16
    var block = [Float](repeating: 0, count: tile * wanted.count)
    var values = wanted.map { _ in [Float](repeating: 0, count: count) }
    var done = 0
    for range in rows {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: tile) {
        let height = min(tile, range.upperBound - first)
        try block.withUnsafeMutableBytes { bytes in
          let width = wanted.count * MemoryLayout<Float>.stride
          for row in 0..<height {
            try file.read(
              UnsafeMutableRawBufferPointer(rebasing: bytes[row * width..<(row + 1) * width]),
              at: (first + row) * columns + wanted.lowerBound)
          }
        }
        for column in values.indices {
          for row in 0..<height {
            values[column][done + row] = block[row * wanted.count + column]
          }
        }
        done += height
      }
    }
    return values
  }

  private func read(_ range: Range<Int>) throws -> Matrix {
    let count = range.count * columns
    let elements = try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      try file.read(UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound * columns)
      filled = count
    }
    return Matrix(rows: range.count, columns: columns, elements: elements)
  }
}
