import ArgumentParser
import JSON
import LanguageModel
import Storage

/// The models whose sizes a benchmark can imitate.
enum BenchShape: String, CaseIterable, ExpressibleByArgument {
  case m14 = "14m"
  case m31 = "31m"
  case m70 = "70m"
  case m160 = "160m"
  case m410 = "410m"
  case b1 = "1b"
  case b12 = "12b"
  case gpt2
  case smollm2
  case tinyllama

  /// The `config.json` of such a model.
  var configuration: String {
    switch self {
    case .m14: pythia(layers: 6, dModel: 128, heads: 4)
    case .m31: pythia(layers: 6, dModel: 256, heads: 8)
    case .m70: pythia(layers: 6, dModel: 512, heads: 8)
    case .m160: pythia(layers: 12, dModel: 768, heads: 12)
    case .m410: pythia(layers: 24, dModel: 1024, heads: 16)
    case .b1: pythia(layers: 16, dModel: 2048, heads: 8)
    case .b12: pythia(layers: 36, dModel: 5120, heads: 40)
    case .gpt2:
      """
      {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
       "vocab_size": 50257, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05}
      """
    case .smollm2:
      llama(
        layers: 30, dModel: 576, heads: 9, groups: 3, dMLP: 1536, vocabulary: 49_152,
        context: 8192, base: 100_000, isTied: true)
    case .tinyllama:
      llama(
        layers: 22, dModel: 2048, heads: 32, groups: 4, dMLP: 5632, vocabulary: 32_000,
        context: 2048, base: 10_000, isTied: false)
    }
  }

  /// The type of the weights in such a model's published files.
  var type: String {
    switch self {
    case .smollm2, .tinyllama: "BF16"
    default: "F16"
    }
  }

  var architecture: Architecture {
    get throws {
      let file = FileBytes(Array(configuration.utf8), name: "config.json")
      return try Architecture(config: JSON(parsing: file), file: file.name)
    }
  }

  private func pythia(layers: Int, dModel: Int, heads: Int) -> String {
    """
    {"model_type": "gpt_neox", "hidden_size": \(dModel), "num_hidden_layers": \(layers),
     "num_attention_heads": \(heads), "intermediate_size": \(4 * dModel), "vocab_size": 50304,
     "max_position_embeddings": 2048, "rotary_pct": 0.25, "rotary_emb_base": 10000,
     "layer_norm_eps": 1e-05, "hidden_act": "gelu", "use_parallel_residual": true,
     "tie_word_embeddings": false}
    """
  }

  private func llama(
    layers: Int, dModel: Int, heads: Int, groups: Int, dMLP: Int, vocabulary: Int, context: Int,
    base: Int, isTied: Bool
  ) -> String {
    """
    {"model_type": "llama", "hidden_size": \(dModel), "num_hidden_layers": \(layers),
     "num_attention_heads": \(heads), "num_key_value_heads": \(groups),
     "intermediate_size": \(dMLP), "vocab_size": \(vocabulary),
     "max_position_embeddings": \(context), "rope_theta": \(base), "rms_norm_eps": 1e-05,
     "hidden_act": "silu", "tie_word_embeddings": \(isTied)}
    """
  }
}
