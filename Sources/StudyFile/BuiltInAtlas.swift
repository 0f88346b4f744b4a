import Diagnostics
import Storage

/// The atlases that are built into the program.
package enum BuiltInAtlas: String, Sendable, CaseIterable {
  case demo = "demo-atlas"

  /// The built-in atlas with a name; nil if there is none.
  package static func named(_ name: String) throws -> AtlasFile? {
    guard let atlas = Self(rawValue: name) else { return nil }
    return try AtlasFile(parsing: try atlas.file, folder: nil)
  }

  /// The file as it is embedded.
  package var file: FileBytes {
    get throws {
      if let file = try Folder.embedded.file("studies/\(rawValue).yml") { return file }
      throw Diagnostic(
        .resources, file: "builtin:studies/\(rawValue).yml", expected: "an embedded file",
        found: "none", advice: "Build the program again.")
    }
  }
}
