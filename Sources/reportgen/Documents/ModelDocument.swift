import LanguageModel

/// The output of `reportgen models --json`: the families, or one model if it is named.
struct ModelDocument: CommandDocument {
  static let command = "models"

  let format = 1
  let families: [FamilySummary]?
  let model: Model?

  struct FamilySummary: Encodable {
    let modelType: String
    let summary: String

    enum CodingKeys: String, CodingKey {
      case modelType = "model_type"
      case summary
    }
  }

  struct Model: Encodable {
    let shape: Shape
    let fileBytes: Int
    let memoryBytes: Int
    let notes: [String]

    enum CodingKeys: String, CodingKey {
      case shape, notes
      case fileBytes = "file_bytes"
      case memoryBytes = "memory_bytes"
    }
  }

  struct Shape: Encodable {
    let name: String
    let family: String
    let layers: Int
    let dModel: Int
    let dMLP: Int
    let vocabulary: Int
    let context: Int

    init(_ name: String, _ shape: Architecture) {
      self.name = name
      family = shape.family
      layers = shape.layers
      dModel = shape.dModel
      dMLP = shape.dMLP
      vocabulary = shape.vocabulary
      context = shape.context
    }

    enum CodingKeys: String, CodingKey {
      case name, family, layers, vocabulary, context
      case dModel = "d_model"
      case dMLP = "d_mlp"
    }
  }
}
