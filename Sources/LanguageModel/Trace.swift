import LinearAlgebra

/// A change to one neuron in a text: its hook_post is set to one value from a position on, or to a
/// value for each position.
package struct NeuronEdit: Sendable, Hashable {
  package let layer: Int
  package let neuron: Int
  private let values: Values

  private enum Values: Hashable {
    case constant(Float, from: Int)
    case positions([Float])
  }

  /// Sets a neuron to one value from a position on.
  ///
  /// - Parameter from: the first position that is changed; 0 changes BOS too, as the notebook does.
  package init(layer: Int, neuron: Int, value: Float, from: Int = 0) {
    (self.layer, self.neuron) = (layer, neuron)
    values = .constant(value, from: from)
  }

  /// Sets a neuron to a value of its own at each position.
  ///
  /// - Parameter values: a value for each position, BOS included.
  package init(layer: Int, neuron: Int, values: [Float]) {
    (self.layer, self.neuron) = (layer, neuron)
    self.values = .positions(values)
  }

  /// The new value at a position; nil if the position is not changed.
  func value(at position: Int) -> Float? {
    switch values {
    case .constant(let value, let from): position < from ? nil : value
    case .positions(let values): position < values.count ? values[position] : nil
    }
  }
}

/// A record of one short text's run: the output of each component at the last token, the logits
/// there, and the activations of a layer's neurons.
package struct Trace: Sendable {
  package let ids: [Int32]
  /// hook_post of the layer that was asked for, `[tokens, d_mlp]`.
  package let post: Matrix
  /// The terms of the residual stream at the last token, with the order and labels of
  /// TransformerLens's `decompose_resid(layer=-1)`: embed, pos_embed if positions are learned, then
  /// attention and MLP of each layer.
  package let components: [Component]
  /// `ln_final.hook_scale` at the last token.
  package let scale: Float
  /// The logits at the last token, `[vocabulary]`.
  package let logits: [Float]
  /// The logits before the soft cap, in a model that has one.
  package let uncapped: [Float]?

  package struct Component: Sendable {
    package let label: String
    /// The output of the component at the last token, `[d_model]`.
    package let output: [Float]
  }

  /// Runs the model once on a text, with `edit` applied.
  ///
  /// - Parameter layer: the layer whose hook_post is kept.
  package init(of ids: [Int32], in model: Transformer, layer kept: Int, edit: NeuronEdit? = nil) {
    precondition(!ids.isEmpty && ids.count <= model.architecture.context, "\(ids.count) tokens")
    let shape = model.architecture
    let last = ids.count - 1
    var pass = ForwardPass(model: model, rows: ids.count, longest: ids.count)
    var post = Matrix(rows: 0, columns: shape.dMLP)
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
          if layer == kept { post = pass.post() }
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
  /// Applies a change to every document of the pack, while `hidden` holds the neuron's block.
  package mutating func set(_ edit: NeuronEdit) {
    let column = model.architecture.column(of: edit.neuron)
    for document in pack.documents {
      for (position, row) in document.enumerated() {
        if let value = edit.value(at: position) { hidden[row, column] = value }
      }
    }
  }

  /// The terms that sum to the first residual stream of a row, right after `embed`.
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

  /// A copy of hook_post of the block that ran last, `[rows, d_mlp]`.
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
