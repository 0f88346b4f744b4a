/// A weight that a model must have: its name in the checkpoint and its shape there.
package struct TensorSpec: Sendable, Hashable {
  package let name: String
  package let shape: [Int]

  package init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// The number of elements; an `Architecture` bounds it far below overflow.
  package var count: Int { shape.reduce(1, *) }
}

/// Which tensors of a checkpoint hold which weights of an architecture.
///
/// Shapes are those of the file: a linear map is `[out, in]`.
package struct TensorNames: Sendable {
  package struct Linear: Sendable {
    package let weight: TensorSpec
    package let bias: TensorSpec?
  }

  package struct Norm: Sendable {
    package let weight: TensorSpec
    package let bias: TensorSpec
  }

  package struct Layer: Sendable {
    package let attentionNorm: Norm
    /// `[3 · d_model, d_model]`; GPT-NeoX lays the rows out per head as q, k, v.
    package let queryKeyValue: Linear
    package let attentionOut: Linear
    package let mlpNorm: Norm
    package let mlpIn: Linear
    package let mlpOut: Linear
  }

  /// `[vocabulary, d_model]`
  package let embedding: TensorSpec
  /// `[vocabulary, d_model]`; the embedding itself when the two are tied.
  package let unembedding: TensorSpec
  package let finalNorm: Norm
  package let layers: [Layer]

  /// The names in a checkpoint that holds `available`, from which the prefix is told.
  package init(_ architecture: Architecture, available: (String) -> Bool) {
    switch architecture.family {
    case .gptNeoX: self.init(gptNeoX: architecture, available: available)
    }
  }

  /// Every weight in the order of the forward pass; a tied unembedding stands twice, since it is
  /// processed apart from the embedding.
  package var all: [TensorSpec] {
    let blocks = layers.flatMap { layer in
      [
        layer.attentionNorm.weight, layer.attentionNorm.bias, layer.queryKeyValue.weight,
        layer.queryKeyValue.bias, layer.attentionOut.weight, layer.attentionOut.bias,
        layer.mlpNorm.weight, layer.mlpNorm.bias, layer.mlpIn.weight, layer.mlpIn.bias,
        layer.mlpOut.weight, layer.mlpOut.bias,
      ].compactMap(\.self)
    }
    return [embedding] + blocks + [finalNorm.weight, finalNorm.bias, unembedding]
  }

  /// Whether a tensor is a buffer that libraries once saved and nobody reads: rotary tables and
  /// causal masks.
  package static func isBuffer(_ name: String) -> Bool {
    [
      "rotary_emb.inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached", ".attention.bias",
      ".attention.masked_bias",
    ].contains { name.hasSuffix($0) }
  }
}

extension TensorNames {
  /// `GPTNeoXForCausalLM` prefixes its body with `gpt_neox.`; a saved `GPTNeoXModel` does not.
  private init(gptNeoX architecture: Architecture, available: (String) -> Bool) {
    let prefix = available("embed_in.weight") ? "" : "gpt_neox."
    let dModel = architecture.dModel
    func linear(_ name: String, _ rows: Int, _ columns: Int, bias: Bool) -> Linear {
      Linear(
        weight: TensorSpec(name + ".weight", [rows, columns]),
        bias: bias ? TensorSpec(name + ".bias", [rows]) : nil)
    }
    func norm(_ name: String) -> Norm {
      Norm(
        weight: TensorSpec(name + ".weight", [dModel]), bias: TensorSpec(name + ".bias", [dModel]))
    }
    let biases = architecture.biases
    embedding = TensorSpec(prefix + "embed_in.weight", [architecture.vocabulary, dModel])
    unembedding =
      architecture.tiedEmbeddings
      ? embedding : TensorSpec("embed_out.weight", [architecture.vocabulary, dModel])
    finalNorm = norm(prefix + "final_layer_norm")
    layers = (0..<architecture.layers).map { index in
      let layer = "\(prefix)layers.\(index)."
      return Layer(
        attentionNorm: norm(layer + "input_layernorm"),
        queryKeyValue: linear(
          layer + "attention.query_key_value", 3 * dModel, dModel, bias: biases.attention),
        attentionOut: linear(layer + "attention.dense", dModel, dModel, bias: biases.attention),
        mlpNorm: norm(layer + "post_attention_layernorm"),
        mlpIn: linear(layer + "mlp.dense_h_to_4h", architecture.dMLP, dModel, bias: biases.mlp),
        mlpOut: linear(layer + "mlp.dense_4h_to_h", dModel, architecture.dMLP, bias: biases.mlp))
    }
  }
}
