/// Everything that differs between the families of decoder-only transformers, in one value.
///
/// A family's file reads its configuration into this; the processing of the weights and the forward
/// pass read only this. Sizes have TransformerLens's names.
package struct Architecture: Sendable, Codable, Equatable {
  /// `model_type` of the configuration: the family that was read.
  package var family: String
  package var layers: Int
  package var dModel: Int
  package var heads: Int
  /// Heads of keys and values: as many as `heads`, or fewer, each shared by a group of query heads
  /// (Ainslie et al. 2023).
  package var keyValueHeads: Int
  package var dHead: Int
  package var dMLP: Int
  /// Rows of the embedding, padding rows included.
  package var vocabulary: Int
  /// The longest document in tokens, BOS included (`n_ctx`).
  package var context: Int
  package var norm: Norm
  package var embedding = Embedding()
  package var positions: Positions
  package var attention: Attention
  package var mlp: MLP
  package var order: BlockOrder
  /// What attention and MLP write is normed once more before it reaches the residual stream
  /// (Gemma 2), with a scale of its own that is not folded.
  package var normsOutputs = false
  /// The linear maps that have a bias vector.
  package var biases: Set<Linear>
  /// Logits l become cap · tanh(l / cap).
  package var logitCap: Double?
  /// The configuration says that the unembedding is the embedding, transposed; the checkpoint has
  /// the last word, see `WeightSources.unembedding`.
  package var tiesEmbeddings: Bool
  /// What the configuration left open and how it was read, for the provenance.
  package var notes: [String] = []
}

/// How attention and MLP of a block share the residual stream.
package enum BlockOrder: String, Sendable, Codable {
  /// `x + attn(ln1 x) + mlp(ln2 x)`
  case parallel
  /// The MLP reads what attention wrote.
  case sequential
}

/// What stands between the rows of W_E and the first residual stream.
package struct Embedding: Sendable, Codable, Equatable {
  /// Factor of the embedding, which the unembedding of a tied model does not have (Gemma).
  package var scale: Double?
  /// A layer norm with scale and shift follows (Bloom).
  package var isNormed = false
}

extension Architecture {
  /// Columns of hook_z, head after head; not always d_model.
  package var attentionWidth: Int { heads * dHead }

  /// Columns of keys or of values.
  package var keyValueWidth: Int { keyValueHeads * dHead }

  /// Columns of [hook_z | hook_post].
  package var hiddenWidth: Int { attentionWidth + dMLP }

  /// The column of [hook_z | hook_post] that holds hook_post of a neuron.
  package func column(of neuron: Int) -> Int { attentionWidth + neuron }

  /// Whether attention and MLP read the same residual stream.
  package var parallelResidual: Bool { order == .parallel }

  /// Rows and columns of a linear map, `[out, in]`.
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

/// The linear maps of a transformer, by TransformerLens's names: W_Q, W_K, W_V, W_O, W_in, W_gate,
/// W_out, W_U.
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
