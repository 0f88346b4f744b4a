import CKernels

/// What Newton's method asks of the rows of a logistic regression of one feature: the loss at a
/// point, and its derivatives by the log-odds, summed as they are and times the feature.
package struct LogisticSums: Sendable {
  package let loss: Double
  /// First derivatives; and times x.
  package let slope: Double
  package let slopeX: Double
  /// Second derivatives; times x, and times x².
  package let curve: Double
  package let curveX: Double
  package let curveXX: Double
  /// The largest |x|.
  package let reach: Double

  /// - Parameters:
  ///   - feature: x + mean of each row.
  ///   - signs: +1 or −1 by label; 0 leaves a row out.
  ///   - w: the coefficient of x, and `b` the intercept.
  package init(
    _ feature: [Float], signs: [Float], mean: Double, w: Double, b: Double, kernels: Kernels = .best
  ) {
    precondition(
      feature.count == signs.count, "\(feature.count) values for \(signs.count) labels")
    var sums = logistic_sums()
    kernels.table.logistic(feature, signs, feature.count, mean, w, b, &sums)
    loss = sums.loss
    slope = sums.slope
    slopeX = sums.slope_x
    curve = sums.curve
    curveX = sums.curve_x
    curveXX = sums.curve_xx
    reach = sums.reach
  }
}
