/// Phi-3: Llama with queries, keys and values in one tensor, gate and up in another, and a window
/// in every layer.
enum Phi3: Family {
  static let modelType = "phi3"
  static let summary = "Phi-3 with a context of 4,096 tokens (longrope is refused)"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, context: 4096, epsilon: 1e-5)
    architecture.attention.windows = try configuration.windows(
      layers: architecture.layers, size: configuration.slidingWindow(), isLocal: { _ in true })
    return architecture
  }

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("model.", before: "embed_tokens.weight")
    sources.embedding(body + "embed_tokens")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm")
      sources.fused(layer, [.query, .key, .value], block + "self_attn.qkv_proj", .stacked)
      sources.linear(layer, .attentionOut, block + "self_attn.o_proj")
      sources.norm(layer, .beforeMLP, block + "post_attention_layernorm")
      sources.fused(layer, [.mlpGate, .mlpIn], block + "mlp.gate_up_proj", .stacked)
      sources.linear(layer, .mlpOut, block + "mlp.down_proj")
    }
    sources.finalNorm(body + "norm")
    sources.unembedding("lm_head")
  }
}
