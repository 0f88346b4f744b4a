/// What Llama and most later families share: sequential blocks, grouped heads, rotary positions in
/// halves, a gated MLP, and the names of fields and tensors.
enum LlamaShape {
  /// The names of activation functions that the gated MLPs of these families use.
  static let activations: KeyValuePairs<String, Activation> = [
    "silu": .silu, "swish": .silu, "gelu": .gelu, "gelu_new": .geluTanh,
    "gelu_pytorch_tanh": .geluTanh, "relu": .relu,
  ]

  /// Reads the fields that these families share; a family's file then changes what differs.
  ///
  /// - Parameters:
  ///   - headSize: the head size if `head_dim` is missing; nil means d_model divided by the heads.
  ///   - rotaryShare: the share of a head that is rotated if its field is missing; nil for all.
  static func architecture(
    _ configuration: inout Configuration, family: String, norm: Norm? = nil,
    activation: Activation? = nil, headSize: Int? = nil, context: Int = 2048,
    epsilon: Double = 1e-6, isTied: Bool = false
  ) throws -> Architecture {
    let layers = try configuration.layers("num_hidden_layers")
    let dModel = try configuration.integer("hidden_size", in: 1...65_536)
    let (heads, groups, dHead) = try configuration.groupedHeads(
      dModel: dModel, standardSize: headSize)
    let dMLP = try configuration.neurons("intermediate_size")
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: context)
    let act =
      try activation
      ?? configuration.activation("hidden_act", among: activations, default: "silu")
    let norm =
      try norm ?? .rms(epsilon: configuration.positive("rms_norm_eps", default: epsilon))
    let positions = try configuration.rotary(dHead: dHead, context: context)
    let tied = try configuration.flag("tie_word_embeddings", default: isTied)
    var biases: Set<Linear> = []
    if try configuration.flag("attention_bias", default: false) {
      biases = [.query, .key, .value, .attentionOut]
    }
    return Architecture(
      family: family, layers: layers, dModel: dModel, heads: heads, keyValueHeads: groups,
      dHead: dHead, dMLP: dMLP, vocabulary: vocabulary, context: context, norm: norm,
      positions: positions, attention: Attention(dHead: dHead), mlp: .gated(act),
      order: .sequential, biases: biases, tiesEmbeddings: tied)
  }

  /// Names the tensors that these families share.
  ///
  /// - Parameter normAddend: 1 if norm scales are stored as their difference from 1, else 0.
  static func weights(_ sources: inout WeightSources, normAddend: Float = 0) {
    let body = sources.prefix("model.", before: "embed_tokens.weight")
    sources.embedding(body + "embed_tokens")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)layers.\(layer)."
      sources.norm(layer, .beforeAttention, block + "input_layernorm", addend: normAddend)
      for (map, name) in attention {
        sources.linear(layer, map, "\(block)self_attn.\(name)_proj")
      }
      sources.norm(layer, .beforeMLP, block + "post_attention_layernorm", addend: normAddend)
      for (map, name) in mlp { sources.linear(layer, map, "\(block)mlp.\(name)_proj") }
    }
    sources.finalNorm(body + "norm", addend: normAddend)
    sources.unembedding("lm_head")
  }

  static let attention: KeyValuePairs<Linear, String> = [
    .query: "q", .key: "k", .value: "v", .attentionOut: "o",
  ]
  static let mlp: KeyValuePairs<Linear, String> = [
    .mlpGate: "gate", .mlpIn: "up", .mlpOut: "down",
  ]
}
