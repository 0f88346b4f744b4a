import Analyses
import JSON
import StudyFile

/// The JSON Schema of `findings.json`, derived from the types that write it.
package enum FindingsSchema {
  package static var json: JSON {
    let analyses = Registry.all.map { analysis in
      JSON.Member(
        key: analysis.id, value: described(schema(of: analysis), type(of: analysis).question))
    }
    return object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string(FindingsFile.name)),
      ("type", .string("object")),
      ("required", .array(["findings", "format", "study"].map(JSON.string))),
      (
        "properties",
        object([
          ("format", object([("const", .number("1"))])),
          (
            "study",
            object([
              ("description", .string("The study as it was run, with every default filled in.")),
              ("type", .string("object")),
              (
                "required",
                .array(["title", "slug", "model", "target"].map(JSON.string))
              ),
            ])
          ),
          (
            "findings",
            object([
              ("description", .string("What each analysis found, by its id.")),
              ("type", .string("object")), ("properties", .object(analyses)),
              ("additionalProperties", .bool(false)),
            ])
          ),
        ])
      ),
    ])
  }

  /// The schema of a file that holds one value of a shape.
  package static func document(
    of shape: FigureShape, title: String, required: [String]
  ) -> JSON {
    guard case .object(let members) = schema(shape) else { return .bool(true) }
    return .object(
      [
        .init(key: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
        .init(key: "title", value: .string(title)),
        .init(key: "required", value: .array(required.map(JSON.string))),
      ] + members)
  }

  /// The addresses of all numbers of an analysis, in the form that `expect` and the notes use. NAME
  /// stands for a name that the study decides, N for an index.
  package static func addresses(of analysis: any Analysis) -> [String] {
    addresses(shape(of: analysis), analysis.id)
  }

  private static func addresses(_ shape: FigureShape, _ path: String) -> [String] {
    switch shape {
    case .number: [path]
    case .word, .unknown: []
    case .list(let item): addresses(item, path + "[N]")
    case .named(let item): addresses(item, path + ".NAME")
    case .object(let members): members.flatMap { addresses($0.shape, path + "." + $0.name) }
    }
  }

  private static func shape<A: Analysis>(of analysis: A) -> FigureShape {
    FigureShape.of(A.Result.self)
  }

  private static func schema(of analysis: any Analysis) -> JSON { schema(shape(of: analysis)) }

  private static func schema(_ shape: FigureShape) -> JSON {
    switch shape {
    // A number that cannot be computed, such as the mean of nothing, is null.
    case .number: object([("type", .array([.string("number"), .string("null")]))])
    case .word: object([("type", .array([.string("string"), .string("boolean")]))])
    case .list(let item): object([("type", .string("array")), ("items", schema(item))])
    case .named(let item):
      object([("type", .string("object")), ("additionalProperties", schema(item))])
    case .object(let members):
      object([
        ("type", .string("object")),
        (
          "properties",
          .object(members.map { JSON.Member(key: $0.name, value: schema($0.shape)) })
        ),
        ("additionalProperties", .bool(false)),
      ])
    case .unknown: .bool(true)
    }
  }

  private static func described(_ schema: JSON, _ question: String) -> JSON {
    guard case .object(let members) = schema else { return schema }
    return .object([.init(key: "description", value: .string(question))] + members)
  }

  private static func object(_ members: [(String, JSON)]) -> JSON {
    .object(members.map { JSON.Member(key: $0.0, value: $0.1) })
  }
}
