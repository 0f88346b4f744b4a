import LinearAlgebra

/// An edit of one activation of a text: hook_post of a neuron is set to a value from a position on, or
/// to one of its own at each position.
package struct NeuronEdit: Sendable, Hashable {
  package let layer: Int
  package let neuron: Int
  private let values: Values

  private enum Values: Hashable {
    case constant(Float, from: Int)
    case positions([Float])
  }

  /// - Parameter from: the first position that is edited; 0 edits BOS too, as the notebook does.
  package init(layer: Int, neuron: Int, value: Float, from: Int = 0) {
    (self.layer, self.neuron) = (layer, neuron)
    values = .constant(value, from: from)
  }

  /// - Parameter values: by position, what stands at the beginning included.
  package init(layer: Int, neuron: Int, values: [Float]) {
    (self.layer, self.neuron) = (layer, neuron)
    self.values = .positions(values)
  }

  /// What a position is set to; nil leaves it.
  func value(at position: Int) -> Float? {
    switch values {
    case .constant(let value, let from): position < from ? nil : value
    case .positions(let values): position < values.count ? values[position] : nil
    }
  }
}

/// All that is asked of one short text: what each component writes at its last token, the logits
/// there, and every neuron's activation.
package struct Trace: Sendable {
  package let ids: [Int32]
  /// hook_post by layer, `[tokens, d_mlp]`
  package let post: [Matrix]
  /// What writes the residual stream at the last token, in the order and with the labels of
  /// TransformerLens's `decompose_resid(layer=-1)`: embed, pos_embed where positions are learned,
  /// then attention and MLP of each layer.
  package let components: [Component]
  /// `ln_final.hook_scale` at the last token.
  package let scale: Float
  /// Logits of the token after the last, `[vocabulary]`
  package let logits: [Float]
  /// The same before the soft cap, in a model that has one.
  package let uncapped: [Float]?

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
    var components = pass.embeddings(row: last)
    for layer in 0..<shape.layers {
      pass.run(layer: layer) { step, pass in
        switch step {
        case .attended:
          components.append(
            Component(
              label: "\(layer)_attn_out",
              output: pass.output(of: .attention, layer: layer, row: last)))
        case .activated:
          if let edit, edit.layer == layer { pass.set(edit) }
          post.append(pass.post())
          components.append(
            Component(
              label: "\(layer)_mlp_out", output: pass.output(of: .mlp, layer: layer, row: last)))
        case .mid, .written: break
        }
      }
    }
    self.ids = ids
    self.post = post
    self.components = components
    scale = shape.norm.scale(of: pass.residual.row(last))
    logits = pass.logits(row: last)
    uncapped = shape.logitCap == nil ? nil : pass.logits(row: last, isCapped: false)
  }
}

extension ForwardPass {
  /// Sets one neuron in every document of the pack, while `hidden` holds its block.
  package mutating func set(_ edit: NeuronEdit) {
    let column = model.architecture.column(of: edit.neuron)
    for document in pack.documents {
      for (position, row) in document.enumerated() {
        if let value = edit.value(at: position) { hidden[row, column] = value }
      }
    }
  }

  /// What the first residual stream of a row is the sum of, right after `embed`.
  fileprivate func embeddings(row: Int) -> [Trace.Component] {
    let embedding = model.embedding.row(Int(pack.ids[row]))
    guard let positions = model.positions,
      let document = pack.documents.first(where: { $0.contains(row) })
    else { return [.init(label: "embed", output: embedding)] }
    return [
      .init(label: "embed", output: embedding),
      .init(label: "pos_embed", output: positions.row(row - document.lowerBound)),
    ]
  }

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
