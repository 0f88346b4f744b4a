/// Phi 1, 1.5 and 2: parallel blocks with one norm, rotary positions on half of each head, biases
/// in every map.
enum Phi: Family {
  static let modelType = "phi"
  static let summary = "Phi 1, 1.5 and 2"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("num_hidden_layers")
    let dModel = try configuration.integer("hidden_size", in: 1...65_536)
    let (heads, groups, dHead) = try configuration.groupedHeads(dModel: dModel)
    let dMLP = try configuration.neurons("intermediate_size")
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: 2048)
    let activation = try configuration.activation(
      "hidden_act", among: GPT2.plainActivations, default: "gelu_new")
    let epsilon = try configuration.positive("layer_norm_eps", default: 1e-5)
    try configuration.require("qk_layernorm", false, absent: false)
    let positions = try configuration.rotary(dHead: dHead, context: context, share: 0.5)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: groups,
      dHead: dHead, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: positions, attention: Attention(dHead: dHead),
      mlp: .plain(activation), order: .parallel,
      biases: [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut, .unembedding],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: false))
  }

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("model.", before: "embed_tokens.weight")
    sources.embedding(body + "embed_tokens")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm")
      sources.norm(layer, .beforeMLP, block + "input_layernorm")
      sources.linear(layer, .query, block + "self_attn.q_proj")
      sources.linear(layer, .key, block + "self_attn.k_proj")
      sources.linear(layer, .value, block + "self_attn.v_proj")
      sources.linear(layer, .attentionOut, block + "self_attn.dense")
      sources.linear(layer, .mlpIn, block + "mlp.fc1")
      sources.linear(layer, .mlpOut, block + "mlp.fc2")
    }
    sources.finalNorm(body + "final_layernorm")
    sources.unembedding("lm_head")
  }
}
