#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The cosine similarities to expect by chance: those of directions drawn uniformly from the unit
/// sphere.
package struct RandomDirections: Sendable {
  package let dimensions: Int

  package init(dimensions: Int) {
    self.dimensions = dimensions
  }

  /// The standard deviation of the cosine with a fixed direction: 1/√d.
  package var standardDeviation: Double { 1 / Double(max(1, dimensions)).squareRoot() }

  /// The mean of the largest |cosine| among `count` independent directions.
  ///
  /// The angle to a fixed axis has density ∝ sin^(d−2) θ on [0, π/2]; with G its distribution
  /// function, E max|cos| = ∫ (1 − (1 − G(θ))^count) sin θ dθ, here by the trapezoidal rule.
  package func expectedLargest(of count: Int) -> Double {
    guard dimensions > 1, count > 0 else { return dimensions == 1 ? 1 : 0 }
    let steps = 1 << 14
    let step = Double.pi / 2 / Double(steps)
    let sines = (0...steps).map { sin(Double($0) * step) }
    let densities = sines.map { pow($0, Double(dimensions - 2)) }
    let areas = zip(densities, densities.dropFirst()).map { ($0 + $1) / 2 }
    let whole = areas.reduce(0, +)
    var within = 0.0
    var sum = 0.0
    for index in 1...steps {
      within += areas[index - 1]
      let allOutside = exp(Double(count) * log1p(-min(1, within / whole)))
      sum += (1 - allOutside) * sines[index] * (index == steps ? 0.5 : 1)
    }
    return sum * step
  }
}
