/// Names the tensors of each weight in a GGUF file. llama.cpp uses one set of names for all
/// families (`gguf-py/gguf/tensor_mapping.py`), and its converter reorders the rows of some
/// tensors.
enum GGUFNames {
  static func weights(_ sources: inout WeightSources) {
    let shape = sources.architecture
    sources.embedding("token_embd")
    if shape.positions == .learned { sources.positions("position_embd") }
    if shape.embedding.isNormed { sources.embeddingNorm("token_embd_norm") }
    sources.normsHaveWeights = sources.has("output_norm.weight")
    for layer in 0..<shape.layers { block(layer, &sources) }
    sources.finalNorm("output_norm")
    sources.unembedding("output")
    if sources.has(frequencies), case .rotary(let rotary) = shape.positions {
      sources.add(.rotaryFactors, frequencies, [rotary.pairCount])
    }
  }

  /// The divisors of each rotary pair's angle in files of Llama 3.1, which scales positions.
  private static let frequencies = "rope_freqs.weight"

  private static func block(_ layer: Int, _ sources: inout WeightSources) {
    let shape = sources.architecture
    let block = "blk.\(layer)."
    sources.norm(layer, .beforeAttention, block + "attn_norm")
    if sources.has(block + "attn_qkv.weight") {
      // The converter has reordered GPT-NeoX's and Bloom's rows in this way, too.
      sources.fused(layer, [.query, .key, .value], block + "attn_qkv", .stacked)
    } else {
      for (map, name) in [(Linear.query, "attn_q"), (.key, "attn_k")] {
        sources.linear(layer, map, block + name, isPaired: pairedFamilies.contains(shape.family))
      }
      sources.linear(layer, .value, block + "attn_v")
    }
    if shape.attention.normsHeads {
      sources.norm(layer, .query, block + "attn_q_norm")
      sources.norm(layer, .key, block + "attn_k_norm")
    }
    sources.linear(layer, .attentionOut, block + "attn_output")
    // A parallel block with one norm has no second norm in the file.
    let hasSecond = sources.has(block + "ffn_norm.weight") || shape.order == .sequential
    sources.norm(layer, .beforeMLP, block + (hasSecond ? "ffn_norm" : "attn_norm"))
    if shape.mlp.isGated, !sources.has(block + "ffn_gate.weight") {
      sources.fused(layer, [.mlpGate, .mlpIn], block + "ffn_up", .stacked)
    } else {
      if shape.mlp.isGated { sources.linear(layer, .mlpGate, block + "ffn_gate") }
      sources.linear(layer, .mlpIn, block + "ffn_up")
    }
    sources.linear(layer, .mlpOut, block + "ffn_down")
    if shape.normsOutputs {
      sources.norm(layer, .afterAttention, block + "post_attention_norm")
      sources.norm(layer, .afterMLP, block + "post_ffw_norm")
    }
  }

  /// A buffer of old files, from which nothing is read.
  static let buffers = [".attn_rot_embd.weight"]

  /// The families whose queries and keys are stored with rotary pairs in adjacent rows.
  private static let pairedFamilies: Set = [
    Llama.modelType, Mistral.modelType, OLMo.modelType,
  ]
}
