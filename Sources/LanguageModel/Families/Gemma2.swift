/// Gemma 2: Gemma with norms also after attention and MLP, soft caps on scores and logits, and a
/// window in every other layer, beginning with the first.
enum Gemma2: Family {
  static let modelType = "gemma2"
  static let summary = "Gemma 2: soft caps, norms behind each part"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let activation = try configuration.activation(
      "hidden_activation", among: LlamaShape.activations, default: "gelu_pytorch_tanh")
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, activation: activation, headSize: 256, context: 8192,
      isTied: true)
    architecture.embedding.scale = Double(Float(architecture.dModel).squareRoot())
    architecture.normsOutputs = true
    let scalar = try configuration.positive("query_pre_attn_scalar", default: 256)
    architecture.attention.scale = Double(1 / Float(scalar).squareRoot())
    architecture.attention.scoreCap = try configuration.cap(
      "attn_logit_softcapping", absent: 50)
    architecture.logitCap = try configuration.cap("final_logit_softcapping", absent: 30)
    architecture.attention.windows = try configuration.windows(
      layers: architecture.layers, size: configuration.slidingWindow(absent: 4096),
      isLocal: { $0.isMultiple(of: 2) })
    return architecture
  }

  static func weights(_ sources: inout WeightSources) {
    LlamaShape.weights(&sources, normAddend: 1)
    let body = sources.prefix("model.", before: "embed_tokens.weight")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      // Llama uses this name for the norm before the MLP; Gemma 2 uses it for the norm after
      // attention.
      sources.norm(layer, .afterAttention, block + "post_attention_layernorm", addend: 1)
      sources.norm(layer, .beforeMLP, block + "pre_feedforward_layernorm", addend: 1)
      sources.norm(layer, .afterMLP, block + "post_feedforward_layernorm", addend: 1)
    }
  }
}
