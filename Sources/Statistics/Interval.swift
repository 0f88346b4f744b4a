/// An estimate and the interval that holds what it estimates in 95 % of samples, or in another
/// stated share.
package struct Interval: Sendable, Equatable {
  package let estimate: Double
  package let lower: Double
  package let upper: Double

  package init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }
}

/// Which interval a number over documents carries.
///
/// Tokens of one document are not independent, so the document is the unit. A simulation in the
/// tests shows what each kind covers.
package struct DocumentIntervals: Sendable, Equatable {
  /// Fewer documents than these carry no interval: none of the kinds holds what it says there.
  package static let fewest = 10
  /// Up to so many documents the interval is Student's; beyond it is BCa.
  package static let mostForStudent = 40

  package var bootstrap: Bootstrap

  package init(_ bootstrap: Bootstrap = Bootstrap()) {
    self.bootstrap = bootstrap
  }

  /// The interval of Σ numerators / Σ denominators over documents.
  ///
  /// Nil for fewer than ten documents with a denominator, where the documents do not differ, and
  /// where the estimate is not finite.
  /// - Complexity: O(resamples · documents) beyond 40 documents.
  package func interval(numerators: [Double], denominators: [Double]) -> Interval? {
    let pairs = zip(numerators, denominators).filter { $0.1 > 0 }
    guard pairs.count >= Self.fewest else { return nil }
    let (numerators, denominators) = (pairs.map(\.0), pairs.map(\.1))
    let ratio = RatioEstimate(numerators: numerators, denominators: denominators)
    guard ratio.value.isFinite, ratio.varies else { return nil }
    return pairs.count <= Self.mostForStudent
      ? ratio.interval(confidence: bootstrap.confidence)
      : bootstrap.biasCorrected(numerators: numerators, denominators: denominators)
  }

  /// The interval of the mean of one value per document.
  package func interval(mean values: [Double]) -> Interval? {
    interval(numerators: values, denominators: values.map { _ in 1 })
  }

  /// The interval of Matthews' correlation over documents, whose counts are added up: Student's, of
  /// the jackknife's pseudovalues of Fisher's z, which keeps it inside −1 and 1.
  ///
  /// Nil for fewer than ten documents, and where the correlation of all documents, or of all but
  /// one, is at its edge: there the spread says nothing.
  package func interval(mcc documents: [ClassificationMetrics]) -> Interval? {
    let documents = documents.filter { $0.count > 0 }
    let count = Double(documents.count)
    let all = documents.reduce(into: ClassificationMetrics()) { $0 += $1 }
    guard documents.count >= Self.fewest else { return nil }
    let z = FisherZ.of(all.mcc)
    let without = documents.map { FisherZ.of((all - $0).mcc) }
    guard z.isFinite, without.allSatisfy(\.isFinite) else { return nil }
    let pseudovalues = without.map { count * z - (count - 1) * $0 }
    let ratio = RatioEstimate(numerators: pseudovalues, denominators: pseudovalues.map { _ in 1 })
    guard ratio.varies else { return nil }
    let reach =
      StudentDistribution(degrees: count - 1)
      .quantile((1 + bootstrap.confidence) / 2) * ratio.deviation
    return Interval(
      estimate: all.mcc, lower: FisherZ.correlation(z - reach),
      upper: FisherZ.correlation(z + reach))
  }
}
