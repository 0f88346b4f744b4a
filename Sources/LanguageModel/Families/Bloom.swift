/// Bloom: ALiBi, a layer norm after the embedding, a tanh GELU, tied embeddings, no BOS.
enum Bloom: Family {
  static let modelType = "bloom"
  static let summary = "Bloom: ALiBi, no BOS"
  static let prependsBOS = false

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers(configuration.first("n_layer", "num_hidden_layers"))
    let (dModel, heads) = try configuration.heads(
      configuration.first("hidden_size", "n_embed"),
      configuration.first("n_head", "num_attention_heads"))
    let vocabulary = try configuration.vocabulary("vocab_size")
    // The configuration does not state the context; the models were trained on 2,048 tokens.
    let context = try configuration.context("seq_length", default: 2048)
    let epsilon = try configuration.positive("layer_norm_epsilon", default: 1e-5)
    try configuration.require(
      "apply_residual_connection_post_layernorm", false, absent: false)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: 4 * dModel, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), embedding: Embedding(isNormed: true), positions: .alibi,
      attention: Attention(dHead: dModel / heads), mlp: .plain(.geluTanh), order: .sequential,
      biases: [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: true))
  }

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("transformer.", before: "word_embeddings.weight")
    sources.embedding(body + "word_embeddings")
    sources.embeddingNorm(body + "word_embeddings_layernorm")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)h.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm")
      sources.fused(
        layer, [.query, .key, .value], block + "self_attention.query_key_value",
        .partOfEachHead)
      sources.linear(layer, .attentionOut, block + "self_attention.dense")
      sources.norm(layer, .beforeMLP, block + "post_attention_layernorm")
      sources.linear(layer, .mlpIn, block + "mlp.dense_h_to_4h")
      sources.linear(layer, .mlpOut, block + "mlp.dense_4h_to_h")
    }
    sources.finalNorm(body + "ln_f")
    sources.unembedding("lm_head")
  }
}
