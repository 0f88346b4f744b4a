import Diagnostics
import JSON

/// Translates the metadata of a GGUF file into the family's own `config.json`, so that one reader
/// serves both.
enum GGUFConfiguration {
  /// How llama.cpp describes a family: the `model_type` it corresponds to, and the family's names
  /// of fields where they differ from Llama's.
  private struct Dialect {
    var modelType: String
    var names: [String: String] = [:]
    /// The field that holds the share of a head's dimensions that is rotated.
    var rotaryShare = "partial_rotary_factor"
    /// Fields that the metadata lacks and that have one value in the family.
    var constants: [JSON.Member] = []
    /// Fields that the metadata lacks and that are true if the file has a tensor.
    var tensors: KeyValuePairs<String, String> = [:]
  }

  private static let gpt2Names = [
    "num_hidden_layers": "n_layer", "hidden_size": "n_embd", "num_attention_heads": "n_head",
    "intermediate_size": "n_inner", "max_position_embeddings": "n_positions",
    "layer_norm_eps": "layer_norm_epsilon",
  ]

  private static let dialects: [String: Dialect] = [
    "llama": Dialect(
      modelType: Llama.modelType,
      tensors: ["attention_bias": "blk.0.attn_output.bias", "mlp_bias": "blk.0.ffn_up.bias"]),
    "gpt2": Dialect(modelType: GPT2.modelType, names: gpt2Names),
    "gptneox": Dialect(modelType: GPTNeoX.modelType, rotaryShare: "rotary_pct"),
    "qwen2": Dialect(modelType: Qwen2.modelType),
    "qwen3": Dialect(modelType: Qwen3.modelType),
    "gemma": Dialect(
      modelType: Gemma.modelType,
      constants: [.init(key: "hidden_activation", value: .string("gelu_pytorch_tanh"))]),
    "gemma2": Dialect(modelType: Gemma2.modelType),
    "phi2": Dialect(modelType: Phi.modelType),
    "phi3": Dialect(modelType: Phi3.modelType),
    "bloom": Dialect(
      modelType: Bloom.modelType,
      names: [
        "num_hidden_layers": "n_layer", "num_attention_heads": "n_head",
        "max_position_embeddings": "seq_length", "layer_norm_eps": "layer_norm_epsilon",
      ]),
    "falcon": Dialect(
      modelType: Falcon.modelType,
      names: ["intermediate_size": "ffn_hidden_size", "layer_norm_eps": "layer_norm_epsilon"]),
    "olmo": Dialect(
      modelType: OLMo.modelType, constants: []),
  ]

  /// The integers and numbers that are copied, by their key after the architecture's name.
  private static let fields: KeyValuePairs<String, String> = [
    "block_count": "num_hidden_layers", "embedding_length": "hidden_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.key_length": "head_dim", "feed_forward_length": "intermediate_size",
    "context_length": "max_position_embeddings", "attention.layer_norm_epsilon": "layer_norm_eps",
    "attention.layer_norm_rms_epsilon": "rms_norm_eps", "rope.freq_base": "rope_theta",
    "attention.sliding_window": "sliding_window",
    "attn_logit_softcapping": "attn_logit_softcapping",
    "final_logit_softcapping": "final_logit_softcapping", "attention.clamp_kqv": "clip_qkv",
  ]

  /// The `config.json` that corresponds to some metadata.
  ///
  /// - Parameters:
  ///   - metadata: the file's keys and values
  ///   - vocabulary: the number of rows of the embedding
  ///   - has: whether the file has a tensor; without an unembedding of its own it is tied
  /// - Throws: `Diagnostic` of kind `.data` for a family or a field that is not supported.
  static func json(
    _ metadata: JSON, file: String, vocabulary: Int, has: (String) -> Bool
  ) throws -> JSON {
    let name = metadata["general.architecture"]?.string
    guard let name, let dialect = dialects[name] else {
      let known = dialects.keys.sorted().joined(separator: ", ")
      throw Diagnostic(
        .data, file: file, field: "general.architecture", expected: "one of \(known)",
        found: metadata["general.architecture"]?.summary ?? "nothing",
        advice: "Only these are supported: \(known).")
    }
    func value(_ key: String) -> JSON? { metadata["\(name).\(key)"] }
    if let experts = value("expert_count"), experts.integer != 0 {
      throw Diagnostic(
        .data, file: file, field: "\(name).expert_count", expected: "none or 0",
        found: experts.summary, advice: "Mixtures of experts are not supported; name another model."
      )
    }
    var members: [JSON.Member] = [
      .init(key: "model_type", value: .string(dialect.modelType)),
      .init(key: "vocab_size", value: .number("\(vocabulary)")),
      .init(key: "tie_word_embeddings", value: .bool(!has("output.weight"))),
    ]
    members += dialect.constants
    members += dialect.tensors.map { .init(key: $0.key, value: .bool(has($0.value))) }
    for (key, field) in fields {
      guard let value = value(key) else { continue }
      members.append(.init(key: dialect.names[field] ?? field, value: value))
    }
    if let parallel = value("use_parallel_residual") {
      members.append(.init(key: "use_parallel_residual", value: parallel))
    }
    let heads = value("attention.head_count")?.integer ?? 0
    let dModel = value("embedding_length")?.integer ?? 0
    let dHead = value("attention.key_length")?.integer ?? (heads > 0 ? dModel / heads : 0)
    if let turned = value("rope.dimension_count")?.integer, 0 < turned, turned < dHead {
      // The reader truncates, so a quarter is added to give back the exact number of dimensions.
      let share = (Double(turned) + 0.25) / Double(dHead)
      members.append(.init(key: dialect.rotaryShare, value: .number("\(share)")))
    } else {
      members.append(.init(key: dialect.rotaryShare, value: .number("1.0")))
    }
    members += scaling(value)
    if name == "gemma2", heads > 0 {
      // llama.cpp recognises the 27B model, which has another scale, by its 46 layers.
      let scalar = value("block_count")?.integer == 46 ? dModel / heads : dHead
      members.append(.init(key: "query_pre_attn_scalar", value: .number("\(scalar)")))
    }
    return .object(members)
  }

  /// The field `rope_scaling`, if the metadata scales positions; else nothing.
  private static func scaling(_ value: (String) -> JSON?) -> [JSON.Member] {
    guard let kind = value("rope.scaling.type")?.string, kind != "none" else { return [] }
    var members = [JSON.Member(key: "rope_type", value: .string(kind))]
    if let factor = value("rope.scaling.factor") {
      members.append(.init(key: "factor", value: factor))
    }
    return [.init(key: "rope_scaling", value: .object(members))]
  }
}
