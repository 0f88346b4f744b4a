#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Independent standard normal numbers, made from NumPy's uniform ones (Box and Muller 1958).
package struct NormalDraws: Sendable {
  private var generator: MersenneTwister
  private var spare: Double?

  package init(seed: UInt32) {
    generator = MersenneTwister(seed: seed)
  }

  /// Draws one number.
  package mutating func next() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    // 1 − u lies in (0, 1], so that its logarithm is finite.
    let radius = (-2 * log(1 - generator.uniform())).squareRoot()
    let angle = 2 * Double.pi * generator.uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}
