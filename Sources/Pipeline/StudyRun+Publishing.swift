import Reporting
import Storage

extension StudyRun {
  /// Publishes the report, or keeps the published one if nothing has changed.
  ///
  /// - Parameter singleFile: a file into which the report is also written as a single page.
  /// - Throws: `Diagnostic`.
  package func publish(
    by publisher: SitePublisher, singleFile: OutputFile? = nil
  ) throws -> SitePublisher.Published {
    let key = try cache.map { _ in try publishedKey(publisher) }
    if let cache, let key, singleFile == nil, activations == nil,
      let provenance = cache.value(String.self, for: key),
      let kept = try publisher.keep(slug: study.file.slug, provenance: provenance)
    {
      progress.announce("Nothing has changed since it was published.")
      return kept
    }
    let outcome = try outcome()
    let report = Report(outcome.findings, fallbackDate: publisher.pages.fallbackDate)
    let page = try singleFile.map { _ in try publisher.pages.singleFile(report) }
    let published = try publisher.publish(report, provenance: try outcome.provenance.text)
    if let singleFile, let page { try singleFile.write(page) }
    if let cache, let key, let provenance = published.provenance {
      cache.keep(provenance, for: key)
    }
    return published
  }

  /// The cache key of a published report, made of everything that its files depend on.
  private func publishedKey(_ publisher: SitePublisher) throws -> ContentKey {
    ContentKey(
      "a published report",
      try study.content() + publisher.pages.content
        + [study.notes ?? "", study.file.origin.file, study.source.name]
        + [study.source.snapshot ?? ""] + study.corpora.all.flatMap { $0.files.map(\.path) })
  }
}
