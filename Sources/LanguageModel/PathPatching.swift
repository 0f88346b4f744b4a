import LinearAlgebra

/// One document's layers after an edited one, clean and ablated, and runs that mix the two.
///
/// The residual stream is a sum, so a run whose later layers write what they are told needs no
/// attention and no MLP of its own: activation patching with everything else held.
package struct PathPatching {
  /// Something that writes the residual stream after the edited layer.
  package struct Component: Sendable, Hashable {
    package let layer: Int
    /// Nil is the MLP.
    package let head: Int?

    package init(layer: Int, head: Int?) {
      self.layer = layer
      self.head = head
    }

    /// `L4H2`, `L4 MLP`
    package var label: String { head.map { "L\(layer)H\($0)" } ?? "L\(layer) MLP" }
  }

  /// Whose activations later layers write.
  package enum Later: Sendable {
    case clean, ablated
    /// Clean but for one component.
    case ablatedIn(Component)
  }

  private var forward: ForwardPass
  private let edit: NeuronEdit
  /// hook_resid_post of the edited layer, without and with the edit.
  private let start: (clean: Matrix, ablated: Matrix)
  /// [hook_z | hook_post] of each later layer.
  private let hidden: (clean: [Matrix], ablated: [Matrix])

  /// Runs the document clean and ablated.
  package init(of ids: [Int32], edit: NeuronEdit, in model: Transformer) {
    let shape = model.architecture
    var forward = ForwardPass(model: model, rows: ids.count, longest: ids.count)
    let later = edit.layer + 1..<max(edit.layer + 1, shape.layers)
    func run(_ forward: inout ForwardPass) -> [Matrix] {
      later.map { layer in
        forward.run(layer: layer)
        return forward.hidden
      }
    }
    forward.embed(Pack([ids]))
    for layer in 0...edit.layer { forward.run(layer: layer) }
    let clean = forward.residual
    let activations = forward.hidden.column(shape.dModel + edit.neuron)
    let cleanHidden = run(&forward)

    forward.residual = clean
    forward.kernels.addOuter(
      &forward.residual,
      factor: activations.enumerated().map { $0.offset < edit.from ? 0 : edit.value - $0.element },
      direction: model.outputDirection(layer: edit.layer, neuron: edit.neuron))
    start = (clean, forward.residual)
    hidden = (cleanHidden, run(&forward))
    self.forward = forward
    self.edit = edit
  }

  /// Every head and MLP after the edited layer, layer by layer.
  package static func components(after layer: Int, of shape: Architecture) -> [Component] {
    (layer + 1..<max(layer + 1, shape.layers)).flatMap { layer in
      (0..<shape.heads).map { Component(layer: layer, head: $0) }
        + [Component(layer: layer, head: nil)]
    }
  }

  /// hook_resid_post of the last layer, `[tokens, d_model]`, when the neuron is `neuron` and later
  /// layers write the activations of `later`.
  package mutating func finalResidual(neuron: Run, later: Later) -> Matrix {
    forward.residual = neuron == .clean ? start.clean : start.ablated
    for (index, layer) in (edit.layer + 1..<edit.layer + 1 + hidden.clean.count).enumerated() {
      switch later {
      case .clean: forward.hidden = hidden.clean[index]
      case .ablated: forward.hidden = hidden.ablated[index]
      case .ablatedIn(let component):
        forward.hidden = hidden.clean[index]
        if component.layer == layer { patch(component, from: hidden.ablated[index]) }
      }
      forward.write(.both, layer: layer)
    }
    return forward.residual
  }

  /// The loss of each token after BOS, in nats, of such a run.
  package mutating func losses(neuron: Run, later: Later) -> [Float] {
    _ = finalResidual(neuron: neuron, later: later)
    let ids = forward.pack.ids
    return forward.losses(
      rows: (0..<Int32(max(0, ids.count - 1))).map { $0 }, targets: Array(ids.dropFirst()))
  }

  /// Which run the edited neuron is taken from.
  package enum Run: Sendable {
    case clean, ablated
  }

  private mutating func patch(_ component: Component, from ablated: Matrix) {
    let columns = forward.model.architecture.columns(of: component.head)
    for row in 0..<ablated.rows {
      let start = row * ablated.columns + columns.lowerBound
      forward.hidden.elements.replaceSubrange(
        start..<start + columns.count, with: ablated.elements[start..<start + columns.count])
    }
  }
}

extension Architecture {
  /// Columns of [hook_z | hook_post] that belong to a head, or to the MLP where it is nil.
  package func columns(of head: Int?) -> Range<Int> {
    head.map { $0 * dHead..<($0 + 1) * dHead } ?? dModel..<dModel + dMLP
  }
}
