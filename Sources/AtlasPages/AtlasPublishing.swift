import Diagnostics
import Reporting
import Storage
import StudyFile

extension SitePublisher {
  /// Reads a published atlas, without how it was made: no published file depends on that.
  ///
  /// - Throws: `Diagnostic`.
  package func atlas(_ slug: String) throws -> AtlasReport {
    try AtlasReport(
      reading: FileBytes(reading: atlasPath(slug, FindingsFile.name)),
      fallbackDate: pages.fallbackDate)
  }

  /// Publishes an atlas and rebuilds the index.
  ///
  /// - Parameter provenance: the text of `provenance.json`; nil keeps the published one.
  /// - Throws: `Diagnostic`, also of kind `.resources` for a page that exceeds its budget; the atlas is
  ///   published completely or stays as it was.
  package func publish(_ report: AtlasReport, provenance: String?) throws -> Published {
    try publish(
      atlas: report.slug, try AtlasSite(report, pages: pages).files, provenance: provenance)
  }

  /// Renders published atlases again from their findings.
  ///
  /// - Returns: the faults of other reports and atlases of the site.
  /// - Throws: the errors of `publish`.
  package func render(atlases: [String]) throws -> [Diagnostic] {
    var faults: [Diagnostic] = []
    for slug in atlases {
      faults = try publish(try atlas(slug), provenance: nil).faults
    }
    return faults
  }
}
