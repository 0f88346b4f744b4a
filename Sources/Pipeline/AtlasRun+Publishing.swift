import AtlasPages
import Reporting
import Storage

extension AtlasRun {
  /// Computes the atlas, or takes what the cache has of it, and publishes its pages.
  ///
  /// - Throws: `Diagnostic`.
  package func publish(by publisher: SitePublisher) throws -> SitePublisher.Published {
    let outcome = try outcome()
    let report = AtlasReport(outcome.findings, fallbackDate: publisher.pages.fallbackDate)
    return try publisher.publish(report, provenance: try outcome.provenance.text)
  }
}
