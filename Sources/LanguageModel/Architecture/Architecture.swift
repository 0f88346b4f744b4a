/// Everything in which the families of decoder-only transformers differ.
///
/// A family's file makes this value from its configuration. The processing of the weights and the
/// forward pass read nothing else. Sizes have TransformerLens's names.
package struct Architecture: Sendable, Codable, Equatable {
  /// The family: `model_type` of the configuration.
  package var family: String
  package var layers: Int
  package var dModel: Int
  package var heads: Int
  /// The number of key and value heads: `heads`, or fewer if each is shared by a group of query
  /// heads (Ainslie et al. 2023).
  package var keyValueHeads: Int
  package var dHead: Int
  package var dMLP: Int
  /// The number of rows of the embedding, padding rows included.
  package var vocabulary: Int
  /// The longest document in tokens, BOS included (`n_ctx`).
  package var context: Int
  package var norm: Norm
  package var embedding = Embedding()
  package var positions: PositionalEmbedding
  package var attention: Attention
  package var mlp: MLP
  package var order: BlockOrder
  /// Whether the outputs of attention and MLP are normed before they are added to the residual
  /// stream (Gemma 2). The scale of these norms is not folded.
  package var normsOutputs = false
  /// The linear maps that have a bias vector.
  package var biases: Set<Linear>
  /// The soft cap of the logits: l becomes cap · tanh(l / cap); nil for none.
  package var logitCap: Double?
  /// Whether the configuration says that the unembedding is the transposed embedding. If the
  /// checkpoint holds an unembedding, it is used all the same, see `WeightSources.unembedding`.
  package var tiesEmbeddings: Bool
  /// How fields that the configuration leaves out were read, for the provenance.
  package var notes: [String] = []
}

/// The order in which attention and MLP of a block read and write the residual stream.
package enum BlockOrder: String, Sendable, Codable {
  /// Both read the same stream: `x + attn(ln1 x) + mlp(ln2 x)`.
  case parallel
  /// The MLP reads the stream after attention has written to it.
  case sequential
}

/// The steps between the rows of W_E and the first residual stream.
package struct Embedding: Sendable, Codable, Equatable {
  /// A factor of the embedding that the unembedding of a tied model does not have (Gemma).
  package var scale: Double?
  /// Whether a layer norm with scale and shift follows (Bloom).
  package var isNormed = false
}

extension Architecture {
  /// The number of columns of hook_z, head after head; it need not be d_model.
  package var attentionWidth: Int { heads * dHead }

  /// The number of columns of the keys, and of the values.
  package var keyValueWidth: Int { keyValueHeads * dHead }

  /// The number of columns of [hook_z | hook_post].
  package var hiddenWidth: Int { attentionWidth + dMLP }

  /// The column of [hook_z | hook_post] that holds a neuron's hook_post.
  package func column(of neuron: Int) -> Int { attentionWidth + neuron }

  /// Whether attention and MLP read the same residual stream.
  package var parallelResidual: Bool { order == .parallel }

  /// The rows and columns of a linear map, `[out, in]`.
  package func shape(of map: Linear) -> (out: Int, in: Int) {
    switch map {
    case .query: (attentionWidth, dModel)
    case .key, .value: (keyValueWidth, dModel)
    case .attentionOut: (dModel, attentionWidth)
    case .mlpIn, .mlpGate: (dMLP, dModel)
    case .mlpOut: (dModel, dMLP)
    case .unembedding: (vocabulary, dModel)
    }
  }
}

/// The linear maps of a transformer, with TransformerLens's names: W_Q, W_K, W_V, W_O, W_in,
/// W_gate, W_out, W_U.
package enum Linear: String, Sendable, Codable, CaseIterable {
  case query = "W_Q"
  case key = "W_K"
  case value = "W_V"
  case attentionOut = "W_O"
  case mlpIn = "W_in"
  case mlpGate = "W_gate"
  case mlpOut = "W_out"
  case unembedding = "W_U"
}
