import JSON
import Storage

/// A valid configuration for every family, whose weights take a few kilobytes.
enum TinyConfigurations {
  static let all: [JSON] = texts.compactMap {
    try? JSON(parsing: FileBytes(Array($0.utf8), name: "config.json"))
  }

  private static let texts = [
    """
    {"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 2, "n_inner": 12, "vocab_size": 300,
     "n_positions": 48, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
     "scale_attn_by_inverse_layer_idx": true, "scale_attn_weights": true, "n_ctx": 48,
     "tie_word_embeddings": true, "add_cross_attention": false}
    """,
    """
    {"model_type": "gpt_neo", "hidden_size": 8, "num_heads": 2, "num_layers": 4, "vocab_size": 300,
     "intermediate_size": null, "max_position_embeddings": 48, "window_size": 3,
     "attention_types": [[["global", "local"], 2]], "activation_function": "gelu_new",
     "attention_layers": ["global", "local", "global", "local"], "layer_norm_epsilon": 1e-05}
    """,
    """
    {"model_type": "gptj", "n_embd": 8, "n_head": 2, "n_layer": 2, "n_inner": null, "rotary_dim": 2,
     "vocab_size": 300, "n_positions": 48, "activation_function": "gelu_new",
     "layer_norm_epsilon": 1e-05, "tie_word_embeddings": false}
    """,
    """
    {"model_type": "opt", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2,
     "ffn_dim": 12, "vocab_size": 300, "max_position_embeddings": 48, "activation_function": "relu",
     "do_layer_norm_before": true, "enable_bias": true, "layer_norm_elementwise_affine": true,
     "word_embed_proj_dim": 8, "_remove_final_layer_norm": false}
    """,
    llama(
      "llama",
      """
      "rope_theta": 500000.0, "attention_bias": true, "mlp_bias": true, "rope_scaling":
      {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
       "original_max_position_embeddings": 16}
      """),
    llama("llama", #""rope_parameters": {"rope_type": "linear", "rope_theta": 1e4, "factor": 2}"#),
    llama("mistral", #""sliding_window": 4, "head_dim": 6"#),
    llama(
      "qwen2",
      """
      "use_sliding_window": true, "sliding_window": 4, "max_window_layers": 1,
      "layer_types": ["full_attention", "sliding_attention"]
      """),
    llama("qwen3", #""head_dim": 6, "attention_bias": false, "use_sliding_window": false"#),
    llama("gemma", #""head_dim": 6, "hidden_activation": "gelu_pytorch_tanh""#),
    llama(
      "gemma2",
      """
      "head_dim": 6, "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 24,
      "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "sliding_window": 4
      """),
    llama("phi3", #""sliding_window": 5, "partial_rotary_factor": 1.0"#),
    llama("olmo", #""clip_qkv": null"#),
    """
    {"model_type": "phi", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2,
     "intermediate_size": 12, "vocab_size": 300, "max_position_embeddings": 48,
     "hidden_act": "gelu_new", "layer_norm_eps": 1e-05, "partial_rotary_factor": 0.5,
     "rope_theta": 10000.0, "qk_layernorm": false, "num_key_value_heads": 1}
    """,
    """
    {"model_type": "bloom", "hidden_size": 12, "n_head": 3, "n_layer": 2, "vocab_size": 300,
     "layer_norm_epsilon": 1e-05, "apply_residual_connection_post_layernorm": false,
     "seq_length": 48}
    """,
    """
    {"model_type": "falcon", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2,
     "vocab_size": 300, "max_position_embeddings": 48, "multi_query": true, "parallel_attn": true,
     "new_decoder_architecture": false, "alibi": false, "bias": false, "rope_theta": 10000.0,
     "layer_norm_epsilon": 1e-05, "activation": "gelu", "ffn_hidden_size": 12}
    """,
  ]

  private static func llama(_ family: String, _ more: String) -> String {
    """
    {"model_type": "\(family)", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2,
     "num_key_value_heads": 1, "intermediate_size": 12, "vocab_size": 300,
     "max_position_embeddings": 48, "rms_norm_eps": 1e-06, "hidden_act": "silu",
     "tie_word_embeddings": false, \(more)}
    """
  }
}
