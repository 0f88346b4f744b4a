import LinearAlgebra

/// An edit of one activation: hook_post of a neuron is set to a value from a position on.
package struct NeuronEdit: Sendable, Hashable {
  package let layer: Int
  package let neuron: Int
  package let value: Float
  /// The first position that is edited; 0 edits BOS too, as the notebook does.
  package let from: Int

  package init(layer: Int, neuron: Int, value: Float, from: Int = 0) {
    self.layer = layer
    self.neuron = neuron
    self.value = value
    self.from = from
  }
}

/// All that is asked of one short text: what each component writes at its last token, the logits
/// there, and every neuron's activation.
package struct Trace: Sendable {
  package let ids: [Int32]
  /// hook_post by layer, `[tokens, d_mlp]`
  package let post: [Matrix]
  /// What writes the residual stream at the last token, in the order and with the labels of
  /// TransformerLens's `decompose_resid(layer=-1)`: embed, then attention and MLP of each layer.
  package let components: [Component]
  /// `ln_final.hook_scale` at the last token.
  package let scale: Float
  /// Logits of the token after the last, `[vocabulary]`
  package let logits: [Float]

  package struct Component: Sendable {
    package let label: String
    /// `[d_model]`
    package let output: [Float]
  }

  /// Runs the model once, in the order of `ForwardPass.run(layer:)`.
  package init(of ids: [Int32], in model: Transformer, edit: NeuronEdit? = nil) {
    precondition(!ids.isEmpty && ids.count <= model.architecture.context, "\(ids.count) tokens")
    let shape = model.architecture
    let last = ids.count - 1
    var pass = ForwardPass(model: model, rows: ids.count, longest: ids.count)
    var post: [Matrix] = []
    pass.embed(Pack([ids]))
    var components = [Component(label: "embed", output: pass.residual.row(last))]
    for layer in 0..<shape.layers {
      pass.attend(layer: layer)
      let attention = pass.output(of: .attention, layer: layer, row: last)
      if !shape.parallelResidual { pass.write(.attention, layer: layer) }
      pass.activate(layer: layer, normedByAttention: shape.parallelResidual)
      if let edit, edit.layer == layer {
        for row in edit.from..<max(edit.from, ids.count) {
          pass.hidden[row, shape.dModel + edit.neuron] = edit.value
        }
      }
      post.append(pass.post())
      components.append(Component(label: "\(layer)_attn_out", output: attention))
      components.append(
        Component(
          label: "\(layer)_mlp_out", output: pass.output(of: .mlp, layer: layer, row: last)))
      pass.write(shape.parallelResidual ? .both : .mlp, layer: layer)
    }
    self.ids = ids
    self.post = post
    self.components = components
    scale = layerNormScale(pass.residual.row(last), epsilon: shape.norm.epsilon)
    logits = pass.logits(row: last)
  }
}

/// √(variance + ε): what a layer norm divides a row by.
package func layerNormScale(_ row: [Float], epsilon: Double) -> Float {
  let mean = row.reduce(0.0) { $0 + Double($1) } / Double(row.count)
  let squares = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
  return Float((squares / Double(row.count) + epsilon).squareRoot())
}

extension ForwardPass {
  /// hook_post of the block that ran last, `[rows, d_mlp]`, as a copy.
  fileprivate func post() -> Matrix {
    let block = postBlock
    var elements: [Float] = []
    elements.reserveCapacity(block.rows * block.columns)
    for row in 0..<block.rows {
      let start = row * hidden.columns + block.column
      elements += hidden.elements[start..<start + block.columns]
    }
    return Matrix(rows: block.rows, columns: block.columns, elements: elements)
  }
}
