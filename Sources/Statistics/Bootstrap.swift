/// A percentile interval by resampling documents, since tokens of one document are not independent.
///
/// In NumPy, the same resamples and the same interval:
/// ```
/// chosen = np.random.RandomState(seed).randint(0, n, size=(resamples, n))
/// ratios = numerators[chosen].sum(1) / denominators[chosen].sum(1)
/// np.quantile(ratios, [(1 - confidence) / 2, (1 + confidence) / 2])
/// ```
package struct Bootstrap: Sendable, Equatable {
  package var resamples = 10_000
  /// The share of resamples that lie inside the interval.
  package var confidence = 0.95
  package var seed: UInt32 = 0

  package init(resamples: Int = 10_000, confidence: Double = 0.95, seed: UInt32 = 0) {
    self.resamples = resamples
    self.confidence = confidence
    self.seed = seed
  }

  /// The percentile interval of Σ numerators / Σ denominators over documents. With the sum and the
  /// number of tokens of each document it is the interval of a mean per token.
  ///
  /// A resample whose ratio is not a number (no tokens at all) is left out. The result is nil when
  /// there is no document, no resample, or the estimate itself is not finite.
  /// - Complexity: O(resamples · documents).
  package func interval(numerators: [Double], denominators: [Double]) -> Interval? {
    guard let (estimate, ratios) = ratios(numerators: numerators, denominators: denominators)
    else { return nil }
    let tail = (1 - confidence) / 2
    let bounds = Quantile.linear(of: ratios, at: [tail, 1 - tail])
    return Interval(estimate: estimate, lower: bounds[0], upper: bounds[1])
  }

  /// The ratio over all documents and the finite ratios of the resamples; nil when either is
  /// missing.
  func ratios(
    numerators: [Double], denominators: [Double]
  ) -> (estimate: Double, resampled: [Double])? {
    precondition(
      numerators.count == denominators.count,
      "\(numerators.count) numerators for \(denominators.count) denominators")
    let documents = zip(numerators, denominators).map { SIMD2($0, $1) }
    let total = documents.reduce(.zero, +)
    let estimate = total.x / total.y
    guard estimate.isFinite, resamples > 0, let last = UInt32(exactly: documents.count - 1) else {
      return nil
    }
    var generator = MersenneTwister(seed: seed)
    var ratios: [Double] = []
    ratios.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = SIMD2<Double>.zero
      for _ in documents.indices { sum += documents[Int(generator.integer(through: last))] }
      let ratio = sum.x / sum.y
      if ratio.isFinite { ratios.append(ratio) }
    }
    return ratios.isEmpty ? nil : (estimate, ratios)
  }

  /// The interval of the mean of one value per document.
  package func interval(mean values: [Double]) -> Interval? {
    interval(numerators: values, denominators: values.map { _ in 1 })
  }
}
