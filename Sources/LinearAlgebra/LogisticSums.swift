import CKernels

/// The loss of a logistic regression of one feature at (w, b), and the sums that a Newton step
/// needs: Σg, Σg·x and Σh, Σh·x, Σh·x², where g and h are the derivatives by the log-odds.
package struct LogisticSums: Sendable {
  package let loss: Double
  /// Σg and Σg·x, from the first derivative g.
  package let slope: Double
  package let slopeX: Double
  /// Σh, Σh·x and Σh·x², from the second derivative h.
  package let curve: Double
  package let curveX: Double
  package let curveXX: Double
  /// The largest |x| of the rows that are not left out.
  package let reach: Double

  /// - Parameters:
  ///   - feature: x + mean of each row.
  ///   - signs: +1 or −1 by the row's label; 0 leaves the row out.
  ///   - w: the coefficient of x; `b` is the intercept.
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
