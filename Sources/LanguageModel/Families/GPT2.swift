/// GPT-2: learned positions, sequential blocks, linear maps stored `[in, out]`, tied embeddings.
enum GPT2: Family {
  static let modelType = "gpt2"
  static let summary = "GPT-2 in all sizes, and models trained like it"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("n_layer")
    let (dModel, heads) = try configuration.heads("n_embd", "n_head")
    let dMLP =
      try configuration.isPresent("n_inner") ? configuration.neurons("n_inner") : 4 * dModel
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context(
      configuration.isPresent("n_positions") ? "n_positions" : "n_ctx", default: 1024)
    let activation = try configuration.activation(
      "activation_function", among: plainActivations, default: "gelu_new")
    let epsilon = try configuration.positive("layer_norm_epsilon", default: 1e-5)
    try configuration.require("add_cross_attention", false, absent: false)
    let scales = try configuration.flag("scale_attn_weights", default: true)
    var attention = scales ? Attention(dHead: dModel / heads) : Attention(scale: 1)
    attention.dividesByLayer = try configuration.flag(
      "scale_attn_by_inverse_layer_idx", default: false)
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: .learned, attention: attention,
      mlp: .plain(activation), order: .sequential,
      biases: [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: true))
  }

  /// Causal masks in old files; `attn.bias` is such a mask and not a bias.
  static let buffers = [".attn.bias", ".attn.masked_bias"]

  /// The first published files have no prefix; later ones have one.
  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("transformer.", before: "wte.weight")
    sources.embedding(body + "wte")
    sources.positions(body + "wpe")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)h.\(layer)."
      sources.norm(layer, .beforeAttention, block + "ln_1")
      sources.fused(layer, [.query, .key, .value], block + "attn.c_attn", .transposed)
      sources.fused(layer, [.attentionOut], block + "attn.c_proj", .transposed)
      sources.norm(layer, .beforeMLP, block + "ln_2")
      sources.fused(layer, [.mlpIn], block + "mlp.c_fc", .transposed)
      sources.fused(layer, [.mlpOut], block + "mlp.c_proj", .transposed)
    }
    sources.finalNorm(body + "ln_f")
    sources.unembedding("lm_head")
  }

  /// The names of activation functions that MLPs without a gate use.
  static let plainActivations: KeyValuePairs<String, Activation> = [
    "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_pytorch_tanh": .geluTanh, "gelu": .gelu,
    "relu": .relu, "silu": .silu, "swish": .silu,
  ]
}
