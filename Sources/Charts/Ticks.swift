/// Evenly spaced ticks at multiples of 1, 2 or 5 × 10^k (d3's rule) that enclose the data. All
/// numbers are integers, so that a label can never be 0.30000004.
package struct Ticks: Sendable, Equatable {
  /// The first and the last tick, as multiples of the step.
  package let indices: ClosedRange<Int>
  /// The first digit of the step: 1, 2 or 5.
  package let mantissa: Int
  /// The step is `mantissa × 10^exponent`.
  package let exponent: Int

  /// Ticks from at most `low` to at least `high`, in about `count` steps.
  ///
  /// Values too large for the arithmetic are limited; a range too narrow for labels is widened.
  package init(covering low: Double, _ high: Double, about count: Int, wholeNumbers: Bool = false) {
    let (low, high) = Self.drawable(low, high)
    let rough = (high - low) / Double(max(count, 1))
    var exponent = Logarithm.decade(rough)
    let error = rough / Logarithm.power(exponent)
    var mantissa = error >= 7.0710678 ? 10 : error >= 3.1622777 ? 5 : error >= 1.4142136 ? 2 : 1
    if mantissa == 10 {
      mantissa = 1
      exponent += 1
    }
    if wholeNumbers && exponent < 0 { (mantissa, exponent) = (1, 0) }
    self.mantissa = mantissa
    self.exponent = exponent
    let first = Self.steps(low, mantissa, exponent, .down)
    indices = first...max(Self.steps(high, mantissa, exponent, .up), first + 1)
  }

  package var values: [Double] { indices.map(value) }

  package var labels: [String] {
    let largest = max(indices.lowerBound.magnitude, indices.upperBound.magnitude)
    let decade = String(largest * mantissa.magnitude).count - 1 + exponent
    let isWrittenOut = (-4...6).contains(decade)
    return indices.map {
      if $0 == 0 { return "0" }
      return isWrittenOut
        ? NumberText.decimal($0 * mantissa, exponent: exponent)
        : NumberText.scientific($0 * mantissa, exponent: exponent)
    }
  }

  private func value(_ index: Int) -> Double {
    let units = Double(index * mantissa)
    return exponent < 0
      ? units / Logarithm.power(-exponent) : units * Logarithm.power(exponent)
  }

  /// `value` in steps, rounded outwards unless it equals a tick up to rounding errors.
  private static func steps(
    _ value: Double, _ mantissa: Int, _ exponent: Int, _ rule: FloatingPointRoundingRule
  ) -> Int {
    let scaled =
      exponent < 0 ? value * Logarithm.power(-exponent) : value / Logarithm.power(exponent)
    let steps = scaled / Double(mantissa)
    let nearest = steps.rounded()
    return Int((steps - nearest).magnitude < 1e-6 ? nearest : steps.rounded(rule))
  }

  private static func drawable(_ low: Double, _ high: Double) -> (Double, Double) {
    guard low.isFinite, high.isFinite, low <= high else { return (0, 1) }
    let low = min(max(low, -1e300), 1e300)
    let high = min(max(high, -1e300), 1e300)
    let magnitude = max(low.magnitude, high.magnitude)
    if magnitude < 1e-280 { return (-1, 1) }
    if high - low > magnitude * 1e-9 { return (low, high) }
    return (low - magnitude / 2, high + magnitude / 2)
  }
}
