#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution.
package enum NormalDistribution {
  /// The share of the distribution below `z` (`scipy.stats.norm.cdf`).
  package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The value below which `share` of the distribution lies (`scipy.stats.norm.ppf`); infinite at 0 and 1.
  package static func quantile(_ share: Double) -> Double {
    guard share > 0 else { return -.infinity }
    guard share < 1 else { return .infinity }
    return Bisection.root(from: -40, to: 40, of: { cumulative($0) - share })
  }
}

/// Student's t distribution.
package struct StudentDistribution: Sendable {
  package let degrees: Double

  package init(degrees: Double) {
    self.degrees = degrees
  }

  /// The share of the distribution below `t` (`scipy.stats.t.cdf`).
  package func cumulative(_ t: Double) -> Double {
    // Near the middle the share is computed from the middle, in a tail from the tail's end: the
    // smaller part keeps its digits.
    if t * t < degrees {
      let half = IncompleteBeta.share(below: t * t / (degrees + t * t), 0.5, degrees / 2) / 2
      return t > 0 ? 0.5 + half : 0.5 - half
    }
    let tail = IncompleteBeta.share(below: degrees / (degrees + t * t), degrees / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The value below which `share` of the distribution lies (`scipy.stats.t.ppf`); infinite at 0 and 1.
  package func quantile(_ share: Double) -> Double {
    guard share > 0 else { return -.infinity }
    guard share < 1 else { return .infinity }
    // The upper half mirrors the lower, which keeps the digits of small tails.
    if share > 0.5 { return -quantile(1 - share) }
    var low = -1.0
    while cumulative(low) > share { low *= 2 }
    return Bisection.root(from: low, to: 0, of: { cumulative($0) - share })
  }
}

/// The regularised incomplete beta function I_x(a, b).
///
/// Source: Numerical Recipes, section 6.4 (Lentz's continued fraction).
enum IncompleteBeta {
  /// I_x(a, b), the share of the beta distribution below `x`.
  static func share(below x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
  }

  /// The continued fraction of I_x(a, b), by Lentz's method.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d)
      c = nonzero(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return result
  }
}

/// Fisher's transformation of a correlation; infinite at ±1.
enum FisherZ {
  static func of(_ correlation: Double) -> Double { atanh(correlation) }
  static func correlation(_ z: Double) -> Double { tanh(z) }
}

enum Bisection {
  /// The point at which the increasing function `rising` crosses zero, to the last bit.
  static func root(
    from low: Double, to high: Double, of rising: (Double) -> Double
  ) -> Double {
    var (low, high) = (low, high)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if rising(middle) < 0 { low = middle } else { high = middle }
    }
  }
}
