import LinearAlgebra
import Testing

struct MatrixProductTests {
  private func matrix(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
    let numbers = (0..<rows * columns).map { Float(($0 * 31 + seed * 17) % 23) - 11 }
    return Matrix(rows: rows, columns: columns, elements: numbers)
  }

  @Test func blocksMultiplyInPlace() {
    let (a, b) = (matrix(5, 8, seed: 1), matrix(6, 8, seed: 2))
    var c = matrix(7, 9, seed: 3)
    let before = c
    let (aBlock, bBlock) = (
      Block(row: 1, column: 2, rows: 3, columns: 4), Block(row: 0, column: 3, rows: 6, columns: 4)
    )
    let cBlock = Block(row: 2, column: 1, rows: 3, columns: 6)
    MatrixProduct.timesTransposed(a, aBlock, b, bBlock, into: &c, cBlock, alpha: 2, beta: 1)
    for row in 0..<7 {
      for column in 0..<9 {
        var expected = before[row, column]
        if (2..<5).contains(row), (1..<7).contains(column) {
          expected += 2 * (0..<4).map { a[row - 1, 2 + $0] * b[column - 1, 3 + $0] }.reduce(0, +)
        }
        // Small integers: exact in Float.
        #expect(c[row, column] == expected)
      }
    }
  }

  @Test func plainProduct() {
    let (a, b) = (matrix(4, 3, seed: 4), matrix(3, 5, seed: 5))
    var c = Matrix(rows: 4, columns: 5)
    MatrixProduct.times(a, a.block(), b, b.block(), into: &c, c.block())
    for row in 0..<4 {
      for column in 0..<5 {
        #expect(c[row, column] == (0..<3).map { a[row, $0] * b[$0, column] }.reduce(0, +))
      }
    }
  }

  @Test func orderedLoopMergesInOrderWhateverTheWorkers() throws {
    for workers in 1...3 {
      let merged = Merged()
      try ParallelLoop.ordered(
        50, workers: workers, scratch: { 0 }, compute: { index, _ in index * index },
        merge: { merged.append($0, $1) })
      #expect(merged.pairs.map(\.0) == Array(0..<50))
      #expect(merged.pairs.map(\.1) == (0..<50).map { $0 * $0 })
    }
  }

  @Test func orderedLoopStopsAtTheFirstError() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try ParallelLoop.ordered(
        1000, workers: 2, scratch: { () },
        compute: { index, _ in if index == 7 { throw Stop() } }, merge: { _, _ in })
    }
  }
}

/// Only touched under the loop's lock.
private final class Merged: @unchecked Sendable {
  var pairs: [(Int, Int)] = []
  func append(_ index: Int, _ value: Int) { pairs.append((index, value)) }

  /// An OpenBLAS that is older than the processor takes it for one of 2004.
  @Test(.enabled(if: Kernels(.avx2) != nil, "this processor has no AVX2"))
  func aProcessorThatOpenBLASDoesNotKnowIsUsedWhole() {
    let library = MatrixProduct.library
    #expect(!library.contains("Prescott") && !library.contains("Barcelona"), "\(library)")
  }
}
