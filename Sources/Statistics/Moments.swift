/// The count, mean and central moments of a stream, from which variance, skew and kurtosis follow.
///
/// Parts of the stream are summed apart and merged (Chan, Golub and LeVeque 1979; Pébay 2008), so
/// no value is kept and no digits cancel. A NaN or an infinity among the values makes the moments
/// NaN.
package struct Moments: Sendable, Equatable {
  package private(set) var count = 0
  /// The mean; 0 for no values.
  package private(set) var mean = 0.0
  /// The central sums Σ(x − mean)², Σ(x − mean)³ and Σ(x − mean)⁴.
  private var second = 0.0
  private var third = 0.0
  private var fourth = 0.0

  package init() {}

  /// Computes the moments of `values` in two passes.
  package init(of values: [Float]) {
    guard !values.isEmpty else { return }
    count = values.count
    mean = values.reduce(0) { $0 + Double($1) } / Double(count)
    for value in values {
      let deviation = Double(value) - mean
      let square = deviation * deviation
      second += square
      third += square * deviation
      fourth += square * square
    }
  }

  /// The variance about the mean, divided by the count (`np.var`); 0 for no values.
  package var variance: Double { count == 0 ? 0 : second / Double(count) }

  /// The skewness g₁ (`scipy.stats.skew`), or nil when the values do not differ.
  package var skew: Double? {
    guard varies else { return nil }
    return third / Double(count) / (variance * variance.squareRoot())
  }

  /// The excess kurtosis g₂, 0 for a normal distribution (`scipy.stats.kurtosis`), or nil when
  /// the values do not differ.
  package var kurtosis: Double? {
    guard varies else { return nil }
    return fourth / Double(count) / (variance * variance) - 3
  }

  /// SciPy's test of whether values differ: a spread below the rounding of the mean is no spread.
  private var varies: Bool {
    let rounding = Double.ulpOfOne * mean
    return !(variance <= rounding * rounding)
  }

  /// Adds one value to the stream.
  package mutating func add(_ value: Double) {
    var single = Moments()
    single.count = 1
    single.mean = value
    merge(single)
  }

  /// Adds the values that `other` has seen.
  package mutating func merge(_ other: Moments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (a, b) = (Double(count), Double(other.count))
    let n = a + b
    let delta = other.mean - mean
    let shift = delta / n
    // The highest moment comes first, because each needs the lower ones as they were.
    fourth +=
      other.fourth + delta * shift * shift * shift * a * b * (a * a - a * b + b * b)
      + 6 * shift * shift * (a * a * other.second + b * b * second)
      + 4 * shift * (a * other.third - b * third)
    third +=
      other.third + delta * shift * shift * a * b * (a - b)
      + 3 * shift * (a * other.second - b * second)
    second += other.second + delta * shift * a * b
    mean += shift * b
    count += other.count
  }
}
