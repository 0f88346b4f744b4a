/// OPT: the shape of GPT-2 with a ReLU; positions begin with the third row of W_pos.
enum OPT: Family {
  static let modelType = "opt"
  static let summary = "OPT but for 350m: ReLU"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("num_hidden_layers")
    let (dModel, heads) = try configuration.heads("hidden_size", "num_attention_heads")
    let dMLP = try configuration.neurons("ffn_dim")
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: 2048)
    let activation = try configuration.activation(
      "activation_function", among: GPT2.plainActivations, default: "relu")
    try configuration.require("do_layer_norm_before", true, absent: true)
    try configuration.require("enable_bias", true, absent: true)
    try configuration.require("layer_norm_elementwise_affine", true, absent: true)
    try configuration.require("_remove_final_layer_norm", false, absent: false)
    if try configuration.isPresent("word_embed_proj_dim") {
      _ = try configuration.integer("word_embed_proj_dim", in: dModel...dModel)
    }
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: 1e-5), positions: .learned,
      attention: Attention(dHead: dModel / heads), mlp: .plain(activation), order: .sequential,
      biases: [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: true))
  }

  static func weights(_ sources: inout WeightSources) {
    let body =
      sources.has("decoder.embed_tokens.weight") ? "decoder." : "model.decoder."
    sources.embedding(body + "embed_tokens")
    sources.positions(body + "embed_positions", skipped: 2)
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      sources.norm(layer, .beforeAttention, block + "self_attn_layer_norm")
      sources.linear(layer, .query, block + "self_attn.q_proj")
      sources.linear(layer, .key, block + "self_attn.k_proj")
      sources.linear(layer, .value, block + "self_attn.v_proj")
      sources.linear(layer, .attentionOut, block + "self_attn.out_proj")
      sources.norm(layer, .beforeMLP, block + "final_layer_norm")
      sources.linear(layer, .mlpIn, block + "fc1")
      sources.linear(layer, .mlpOut, block + "fc2")
    }
    sources.finalNorm(body + "final_layer_norm")
    sources.unembedding("lm_head")
  }
}
