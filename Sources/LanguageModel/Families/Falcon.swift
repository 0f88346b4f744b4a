/// Falcon 7B and models like it: parallel blocks with one norm, one key and value head, rotary
/// positions, no biases, tied embeddings.
enum Falcon: Family {
  static let modelType = "falcon"
  static let summary = "Falcon 7B's kind (not the new decoder architecture)"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    try configuration.require("new_decoder_architecture", false, absent: false)
    try configuration.require("multi_query", true, absent: true)
    try configuration.require("parallel_attn", true, absent: true)
    try configuration.require("alibi", false, absent: false)
    try configuration.require("bias", false, absent: false)
    let layers = try configuration.layers(configuration.first("num_hidden_layers", "n_layer"))
    let (dModel, heads) = try configuration.heads(
      "hidden_size", configuration.first("num_attention_heads", "n_head"))
    let dMLP =
      try configuration.isPresent("ffn_hidden_size")
      ? configuration.neurons("ffn_hidden_size") : 4 * dModel
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: 2048)
    let activation = try configuration.activation(
      "activation", among: GPT2.plainActivations, default: "gelu")
    let epsilon = try configuration.positive("layer_norm_epsilon", default: 1e-5)
    let positions = try configuration.rotary(dHead: dModel / heads, context: context)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: 1,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: positions,
      attention: Attention(dHead: dModel / heads), mlp: .plain(activation), order: .parallel,
      biases: [],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: true))
  }

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("transformer.", before: "word_embeddings.weight")
    sources.embedding(body + "word_embeddings")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)h.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm")
      sources.norm(layer, .beforeMLP, block + "input_layernorm")
      sources.fused(
        layer, [.query, .key, .value], block + "self_attention.query_key_value", .stacked)
      sources.linear(layer, .attentionOut, block + "self_attention.dense")
      sources.linear(layer, .mlpIn, block + "mlp.dense_h_to_4h")
      sources.linear(layer, .mlpOut, block + "mlp.dense_4h_to_h")
    }
    sources.finalNorm(body + "ln_f")
    sources.unembedding("lm_head")
  }
}
