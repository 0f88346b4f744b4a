/// A classifier by one feature: a value belongs to the class whose mean is nearer.
///
/// The threshold is the midpoint of the two means, so sums are enough to find it. This is
/// scikit-learn's `NearestCentroid` on one feature, which also gives a tie to the negative class.
package struct NearestCentroid: Sendable, Equatable {
  package let threshold: Double
  /// Whether the positive class lies above the threshold; nil where the means are equal, so that
  /// nothing is predicted positive.
  package let isPositiveAbove: Bool?

  package init(positiveMean: Double, negativeMean: Double) {
    threshold = positiveMean + (negativeMean - positiveMean) / 2
    isPositiveAbove = positiveMean == negativeMean ? nil : positiveMean > negativeMean
  }

  /// Whether a value is nearer to the positive class's mean.
  package func predicts(_ value: Double) -> Bool {
    switch isPositiveAbove {
    case true?: value > threshold
    case false?: value < threshold
    case nil: false
    }
  }
}
