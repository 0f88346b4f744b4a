/// Gemma 1: Llama with norm scales stored as their difference from 1, embeddings times √d_model, a
/// tanh GELU and tied embeddings.
enum Gemma: Family {
  static let modelType = "gemma"
  static let summary = "Gemma 1"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let activation = try activation(&configuration)
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, activation: activation, headSize: 256, context: 8192,
      isTied: true)
    architecture.embedding.scale = Double(Float(architecture.dModel).squareRoot())
    return architecture
  }

  /// The activation of `hidden_activation`; if it is missing, the tanh GELU with which the models
  /// were trained. The first files say `gelu` in `hidden_act` but mean the tanh GELU.
  static func activation(_ configuration: inout Configuration) throws -> Activation {
    if try configuration.isPresent("hidden_activation") {
      return try configuration.activation(
        "hidden_activation", among: LlamaShape.activations, default: nil)
    }
    let named = try configuration.activation(
      "hidden_act", among: ["gelu_pytorch_tanh": .geluTanh, "gelu": .gelu], default: "gelu")
    if named == .gelu {
      configuration.note(
        "Without hidden_activation, the MLP's activation function is the tanh GELU that the family "
          + "was trained with.")
    }
    return .geluTanh
  }

  static func weights(_ sources: inout WeightSources) {
    LlamaShape.weights(&sources, normAddend: 1)
  }
}
