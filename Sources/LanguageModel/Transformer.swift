import LinearAlgebra

/// The weights of a decoder-only transformer after TransformerLens's processing.
///
/// Norms are folded into the weights that read them; where the norm centres, writing weights are
/// centred; the unembedding is centred over the vocabulary and value biases are folded into b_O; see
/// `Transformer+Processing.swift`. Linear maps are `[out, in]`.
package struct Transformer: Sendable {
  package let architecture: Architecture
  /// W_E `[vocabulary, d_model]`, as the residual stream starts: scaled or normed where the family
  /// does so.
  package let embedding: VocabularyMatrix
  /// W_pos `[context, d_model]`, where positions are learned.
  package let positions: Matrix?
  package let layers: Layers
  /// W_Uᵀ `[vocabulary, d_model]`
  package let unembedding: VocabularyMatrix
  /// b_U `[vocabulary]`
  package let unembeddingBias: [Float]
  /// The angles of rotary positions.
  package let rotary: RotaryEmbedding?
  /// By head, how a score falls with the distance of its key (ALiBi).
  package let slopes: [Float]?
  /// What was noted while the model was read, for the provenance.
  package let notes: [String]

  /// One block: attention and MLP.
  package struct Layer: Sendable {
    /// `[(heads + 2 · key-value heads) · d_head, d_model]`, rows ordered queries, keys, values, head
    /// after head in each.
    package let queryKeyValue: Matrix
    package let queryKeyValueBias: [Float]
    /// What each head's queries are multiplied by after their norm `[d_head]`, where they have one.
    package let queryNorm: [Float]?
    package let keyNorm: [Float]?
    /// W_inᵀ `[d_mlp, d_model]`; of a gated MLP [W_in | W_gate]ᵀ `[2 · d_mlp, d_model]`.
    package let mlpIn: Matrix
    package let mlpInBias: [Float]
    /// [W_Oᵀ | W_outᵀ] `[d_model, heads · d_head + d_mlp]`: attention and MLP write the residual
    /// stream in one product.
    package let output: Matrix
    /// b_O `[d_model]`
    package let attentionBias: [Float]
    /// b_out `[d_model]`
    package let mlpBias: [Float]
    /// b_O + b_out `[d_model]`
    package let writingBias: [Float]
    /// The scale of the norm that what attention writes passes, where there is one `[d_model]`.
    package let attentionOutNorm: [Float]?
    package let mlpOutNorm: [Float]?
    /// Keeps the layer in memory where layers are let go.
    var lease: (any AnyObject & Sendable)?
  }

  /// A token's unembedding direction, `[d_model]`, and its bias.
  package func unembeddingDirection(_ token: Int32) -> (direction: [Float], bias: Float) {
    (unembedding.row(Int(token)), unembeddingBias[Int(token)])
  }
}
