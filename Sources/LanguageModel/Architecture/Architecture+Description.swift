extension Architecture {
  /// A description of the model for people, a few lines.
  package var description: [String] {
    [
      "family     \(family): \(Families.family(of: family)?.summary ?? "")",
      "sizes      \(layers) layers, d_model \(dModel), d_mlp \(dMLP), \(heads) heads of \(dHead)"
        + (keyValueHeads == heads ? "" : " that share \(keyValueHeads) of keys and values"),
      "text       vocabulary \(vocabulary), context \(context), positions \(positions.description)",
      "blocks     \(order.rawValue), \(norm.description), \(mlp.description)"
        + (normsOutputs ? ", outputs normed" : ""),
    ] + attentionDescription
  }

  private var attentionDescription: [String] {
    var parts: [String] = []
    let windows = Set(attention.windows.compactMap(\.self)).sorted()
    if let window = windows.first {
      let count = attention.windows.count { $0 != nil }
      parts.append("window of \(window) keys on \(count) of \(layers) layers")
    }
    if attention.normsHeads { parts.append("queries and keys normed") }
    if let cap = attention.scoreCap { parts.append("scores capped at \(cap)") }
    if let cap = logitCap { parts.append("logits capped at \(cap)") }
    return parts.isEmpty ? [] : ["attention  " + parts.joined(separator: ", ")]
  }

  /// The processing of the weights that TransformerLens applies to such a model, in sentences.
  package var processing: String {
    let reads = mlp.isGated ? "W_Q, W_K, W_V, W_in, W_gate and W_U" : "W_Q, W_K, W_V, W_in and W_U"
    let centred =
      norm.centres
      ? "Layer norms are folded into the weights that read them (\(reads)), which are then centred, "
        + "and so are the weights that write the residual stream"
      : "RMS norms are folded into the weights that read them (\(reads)); nothing is centred, since "
        + "these norms take no mean away"
    let unembedding =
      logitCap == nil
      ? "; the unembedding is centred over the vocabulary"
      : "; the unembedding is not centred, since a soft cap follows it"
    let outputs =
      normsOutputs
      ? ". The norms behind attention and MLP stay where they are, with their scale" : ""
    return centred + unembedding + ", and value biases are folded into b_O" + outputs + "."
  }
}

extension PositionalEmbedding {
  var description: String {
    switch self {
    case .learned: "learned"
    case .alibi: "by distance (ALiBi)"
    case .rotary(let rotary):
      "rotary on \(2 * rotary.pairCount) dimensions, base \(rotary.base)"
        + (rotary.scaling.map { ", scaled (\($0.name))" } ?? "")
    }
  }
}

extension Rotary.Scaling {
  var name: String {
    switch self {
    case .linear: "linear"
    case .llama3: "llama3"
    }
  }
}

extension Norm {
  var description: String { centres ? "layer norms" : "RMS norms" }
}

extension MLP {
  var description: String { "\(isGated ? "gated" : "plain") MLP, \(activation.rawValue)" }
}
