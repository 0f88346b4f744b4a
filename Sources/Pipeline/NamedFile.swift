import Diagnostics
import StudyFile

/// What a command may be given: the study of one neuron, or an atlas.
package enum NamedFile: Sendable {
  case study(StudyFile)
  case atlas(AtlasFile)

  /// The name of the folder that is published, and where the file was read.
  package var place: (slug: String, file: String) {
    switch self {
    case .study(let file): ("reports/" + file.slug, file.origin.file)
    case .atlas(let file): ("atlases/" + file.slug, file.origin.file)
    }
  }

  /// Refuses files of which two would publish the same folder.
  ///
  /// - Throws: `Diagnostic` of kind `.study`.
  package static func checkFolders(_ files: [NamedFile]) throws {
    var origins: [String: String] = [:]
    for (slug, file) in files.map(\.place) {
      guard let other = origins.updateValue(file, forKey: slug) else { continue }
      throw Diagnostic(
        .study, file: file, field: "slug", expected: "a folder of its own, other than \(other)",
        found: "the same: \(slug)",
        advice: other == file
          ? "Name every study once." : "Give one of them another slug: or title:.")
    }
  }
}
