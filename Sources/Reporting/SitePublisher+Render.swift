import Diagnostics
import Dispatch
import Storage
import Synchronization

extension SitePublisher {
  /// The result of rendering published reports again.
  package struct Rendered: Sendable {
    /// The reports that were written, in the order requested; the others were up to date.
    package let written: [String]
    /// The faults of reports that cannot be read; the index lists those by name only.
    package let faults: [Diagnostic]

    package init(written: [String], faults: [Diagnostic]) {
      self.written = written
      self.faults = faults
    }
  }

  /// Renders published reports again from their findings, in parallel, then the index once. A
  /// report is kept if nothing that it depends on has changed and its files are intact.
  ///
  /// - Throws: the errors of `publish`; reports written before the error stay written.
  package func render(_ slugs: [String]) throws -> Rendered {
    try folder.locked { locked in
      for slug in slugs { try checkOwnership(slug: slug) }
      try clearLeftovers(locked)
      let outcomes = Mutex<[Int: Result<Outcome, any Error>]>([:])
      let writer = Writer(locked)
      DispatchQueue.concurrentPerform(iterations: slugs.count) { index in
        let outcome = Result { try render(slugs[index], writer) }
        outcomes.withLock { $0[index] = outcome }
      }
      let done = outcomes.withLock { $0 }
      let found = try slugs.indices.compactMap { try done[$0]?.get() }
      return Rendered(
        written: zip(slugs, found).filter(\.1.isWritten).map(\.0),
        faults: found.compactMap(\.fault) + (try rebuildIndex(locked)))
    }
  }

  private struct Outcome: Sendable {
    var isWritten = false
    var fault: Diagnostic?
  }

  /// The folder with its lock, shared by all workers: each worker writes only its own report's
  /// folder.
  private struct Writer: @unchecked Sendable {
    let folder: LockedFolder

    init(_ folder: LockedFolder) { self.folder = folder }
  }

  private func render(_ slug: String, _ writer: Writer) throws -> Outcome {
    let file = try FileBytes(reading: path(slug, FindingsFile.name))
    let (before, fault) = history(of: slug)
    let key = ContentKey("a rendered report", pages.content + [file.sha256, try before.text])
    if let cache, let sealed = cache.value(String.self, for: key),
      let integrity = try? ReportIntegrity(of: "\(folder.path)/\(Self.reports)/\(slug)"),
      integrity.checksum == sealed, integrity.faults.isEmpty
    {
      return Outcome(fault: fault)
    }
    let found = try FindingsFile(reading: file)
    let report = Report(found, fallbackDate: pages.fallbackDate)
    let files = try files(
      of: Prepared(report, pages: pages), history: before, provenance: nil)
    try writer.folder.replaceFolder(slug, in: Self.reports, with: files)
    if let cache, let sealed = files.first(where: { $0.path == Provenance.name }),
      let history = files.first(where: { $0.path == History.name })
    {
      let key = ContentKey("a rendered report", pages.content + [file.sha256, history.text])
      cache.keep(Checksum.sha256(of: sealed.text), for: key)
    }
    return Outcome(isWritten: true, fault: fault)
  }
}
