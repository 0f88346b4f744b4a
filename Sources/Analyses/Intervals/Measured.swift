import Charts
import ReportModel
import Statistics
import StudyFile

extension StudyFile {
  /// The bootstrap of an analysis: as many resamples as the study says, with the probes' seed.
  func bootstrap(of id: String) -> Bootstrap {
    Bootstrap(
      resamples: size(of: id, "resamples"), seed: UInt32(truncatingIfNeeded: probe.seed))
  }
}

/// A number with its 95 % interval over documents (`DocumentIntervals`), if it has one.
package struct Measured: Codable, Sendable, Equatable {
  package var value: Double
  /// The interval's ends; nil for fewer than ten documents, and where the documents do not differ.
  package var low: Double?
  package var high: Double?

  package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The ratio Σ numerators / Σ denominators over documents; 0 if that is not a number.
  ///
  /// - Parameter bootstrap: nil leaves the interval out
  package init(numerators: [Double], denominators: [Double], bootstrap: Bootstrap?) {
    let ratio = numerators.reduce(0, +) / denominators.reduce(0, +)
    let value = ratio.isFinite ? ratio : 0
    self.init(
      value,
      bootstrap.flatMap {
        DocumentIntervals($0).interval(numerators: numerators, denominators: denominators)
      })
  }

  private init(_ value: Double, _ interval: Interval?) {
    self.init(value, low: interval?.lower, high: interval?.upper)
  }

  /// The mean of one number per document.
  package init(meanOf values: [Double], bootstrap: Bootstrap?) {
    self.init(
      numerators: values, denominators: values.map { _ in 1 }, bootstrap: bootstrap)
  }

  /// Matthews' correlation of all documents' judgements together.
  package init(mccOf documents: [ClassificationMetrics], bootstrap: Bootstrap) {
    let all = documents.reduce(into: ClassificationMetrics()) { $0 += $1 }
    self.init(all.mcc, DocumentIntervals(bootstrap).interval(mcc: documents))
  }

  /// A share of documents with Wilson's interval.
  package init(share count: Int, of documents: Int) {
    let interval =
      documents < DocumentIntervals.fewest
      ? nil : ShareInterval.wilson(count, of: documents)
    self.init(Double(count) / Double(max(1, documents)), interval)
  }

  /// The same of the opposite quantity: what a loss falls by.
  package var negated: Measured {
    Measured(-value, low: high.map { -$0 }, high: low.map { -$0 })
  }

  package var hasInterval: Bool { low != nil && high != nil }

  /// Whether the interval lies above zero; false if there is none.
  package var isAboveZero: Bool { (low ?? 0) > 0 }

  /// Whether the interval includes zero; true if there is none, so a sentence checks `hasInterval`
  /// first.
  package var mayBeZero: Bool {
    guard let low, let high else { return true }
    return low <= 0 && high >= 0
  }

  /// The number and its interval, if any: `+0.0503 [0.0401, 0.0605]`.
  func words(_ decimals: Int) -> String {
    Wording.signed(value, decimals) + (interval(decimals).map { " \($0)" } ?? "")
  }

  /// The interval alone: `[0.0401, 0.0605]`; nil if there is none.
  func interval(_ decimals: Int) -> String? {
    guard let low, let high else { return nil }
    return "[\(Wording.fixed(low, decimals)), \(Wording.fixed(high, decimals))]"
  }

  var estimate: IntervalChart.Estimate { .init(value, low: low, high: high) }

  /// The number and the ends of its interval as cells of a table.
  func cells(_ decimals: Int) -> [DataTable.Cell] {
    [value, low, high].map { $0.map { .number($0, decimals: decimals) } ?? .missing }
  }
}
