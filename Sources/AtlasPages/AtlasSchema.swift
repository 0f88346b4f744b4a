import Analyses
import Atlas
import JSON
import Reporting

/// The JSON Schema of an atlas's `findings.json`, and the shape that addresses of its figures follow.
package enum AtlasSchema {
  /// The name by which `reportgen manual --schema` knows it.
  package static let name = "atlas"

  package static var json: JSON {
    FindingsSchema.document(
      of: shape, title: "findings.json of an atlas",
      required: ["format", "kind", "file", "model", "labels", "cells"])
  }

  /// The shape of the findings, by the types that write them. The file's settings, the details of pages
  /// and the kinds of sets hold words that only their own types know.
  static var shape: FigureShape {
    object([
      ("format", .number), ("kind", .word), ("file", .unknown),
      ("model", .of(AtlasModel.self)), ("design", .of(AtlasDesign.self)),
      ("labels", .named(.of(AtlasLabel.self))), ("neurons", .of(NeuronColumns.self)),
      ("cells", .list(of: .of(LabelColumns.self))), ("nulls", .list(of: .of(NullLine.self))),
      ("clusters", .list(of: .of(NeuronCluster.self))), ("pages", .list(of: .unknown)),
      ("tokens", .list(of: .word)), ("sets", sets),
      ("checkpoints", .list(of: .of(AtlasCheckpoint.self))), ("notes", .list(of: .word)),
    ])
  }

  private static var sets: FigureShape {
    let numbers = FigureShape.list(of: .number)
    let effect = object([
      ("ranking", .word), ("label", .number), ("size", .number), ("neurons", numbers),
      ("change", numbers), ("low", numbers), ("high", numbers), ("has_intervals", .word),
    ])
    return object([
      ("documents", numbers), ("tokens", numbers), ("loss", numbers), ("sizes", numbers),
      ("effects", .list(of: effect)),
    ])
  }

  private static func object(_ members: [(String, FigureShape)]) -> FigureShape {
    .object(members.map { FigureShape.Member(name: $0.0, shape: $0.1) })
  }
}
