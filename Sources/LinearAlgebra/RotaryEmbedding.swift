#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rotary position embedding on the first dimensions of every head (Su et al. 2021), in halves
/// (i, i + n/2) as GPT-NeoX has it, or in adjacent pairs (2i, 2i + 1) as GPT-J has it.
package struct RotaryEmbedding: Sendable {
  private let half: Int
  private let isAdjacent: Bool
  private let cosines: [Float]
  private let sines: [Float]

  /// Angles position/divisor in float32 for every position of the context.
  ///
  /// - Parameters:
  ///   - divisors: one for each pair of dimensions
  ///   - adjacent: whether the dimensions of a pair lie side by side
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

  /// Turns `heads` heads that lie side by side from `column` on.
  ///
  /// - Parameters:
  ///   - x: `[≥ first + count, …]`
  ///   - first: the row of position 0
  ///   - count: how many positions
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
