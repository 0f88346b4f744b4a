#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rotary position embedding on the first dimensions of every head, in halves (i, i + dim/2), as
/// GPT-NeoX has it (Su et al. 2021; TransformerLens `rotary_adjacent_pairs=False`).
package struct RotaryEmbedding: Sendable {
  private let half: Int
  private let cosines: [Float]
  private let sines: [Float]

  /// Angles pos/base^(2i/dim) in float32 for every position of the context.
  package init(dimensions: Int, base: Float, context: Int) {
    precondition(dimensions % 2 == 0, "\(dimensions) rotary dimensions cannot be halved")
    half = dimensions / 2
    let frequencies = (0..<half).map { pow(base, Float(2 * $0) / Float(dimensions)) }
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(context * half)
    sines.reserveCapacity(context * half)
    for position in 0..<context {
      for frequency in frequencies {
        let angle = Float(position) / frequency
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
        && count * half <= cosines.count,
      "rotary embedding of \(count) positions past the context or the matrix")
    let (half, stride) = (half, x.columns)
    x.elements.withUnsafeMutableBufferPointer { x in
      for position in 0..<count {
        for head in 0..<heads {
          let start = (first + position) * stride + column + head * headSize
          for i in 0..<half {
            let (cosine, sine) = (cosines[position * half + i], sines[position * half + i])
            let (low, high) = (x[start + i], x[start + half + i])
            x[start + i] = low * cosine - high * sine
            x[start + half + i] = high * cosine + low * sine
          }
        }
      }
    }
  }
}
