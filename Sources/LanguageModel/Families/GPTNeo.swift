import JSON

/// GPT-Neo (TinyStories): GPT-2 with local attention in some layers, attention scores without a
/// scale, and linear maps stored `[out, in]`.
enum GPTNeo: Family {
  static let modelType = "gpt_neo"
  static let summary = "GPT-Neo and TinyStories: local attention on every other layer"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    let layers = try configuration.layers("num_layers")
    let (dModel, heads) = try configuration.heads("hidden_size", "num_heads")
    let dMLP =
      try configuration.isPresent("intermediate_size")
      ? configuration.neurons("intermediate_size") : 4 * dModel
    let vocabulary = try configuration.vocabulary("vocab_size")
    let context = try configuration.context("max_position_embeddings", default: 2048)
    let activation = try configuration.activation(
      "activation_function", among: GPT2.plainActivations, default: "gelu_new")
    let epsilon = try configuration.positive("layer_norm_epsilon", default: 1e-5)
    var attention = Attention(scale: 1)
    let kinds = try kinds(configuration, layers: layers)
    if kinds.contains("local") {
      let window = try configuration.integer("window_size", in: 1...16_777_216, default: 256)
      attention.windows = kinds.map { $0 == "local" ? window : nil }
    }
    return Architecture(
      family: modelType, layers: layers, dModel: dModel, heads: heads, keyValueHeads: heads,
      dHead: dModel / heads, dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: .layer(epsilon: epsilon), positions: .learned, attention: attention,
      mlp: .plain(activation), order: .sequential, biases: [.attentionOut, .mlpIn, .mlpOut],
      tiesEmbeddings: try configuration.flag("tie_word_embeddings", default: true))
  }

  /// The kind of each layer, from `attention_layers`, or else from `attention_types`, which lists
  /// patterns with their number of repetitions.
  private static func kinds(_ configuration: Configuration, layers: Int) throws -> [String] {
    var kinds: [String?] = []
    var path = "attention_layers"
    if let list = try configuration.field(path) {
      kinds = list.array?.map(\.string) ?? []
    } else {
      path = "attention_types"
      for item in try configuration.field(path)?.array ?? [] {
        let pair = item.array ?? []
        let period = pair.first?.array?.map(\.string) ?? []
        let times = pair.count == 2 ? pair[1].integer ?? 0 : 0
        guard !period.isEmpty, 0 < times, times <= layers else { break }
        for _ in 0..<times where kinds.count <= layers { kinds += period }
      }
    }
    let known = kinds.compactMap(\.self).filter { $0 == "global" || $0 == "local" }
    guard known.count == layers, kinds.count == layers else {
      throw configuration.fault(
        path, "\(layers) layers that are global or local", try configuration.field(path))
    }
    return known
  }

  static let buffers = [".attention.bias", ".attention.masked_bias"]

  static func weights(_ sources: inout WeightSources) {
    let body = sources.prefix("transformer.", before: "wte.weight")
    sources.embedding(body + "wte")
    sources.positions(body + "wpe")
    for layer in 0..<sources.architecture.layers {
      let block = "\(body)h.\(layer)."
      sources.norm(layer, .beforeAttention, block + "ln_1")
      sources.linear(layer, .query, block + "attn.attention.q_proj")
      sources.linear(layer, .key, block + "attn.attention.k_proj")
      sources.linear(layer, .value, block + "attn.attention.v_proj")
      sources.linear(layer, .attentionOut, block + "attn.attention.out_proj")
      sources.norm(layer, .beforeMLP, block + "ln_2")
      sources.linear(layer, .mlpIn, block + "mlp.c_fc")
      sources.linear(layer, .mlpOut, block + "mlp.c_proj")
    }
    sources.finalNorm(body + "ln_f")
    sources.unembedding("lm_head")
  }
}
