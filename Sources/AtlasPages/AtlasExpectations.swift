import Analyses
import Atlas
import Diagnostics
import Storage
import StudyFile

extension ResolvedAtlas {
  /// Reads and checks everything that an atlas names, the figures it expects included.
  ///
  /// - Throws: `Diagnostic`, or `Diagnostics` if there are several.
  package static func checked(
    _ file: AtlasFile, corporaFolder folder: String? = nil, environment: [String: String],
    cache: ContentCache? = nil
  ) throws -> ResolvedAtlas {
    try AtlasExpectations.check(file)
    return try ResolvedAtlas(
      file, corporaFolder: folder, environment: environment, cache: cache)
  }
}

/// Checks the addresses of an atlas's expectations before the model runs.
package enum AtlasExpectations {
  /// - Throws: `Diagnostic` of kind `.study` for an address that no findings of the atlas could have.
  package static func check(_ file: AtlasFile) throws {
    let labels = FigureExtent("labels", .names(file.corpora.map(\.name)))
    for (index, expectation) in file.expect.enumerated() {
      do {
        try FigureCatalogue.check(
          expectation.figure.steps[...], in: AtlasSchema.shape, [labels], is: .number)
      } catch {
        throw file.diagnostic(
          "expect[\(index)].figure", expected: error.expected, found: error.found,
          advice: error.advice)
      }
    }
  }
}
