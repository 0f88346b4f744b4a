import LinearAlgebra
import Testing

/// The kernels of the scan, in every instruction set, against plain loops.
struct ActivationBinsTests {
  /// Numbers of all sizes and signs, among them every edge and its neighbours, and zeros.
  private static let values: [Float] = {
    let edges = ActivationBins.edges
    let near = edges.flatMap { [$0, $0.nextUp, $0.nextDown] }
    let spread = (0..<2000).map { Float(($0 * 7919) % 2003 - 1000) / 37 }
    return near + spread + [0, -0.0, 1e-40, -1e-40, 1e30, -1e30, .infinity, -.infinity, 100, -100]
  }()

  private static let matrix: Matrix = {
    // An odd number of columns, so that every kernel meets a partial vector.
    let columns = 37
    let rows = values.count / columns
    return Matrix(
      rows: rows, columns: columns, elements: Array(values.suffix(rows * columns)))
  }()

  @Test func edgesAscendAndZeroParts() {
    let edges = ActivationBins.edges
    #expect(edges.count == 63)
    #expect(zip(edges, edges.dropFirst()).allSatisfy(<))
    #expect(edges[ActivationBins.firstPositive - 1] == 0)
    #expect(edges.first == -2 && edges.last == 64)
  }

  @Test(arguments: KernelTests.sets) func countsEqualThePortableLoop(kernels: Kernels) {
    let x = Self.matrix
    for block in [x.block(), Block(row: 2, column: 3, rows: 9, columns: 30)] {
      var counts = [UInt32](repeating: 1, count: 64 * block.columns)
      kernels.countBins(x, block, into: &counts)
      var expected = [UInt32](repeating: 1, count: 64 * block.columns)
      for row in 0..<block.rows {
        for column in 0..<block.columns {
          expected[
            64 * column + ActivationBins.bin(of: x[block.row + row, block.column + column])] += 1
        }
      }
      #expect(counts == expected)
    }
  }

  @Test(arguments: KernelTests.sets) func momentsEqualThePortableLoop(kernels: Kernels) {
    let finite = Matrix(
      rows: 29, columns: 301, elements: (0..<29 * 301).map { Float(($0 * 7919) % 2003 - 1000) / 37 }
    )
    var moments = ColumnMoments(columns: 300)
    moments.read(finite, Block(row: 1, column: 1, rows: 28, columns: 300), kernels: kernels)
    for column in 0..<300 {
      let values = (1..<29).map { finite[$0, column + 1] }
      #expect(moments.sum[column] == values.reduce(0.0) { $0 + Double($1) })
      #expect(moments.squares[column] == values.reduce(0.0) { $0 + Double($1) * Double($1) })
      #expect(moments.least[column] == values.min())
      #expect(moments.most[column] == values.max())
      #expect(Int(moments.place[column]) == values.firstIndex(of: values.max() ?? 0))
    }
  }
}
