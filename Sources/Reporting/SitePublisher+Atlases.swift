import Diagnostics
import Storage
import StudyFile

// A site's atlases lie beside its reports; an atlas's files are made by whoever knows its findings.
extension SitePublisher {
  /// The slugs of the site's atlases, sorted.
  package func atlasSlugs() throws -> [String] {
    try Self.slugs(in: folder, Self.atlases)
  }

  /// The path of a file of an atlas.
  package func atlasPath(_ slug: String, _ file: String = "") -> String {
    "\(folder.path)/\(Self.atlases)/\(slug)" + (file.isEmpty ? "" : "/\(file)")
  }

  /// Publishes the files of an atlas in one step and rebuilds the index.
  ///
  /// - Parameters:
  ///   - files: all files of the atlas but `provenance.json`; `entry.json` is among them
  ///   - provenance: the text of `provenance.json`; nil keeps the published one, because an atlas that
  ///     is only rendered again was not computed again
  /// - Throws: the errors of `publish` for a report.
  package func publish(
    atlas slug: String, _ files: [TextFile], provenance: String?
  ) throws -> Published {
    try folder.locked { locked in
      try checkOwnership(atlas: slug)
      try clearLeftovers(locked)
      let files = try sealed(files, of: "\(Self.atlases)/\(slug)", provenance: provenance)
      try locked.replaceFolder(slug, in: Self.atlases, with: files)
      return Published(
        faults: try rebuildIndex(locked), provenance: Self.provenanceChecksum(of: files))
    }
  }

  /// Refuses, before anything is computed, a folder into which the atlas cannot be published.
  ///
  /// - Throws: the errors of `prepare(slug:)`.
  package func prepare(atlas slug: String) throws {
    try checkOwnership(atlas: slug)
    try folder.checkWritable()
  }

  /// What an atlas's folder holds: files, and folders with the endings of their files.
  private static let atlasFiles: Set<String> = [
    "index.html", AtlasEntry.name, PullRequestSummary.name, FindingsFile.name, Provenance.name,
  ]
  private static let atlasFolders = [
    "labels": ".html", "layers": ".html", "neurons": ".html", "data": ".csv", "charts": ".svg",
    "search": ".js",
  ]

  /// Refuses a folder with files that no build has written.
  private func checkOwnership(atlas slug: String) throws {
    try checkSiteOwnership()
    let atlas = "\(Self.atlases)/\(slug)"
    for name in try folder.names(in: atlas) where !Self.isKept(name) {
      let path = "\(atlas)/\(name)"
      if Self.atlasFiles.contains(name) { continue }
      guard let ending = Self.atlasFolders[name], folder.isFolder(path) else { throw foreign(path) }
      for file in try folder.names(in: path) where !file.hasSuffix(ending) {
        throw foreign("\(path)/\(file)")
      }
    }
  }

  /// The lines of the site's index for its atlases, and the faults of those that cannot be read.
  func atlasEntries() throws -> (entries: [AtlasEntry], faults: [Diagnostic]) {
    var faults: [Diagnostic] = []
    let entries = try atlasSlugs().map { slug in
      do {
        var entry = try AtlasEntry(reading: atlasPath(slug, AtlasEntry.name))
        // If a folder was renamed, the address of its atlas is the folder's name.
        entry.slug = slug
        return entry
      } catch let fault as Diagnostic {
        faults.append(fault)
        return AtlasEntry(unreadable: slug)
      }
    }
    return (entries, faults)
  }
}
