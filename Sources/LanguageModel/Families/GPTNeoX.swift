/// GPT-NeoX (Pythia): parallel residual, rotary positions on a part of each head.
///
/// The configuration may be that of transformers 4 (`rotary_pct`, `rotary_emb_base`) or of
/// transformers 5 (`rope_parameters`). Missing fields have the defaults of `GPTNeoXConfig`.
enum GPTNeoX: Family {
  static let modelType = "gpt_neox"
  static let summary = "Pythia and GPT-NeoX-20B: parallel blocks, rotary positions"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("num_hidden_layers")
    let (dModel, heads) = try configuration.heads("hidden_size", "num_attention_heads")
    let dMLP = try configuration.neurons("intermediate_size")
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: 2048)
    let activation = try configuration.activation(
      "hidden_act", among: ["gelu": .gelu], default: "gelu")
    let epsilon = try configuration.positive("layer_norm_eps", default: 1e-5)
    try configuration.refuseScaledPositions()
    let share = try configuration.positive(
      "rotary_pct", "partial_rotary_factor", "rope_parameters.partial_rotary_factor", atMost: 1,
      default: 0.25)
    let base = try configuration.positive(
      "rotary_emb_base", "rope_theta", "rope_parameters.rope_theta", default: 10_000)
    let positions = try configuration.rotary(
      share: share, field: "rotary_pct", dHead: dModel / heads, base: base, context: context)
    let parallel = try configuration.flag("use_parallel_residual", default: true, noted: true)
    let attentionBias = try configuration.flag("attention_bias", default: true)
    let tied = try configuration.flag("tie_word_embeddings", default: false)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: positions,
      attention: Attention(dHead: dModel / heads), mlp: .plain(activation),
      order: parallel ? .parallel : .sequential,
      biases: attentionBias
        ? [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut] : [.mlpIn, .mlpOut],
      tiesEmbeddings: tied)
  }

  static let buffers = [
    "rotary_emb.inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached", ".attention.bias",
    ".attention.masked_bias",
  ]

  /// `GPTNeoXForCausalLM` saves names with the prefix `gpt_neox.`; `GPTNeoXModel` saves them
  /// without.
  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("gpt_neox.", before: "embed_in.weight")
    sources.embedding(body + "embed_in")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm")
      // The rows are stored head by head; each head has its queries, then its keys, then its
      // values.
      sources.fused(
        layer, [.query, .key, .value], block + "attention.query_key_value", .partOfEachHead)
      sources.linear(layer, .attentionOut, block + "attention.dense")
      sources.norm(layer, .beforeMLP, block + "post_attention_layernorm")
      sources.linear(layer, .mlpIn, block + "mlp.dense_h_to_4h")
      sources.linear(layer, .mlpOut, block + "mlp.dense_4h_to_h")
    }
    sources.finalNorm(body + "final_layer_norm")
    sources.unembedding("embed_out")
  }
}
