#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rotary position embedding on the first dimensions of every head (Su et al. 2021). The dimensions
/// of a pair are (i, i + n/2) as in GPT-NeoX, or (2i, 2i + 1) as in GPT-J.
package struct RotaryEmbedding: Sendable {
  private let half: Int
  private let isAdjacent: Bool
  private let cosines: [Float]
  private let sines: [Float]

  /// Computes the angles position/divisor in float32 for every position of the context.
  ///
  /// - Parameters:
  ///   - divisors: one number for each pair of dimensions
  ///   - adjacent: whether the dimensions of a pair are adjacent, as in GPT-J
  package init(divisors: [Float], adjacent: Bool = false, context: Int) {
    half = divisors.count
    isAdjacent = adjacent
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(context * half)
    sines.reserveCapacity(context * half)
    for position in 0..<context {
      for divisor in divisors {
        let angle = Float(position) / divisor
        cosines.append(cos(angle))
        sines.append(sin(angle))
      }
    }
    self.cosines = cosines
    self.sines = sines
  }

  /// Rotates `heads` heads that are adjacent in the columns from `column` on.
  ///
  /// - Parameters:
  ///   - x: `[≥ first + count, …]`
  ///   - first: the row of position 0
  ///   - count: the number of positions
  package func apply(
    to x: inout Matrix, first: Int, count: Int, column: Int, heads: Int, headSize: Int,
    kernels: Kernels = .best
  ) {
    precondition(
      first + count <= x.rows && column + heads * headSize <= x.columns
        && count * half <= cosines.count && 2 * half <= headSize,
      "rotary embedding of \(count) positions past the context or the matrix")
    let (offset, stride) = (first * x.columns + column, x.columns)
    x.elements.withUnsafeMutableBufferPointer { x in
      guard let base = x.baseAddress else { return }
      kernels.table.rotary(
        base + offset, stride, count, heads, headSize, cosines, sines, half, isAdjacent ? 1 : 0)
    }
  }
}
