import LinearAlgebra

/// The weights of a decoder-only transformer after TransformerLens's processing.
///
/// Layer norms are folded into the weights that read them, writing weights are centred, the
/// unembedding is centred over the vocabulary and value biases are folded into b_O; see
/// `Transformer+Processing.swift`. Linear maps are `[out, in]`.
package struct Transformer: Sendable {
  package let architecture: Architecture
  /// W_E `[vocabulary, d_model]`
  package let embedding: Matrix
  package let layers: [Layer]
  /// W_Uᵀ `[vocabulary, d_model]`
  package let unembedding: Matrix
  /// b_U `[vocabulary]`
  package let unembeddingBias: [Float]
  package let rotary: RotaryEmbedding
  /// What was noted while the model was read, for the provenance.
  package let notes: [String]

  /// One block: attention and MLP.
  package struct Layer: Sendable {
    /// `[3·d_model, d_model]`, rows ordered queries, keys, values, head after head in each.
    package let queryKeyValue: Matrix
    package let queryKeyValueBias: [Float]
    /// W_inᵀ `[d_mlp, d_model]`
    package let mlpIn: Matrix
    package let mlpInBias: [Float]
    /// [W_Oᵀ | W_outᵀ] `[d_model, d_model + d_mlp]`: attention and MLP write the residual stream in
    /// one product.
    package let output: Matrix
    /// b_O `[d_model]`
    package let attentionBias: [Float]
    /// b_out `[d_model]`
    package let mlpBias: [Float]
    /// b_O + b_out `[d_model]`
    package let writingBias: [Float]
  }

  /// W_out of one neuron: the direction it writes, `[d_model]`.
  package func outputDirection(layer: Int, neuron: Int) -> [Float] {
    layers[layer].output.column(architecture.dModel + neuron)
  }

  /// A token's unembedding direction, `[d_model]`, and its bias.
  package func unembeddingDirection(_ token: Int32) -> (direction: [Float], bias: Float) {
    (unembedding.row(Int(token)), unembeddingBias[Int(token)])
  }
}
