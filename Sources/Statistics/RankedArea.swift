#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An area under a ROC curve with DeLong's variance.
package struct RankedArea: Sendable, Equatable, BitwiseCopyable {
  /// The share of pairs in which the positive is larger; a tie counts half.
  package let value: Double
  /// The variance of `value` (DeLong, DeLong and Clarke-Pearson 1988).
  package let variance: Double
  package let positives: Int
  package let negatives: Int

  package init(value: Double, variance: Double, positives: Int, negatives: Int) {
    (self.value, self.variance) = (value, variance)
    (self.positives, self.negatives) = (positives, negatives)
  }

  /// Cliff's delta: the share of pairs in which the positive is larger, less the share in which it is
  /// smaller.
  package var delta: Double { 2 * value - 1 }

  /// The interval on the logit scale, whose ends stay between 0 and 1.
  ///
  /// Where no pair or every pair is won, or all values are equal, the placements do not vary and
  /// DeLong's interval would have no width; then it is the score interval of Newcombe 2006 (method
  /// 5), whose width comes from the number of values.
  package func interval(confidence: Double) -> Interval {
    interval(z: NormalDistribution.quantile((1 + confidence) / 2))
  }

  /// The same interval by the half of its width, in deviations.
  package func interval(z: Double) -> Interval {
    guard variance > 0, value > 0, value < 1 else { return scoreInterval(z: z) }
    let logit = log(value / (1 - value))
    let reach = z * variance.squareRoot() / (value * (1 - value))
    func area(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    return Interval(estimate: value, lower: area(logit - reach), upper: area(logit + reach))
  }

  /// The areas t for which |value − t| = z · deviation(t), with the deviation that Hanley and McNeil
  /// 1982 give of an area t and groups of equal size.
  func scoreInterval(z: Double) -> Interval {
    func excess(_ t: Double) -> Double {
      let size = Double(positives + negatives) / 2 - 1
      let spread = t * (1 - t) * (1 + size * ((1 - t) / (2 - t) + t / (1 + t)))
      return (value - t) * (value - t) * Double(positives) * Double(negatives) - z * z * spread
    }
    let lower = excess(0) <= 0 ? 0 : Bisection.root(from: 0, to: value, of: { -excess($0) })
    let upper = excess(1) <= 0 ? 1 : Bisection.root(from: value, to: 1, of: excess)
    return Interval(estimate: value, lower: lower, upper: upper)
  }
}
