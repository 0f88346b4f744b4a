/// An estimate with an interval, which covers the estimated quantity in 95 % of samples, or in
/// another stated share.
package struct Interval: Sendable, Equatable, BitwiseCopyable {
  package let estimate: Double
  package let lower: Double
  package let upper: Double

  package init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }
}

/// Chooses the kind of interval that a number over documents carries, by how many there are.
///
/// Tokens of one document are not independent, so the document is the unit. A simulation in the
/// tests measures how often each kind covers the true value.
package struct DocumentIntervals: Sendable, Equatable {
  /// The least number of documents that carries an interval: with fewer no kind covers its 95 %.
  package static let fewest = 10
  /// The most documents that get Student's interval; more of them get BCa.
  package static let mostForStudent = 40

  package var bootstrap: Bootstrap

  package init(_ bootstrap: Bootstrap = Bootstrap()) {
    self.bootstrap = bootstrap
  }

  /// The interval of Σ numerators / Σ denominators over documents.
  ///
  /// The result is nil for fewer than ten documents with a denominator above 0, where the documents
  /// do not differ, and where the estimate is not finite.
  /// - Complexity: O(resamples · documents) above 40 documents.
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

  /// The interval of Matthews' correlation of the documents' summed counts: Student's interval of
  /// the jackknife's pseudovalues of Fisher's z, which stays between −1 and 1.
  ///
  /// The result is nil for fewer than ten documents, and where the correlation of all documents, or
  /// of all but one, is −1 or 1: there the spread says nothing.
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
