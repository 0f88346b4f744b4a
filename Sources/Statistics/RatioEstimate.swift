/// The ratio Σ numerators / Σ denominators over documents, with its standard error by
/// linearisation.
///
/// Source: Cochran, Sampling Techniques, 3rd ed., section 2.11. The residuals are
/// numerator − ratio · denominator; for a plain mean this is Student's standard error.
package struct RatioEstimate: Sendable, Equatable {
  package let value: Double
  /// The standard error of `value`.
  package let deviation: Double
  package let documents: Int

  /// The ratio for one numerator and one denominator per document.
  package init(numerators: [Double], denominators: [Double]) {
    precondition(
      numerators.count == denominators.count,
      "\(numerators.count) numerators for \(denominators.count) denominators")
    let total = denominators.reduce(0, +)
    let ratio = numerators.reduce(0, +) / total
    let squares = zip(numerators, denominators).reduce(0.0) { sum, pair in
      let residual = pair.0 - ratio * pair.1
      return sum + residual * residual
    }
    let count = Double(numerators.count)
    value = ratio
    deviation = count > 1 ? (count / (count - 1) * squares).squareRoot() / abs(total) : 0
    documents = numerators.count
  }

  /// Whether the documents differ by more than the rounding of float32 numbers.
  var varies: Bool { deviation > 1e-7 * abs(value) }

  /// Student's t interval of the ratio.
  package func interval(confidence: Double) -> Interval {
    let reach =
      StudentDistribution(degrees: Double(documents - 1)).quantile((1 + confidence) / 2)
      * deviation
    return Interval(estimate: value, lower: value - reach, upper: value + reach)
  }

  /// The two-sided p value of the hypothesis that the ratio is zero, by Student's t; nil where the
  /// documents do not differ or are too few for an interval.
  package var pValue: Double? {
    guard documents >= DocumentIntervals.fewest, varies, value.isFinite else { return nil }
    let student = StudentDistribution(degrees: Double(documents - 1))
    return 2 * student.cumulative(-abs(value / deviation))
  }
}
