/// Llama 1 to 3.2 and models of the same design (SmolLM, TinyLlama, Yi): RMS norms, grouped heads,
/// a gated MLP.
enum Llama: Family {
  static let modelType = "llama"
  static let summary = "Llama 1 to 3.2, SmolLM, TinyLlama, Yi; rope scaling linear or llama3"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    var architecture = try LlamaShape.architecture(&configuration, family: modelType)
    if try configuration.flag("mlp_bias", default: false) {
      architecture.biases.formUnion([.mlpIn, .mlpGate, .mlpOut])
    }
    return architecture
  }

  static func weights(_ sources: inout WeightSources) { LlamaShape.weights(&sources) }
}
