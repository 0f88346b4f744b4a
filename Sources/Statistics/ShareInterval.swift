/// Intervals of a share, `successes` of `trials`, that hold at 0 and 1 too.
package enum ShareInterval {
  /// Wilson's score interval (1927); nil for no trials.
  package static func wilson(
    _ successes: Int, of trials: Int, confidence: Double = 0.95
  ) -> Interval? {
    guard trials > 0 else { return nil }
    let (n, z) = (Double(trials), NormalDistribution.quantile((1 + confidence) / 2))
    let share = Double(successes) / n
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / scale
    return Interval(
      estimate: share, lower: successes == 0 ? 0 : max(0, centre - reach),
      upper: successes == trials ? 1 : min(1, centre + reach))
  }
}
