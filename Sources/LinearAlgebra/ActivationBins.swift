import CKernels

/// The 64 bins that activations of all models are counted in. Their edges are fixed, so that counts of
/// any two runs can be added and compared.
///
/// Bin i holds what lies above edge i − 1 up to edge i. Octaves from 1/16 on have four bins, up to 64
/// and down to −2; the first and the last bin hold what lies beyond.
package enum ActivationBins {
  package static let count = 64
  /// The first bin of activations above 0.
  package static let firstPositive = 22

  /// The 63 edges between the bins, ascending.
  package static let edges: [Float] = {
    func step(_ index: Int) -> Float {
      let octave = Float(sign: .plus, exponent: index / 4 - 4, significand: 1)
      return octave * (1 + Float(index % 4) / 4)
    }
    return (0...20).map { -step(20 - $0) } + [0] + (0...40).map(step)
  }()

  /// The bin of a number that is not NaN.
  package static func bin(of value: Float) -> Int {
    edges.firstIndex { value <= $0 } ?? edges.count
  }
}

extension Kernels {
  /// Adds the activations of a block to the counts of their bins, `[columns, 64]`.
  package func countBins(_ x: Matrix, _ block: Block, into counts: inout [UInt32]) {
    counts.withUnsafeMutableBufferPointer { countBins(x, block, into: $0) }
  }

  /// Adds the activations of a block to the counts of their bins, `[columns, 64]`.
  package func countBins(
    _ x: Matrix, _ block: Block, into counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    block.check(in: x)
    precondition(
      counts.count == block.columns * ActivationBins.count,
      "\(counts.count) counts for \(block.columns) columns")
    x.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress, let counts = counts.baseAddress else { return }
      table.count_bins(base + block.offset(in: x), x.columns, block.rows, block.columns, counts)
    }
  }
}

/// The sums and extremes of columns over some rows.
package struct ColumnMoments: Sendable {
  package private(set) var sum: [Double]
  package private(set) var squares: [Double]
  package private(set) var least: [Float]
  package private(set) var most: [Float]
  /// The row of the first largest number, counted from the block's first.
  package private(set) var place: [Int32]

  package init(columns: Int) {
    sum = Array(repeating: 0, count: columns)
    squares = sum
    least = Array(repeating: 0, count: columns)
    most = least
    place = Array(repeating: 0, count: columns)
  }

  /// Reads a block anew.
  package mutating func read(_ x: Matrix, _ block: Block, kernels: Kernels) {
    block.check(in: x)
    precondition(block.columns == sum.count, "\(block.columns) columns into \(sum.count)")
    x.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      kernels.table.column_moments(
        base + block.offset(in: x), x.columns, block.rows, block.columns, &sum, &squares, &least,
        &most, &place)
    }
  }
}
