import Atlas
import JSON
import Reporting

/// The JSON Schema of an atlas's `findings.json`, derived from the types that write it.
package enum AtlasSchema {
  /// The name by which `reportgen manual --schema` knows it.
  package static let name = "atlas"

  package static var json: JSON {
    FindingsSchema.document(
      of: AtlasFindings.self, title: "findings.json of an atlas",
      required: ["format", "kind", "file", "model", "labels", "cells"])
  }
}
