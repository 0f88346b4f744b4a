/// Qwen 3: Llama with norms on each head's queries and keys, a head size that the configuration
/// names, and no BOS.
enum Qwen3: Family {
  static let modelType = "qwen3"
  static let summary = "Qwen 3, not its mixtures of experts; no BOS"
  static let prependsBOS = false

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, headSize: 128, context: 32_768)
    architecture.attention.normsHeads = true
    architecture.attention.windows = try Qwen2.windows(
      &configuration, layers: architecture.layers)
    return architecture
  }

  static func weights(_ sources: inout WeightSources) {
    LlamaShape.weights(&sources)
    let body = sources.prefix("model.", before: "embed_tokens.weight")
    for layer in 0..<sources.architecture.layers {
      sources.norm(layer, .query, "\(body)layers.\(layer).self_attn.q_norm")
      sources.norm(layer, .key, "\(body)layers.\(layer).self_attn.k_norm")
    }
  }
}
