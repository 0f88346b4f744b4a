/// GPT-J: parallel blocks with one norm, rotary positions in adjacent pairs, an unembedding with a
/// bias.
enum GPTJ: Family {
  static let modelType = "gptj"
  static let summary = "GPT-J: parallel blocks with one norm"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("n_layer")
    let (dModel, heads) = try configuration.heads("n_embd", "n_head")
    let dMLP =
      try configuration.isPresent("n_inner") ? configuration.neurons("n_inner") : 4 * dModel
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("n_positions", default: 2048)
    let activation = try configuration.activation(
      "activation_function", among: GPT2.plainActivations, default: "gelu_new")
    let epsilon = try configuration.positive("layer_norm_epsilon", default: 1e-5)
    let dimensions = try configuration.integer("rotary_dim", in: 1...dModel / heads)
    let positions = try configuration.rotary(
      dimensions: dimensions, field: "rotary_dim", found: "\(dimensions)", dHead: dModel / heads,
      base: 10_000, pairs: .adjacent, context: context)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: positions,
      attention: Attention(dHead: dModel / heads), mlp: .plain(activation), order: .parallel,
      biases: [.mlpIn, .mlpOut, .unembedding],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: false))
  }

  static let buffers = [".attn.bias", ".attn.masked_bias", ".attn.embed_positions"]

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("transformer.", before: "wte.weight")
    sources.embedding(body + "wte")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)h.\(layer)."
      sources.norm(layer, .beforeAttention, block + "ln_1")
      sources.norm(layer, .beforeMLP, block + "ln_1")
      sources.linear(layer, .query, block + "attn.q_proj")
      sources.linear(layer, .key, block + "attn.k_proj")
      sources.linear(layer, .value, block + "attn.v_proj")
      sources.linear(layer, .attentionOut, block + "attn.out_proj")
      sources.linear(layer, .mlpIn, block + "mlp.fc_in")
      sources.linear(layer, .mlpOut, block + "mlp.fc_out")
    }
    sources.finalNorm(body + "ln_f")
    sources.unembedding("lm_head")
  }
}
