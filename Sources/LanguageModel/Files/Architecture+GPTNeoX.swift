extension Architecture {
  /// GPT-NeoX (Pythia): parallel residual, rotary positions on a part of each head.
  ///
  /// Reads the form of transformers 4 (`rotary_pct`, `rotary_emb_base`) and of transformers 5
  /// (`rope_parameters`). Defaults for absent fields are those of `GPTNeoXConfig`.
  init(gptNeoX configuration: inout Configuration) throws {
    let layers = try configuration.integer("num_hidden_layers", in: 1...1024)
    let dModel = try configuration.integer("hidden_size", in: 1...65_536)
    let heads = try configuration.integer("num_attention_heads", in: 1...dModel)
    guard dModel.isMultiple(of: heads) else {
      throw configuration.fault(
        "num_attention_heads", "a divisor of hidden_size \(dModel)",
        found: "\(heads), by which \(dModel) is not divisible")
    }
    let dMLP = try configuration.integer("intermediate_size", in: 1...1_048_576)
    let vocabulary = try configuration.integer("vocab_size", in: 1...16_777_216)
    let context = try configuration.integer(
      "max_position_embeddings", in: 1...1_048_576, default: 2048)
    let activation = try configuration.choice(
      "hidden_act", among: SupportedActivation.self, default: .gelu)
    let epsilon = try configuration.positive("layer_norm_eps", default: 1e-5)
    let positions = try Self.rotary(&configuration, dHead: dModel / heads, context: context)
    let parallel = try configuration.flag("use_parallel_residual", default: true, noted: true)
    let attentionBias = try configuration.flag("attention_bias", default: true)
    let tied = try configuration.flag("tie_word_embeddings", default: false)
    self.init(
      family: .gptNeoX, layers: layers, dModel: dModel, heads: heads, dHead: dModel / heads,
      dMLP: dMLP, vocabulary: vocabulary, context: context,
      norm: Norm(kind: .layerNorm, epsilon: epsilon), positions: positions,
      parallelResidual: parallel, activation: activation.function, gatedMLP: false,
      biases: Biases(attention: attentionBias, mlp: true, unembed: false), tiedEmbeddings: tied,
      notes: configuration.notes)
  }

  /// The names of activations in transformers that are implemented; `gelu_new` and `gelu_fast` are
  /// other functions (tanh approximations).
  private enum SupportedActivation: String, CaseIterable {
    case gelu

    var function: Activation { .geluExact }
  }

  private enum RopeType: String, CaseIterable {
    case standard = "default"
  }

  /// Positions times rotary dimensions: 131,072 positions of 256 fit. A context is a mere number,
  /// and without a limit a small file could ask for any amount of sines and cosines.
  private static let angleLimit = 1 << 25

  /// Rotary dimensions are `round(rotary_pct · d_head)`, half to even, as TransformerLens has it.
  ///
  /// transformers truncates instead. Where the two differ one of them is odd: rounding to odd is
  /// refused here, and a model truncated to odd cannot run in transformers.
  private static func rotary(
    _ configuration: inout Configuration, dHead: Int, context: Int
  ) throws -> Positions {
    // transformers 4 scaled by `rope_scaling`, its key once being `type`; 5 by `rope_parameters`.
    for path in [
      "rope_parameters.rope_type", "rope_parameters.type", "rope_scaling.rope_type",
      "rope_scaling.type",
    ] {
      _ = try configuration.choice(path, among: RopeType.self, default: .standard)
    }
    let share = try configuration.positive(
      "rotary_pct", "partial_rotary_factor", "rope_parameters.partial_rotary_factor", atMost: 1,
      default: 0.25)
    let base = try configuration.positive(
      "rotary_emb_base", "rope_theta", "rope_parameters.rope_theta", default: 10_000)
    let dimensions = Int((share * Double(dHead)).rounded(.toNearestOrEven))
    guard dimensions > 0, dimensions.isMultiple(of: 2) else {
      throw configuration.fault(
        "rotary_pct", "a share of the \(dHead) dimensions of a head that is a positive even number",
        found: "\(share), which gives \(dimensions)")
    }
    guard context <= angleLimit / dimensions else {
      throw configuration.fault(
        "max_position_embeddings",
        "at most \(angleLimit / dimensions) positions of \(dimensions) rotary dimensions",
        found: "\(context)")
    }
    return .rotary(dimensions: dimensions, base: base)
  }
}
