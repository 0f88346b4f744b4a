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
    to x: inout Matrix, first: Int, count: Int, column: Int, heads: Int, headSize: Int
  ) {
    precondition(
      first + count <= x.rows && column + heads * headSize <= x.columns
        && count * half <= cosines.count && 2 * half <= headSize,
      "rotary embedding of \(count) positions past the context or the matrix")
    let (half, stride) = (half, x.columns)
    let (step, other) = isAdjacent ? (2, 1) : (1, half)
    x.elements.withUnsafeMutableBufferPointer { x in
      for position in 0..<count {
        for head in 0..<heads {
          let start = (first + position) * stride + column + head * headSize
          for i in 0..<half {
            let (cosine, sine) = (cosines[position * half + i], sines[position * half + i])
            let place = start + i * step
            let (low, high) = (x[place], x[place + other])
            x[place] = low * cosine - high * sine
            x[place + other] = high * cosine + low * sine
          }
        }
      }
    }
  }
}
