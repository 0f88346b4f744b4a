import LinearAlgebra

/// The weights of a decoder-only transformer after TransformerLens's processing.
///
/// Norms are folded into the weights that read them. Writing weights are centred if the norms
/// centre, the unembedding is centred over the vocabulary, and value biases are folded into b_O,
/// see `Transformer+Processing.swift`. Linear maps are `[out, in]`.
package struct Transformer: Sendable {
  package let architecture: Architecture
  /// W_E `[vocabulary, d_model]` as it enters the residual stream: scaled or normed if the family
  /// does so.
  package let embedding: VocabularyMatrix
  /// W_pos `[context, d_model]`, if positions are learned.
  package let positions: Matrix?
  package let layers: Layers
  /// W_Uᵀ `[vocabulary, d_model]`.
  package let unembedding: VocabularyMatrix
  /// b_U `[vocabulary]`.
  package let unembeddingBias: [Float]
  /// The angles of rotary positions, if the model has them.
  package let rotary: RotaryEmbedding?
  /// ALiBi's slope for each head, if the model has them.
  package let slopes: [Float]?
  /// Notes made while the model was read, for the provenance.
  package let notes: [String]

  /// One block with its attention and its MLP.
  package struct Layer: Sendable {
    /// W_Q, W_K and W_V `[(heads + 2 · key-value heads) · d_head, d_model]`; the rows are queries,
    /// keys, values, each head after head.
    package let queryKeyValue: Matrix
    package let queryKeyValueBias: [Float]
    /// The scale of the norm of each head's queries `[d_head]`, if the model has one; below, that
    /// of keys.
    package let queryNorm: [Float]?
    package let keyNorm: [Float]?
    /// W_inᵀ `[d_mlp, d_model]`; in a gated MLP [W_in | W_gate]ᵀ `[2 · d_mlp, d_model]`.
    package let mlpIn: Matrix
    package let mlpInBias: [Float]
    /// [W_Oᵀ | W_outᵀ] `[d_model, heads · d_head + d_mlp]`, so that one product writes the outputs
    /// of attention and MLP.
    package let output: Matrix
    /// b_O `[d_model]`.
    package let attentionBias: [Float]
    /// b_out `[d_model]`.
    package let mlpBias: [Float]
    /// b_O + b_out `[d_model]`.
    package let writingBias: [Float]
    /// The scale of the norm of attention's output `[d_model]`, if there is one; below, that of the
    /// MLP's.
    package let attentionOutNorm: [Float]?
    package let mlpOutNorm: [Float]?
    /// Keeps the layer in memory as long as this value exists, if layers are loaded on demand.
    var lease: (any AnyObject & Sendable)?
  }

  /// A token's unembedding direction, `[d_model]`, and its bias.
  package func unembeddingDirection(_ token: Int32) -> (direction: [Float], bias: Float) {
    (unembedding.row(Int(token)), unembeddingBias[Int(token)])
  }
}
