import Atlas
import JSON
import Reporting

/// The JSON Schema of an atlas's `findings.json`, derived from the types that write it.
package enum AtlasSchema {
  package static var json: JSON {
    FindingsSchema.document(
      of: AtlasFindings.self, title: "findings.json of an atlas",
      required: ["format", "kind", "file", "model", "labels", "cells"])
  }
}
