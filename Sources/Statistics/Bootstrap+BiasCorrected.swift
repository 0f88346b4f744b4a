extension Bootstrap {
  /// The BCa interval of Σ numerators / Σ denominators over documents: a percentile interval whose
  /// ends are moved by the resamples' bias and by the acceleration of the jackknife.
  ///
  /// The resamples are those of `interval(numerators:denominators:)`. The result is nil where that
  /// interval is nil, and where the documents do not differ.
  ///
  /// Source: Efron 1987; `scipy.stats.bootstrap(method="BCa")`.
  /// - Complexity: O(resamples · documents).
  package func biasCorrected(numerators: [Double], denominators: [Double]) -> Interval? {
    guard let (estimate, ratios) = ratios(numerators: numerators, denominators: denominators)
    else { return nil }
    let totals = (numerators.reduce(0, +), denominators.reduce(0, +))
    let without = zip(numerators, denominators).map { (totals.0 - $0) / (totals.1 - $1) }
    let mean = without.reduce(0, +) / Double(without.count)
    let moments = without.reduce(into: (square: 0.0, cube: 0.0)) { sums, value in
      let difference = mean - value
      sums.square += difference * difference
      sums.cube += difference * difference * difference
    }
    let below = ratios.count { $0 < estimate } + ratios.count { $0 <= estimate }
    let bias = NormalDistribution.quantile(Double(below) / Double(2 * ratios.count))
    let acceleration = moments.cube / (6 * moments.square * moments.square.squareRoot())
    guard bias.isFinite, acceleration.isFinite else { return nil }
    let shares = [(1 - confidence) / 2, (1 + confidence) / 2].map { share in
      let moved = bias + NormalDistribution.quantile(share)
      return NormalDistribution.cumulative(bias + moved / (1 - acceleration * moved))
    }
    let bounds = Quantile.linear(of: ratios, at: shares)
    return Interval(estimate: estimate, lower: bounds[0], upper: bounds[1])
  }
}
