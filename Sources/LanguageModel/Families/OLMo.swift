/// OLMo 1: Llama with layer norms that have neither scale nor shift.
enum OLMo: Family {
  static let modelType = "olmo"
  static let summary = "OLMo 1 without clip_qkv"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    try configuration.requireNothing("clip_qkv")
    return try LlamaShape.architecture(
      &configuration, family: modelType, norm: .layer(epsilon: 1e-5))
  }

  static func weights(_ sources: inout WeightSources) {
    sources.normsHaveWeights = false
    LlamaShape.weights(&sources)
  }
}
