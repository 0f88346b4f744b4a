import LinearAlgebra

/// One document run layer by layer, with everything that writes its residual stream kept apart.
package struct LayerRun {
  /// The residual stream before the first layer and after each, `[tokens, d_model]`.
  package let residuals: [Matrix]
  /// What the layer norm before each MLP reads: the residual stream before the layer, and in a
  /// sequential block what its attention wrote too.
  package let mlpInputs: [Matrix]
  /// [hook_z | hook_post] of each layer.
  package let hidden: [Matrix]
  private var forward: ForwardPass
  private var shape: Architecture { forward.model.architecture }

  /// - Parameter layers: how many layers are run; nil runs all.
  package init(
    of ids: [Int32], in model: Transformer, edit: NeuronEdit? = nil, layers: Int? = nil
  ) {
    let shape = model.architecture
    var forward = ForwardPass(model: model, rows: ids.count, longest: ids.count)
    forward.embed(Pack([ids]))
    var residuals = [forward.residual]
    var mlpInputs: [Matrix] = []
    var hidden: [Matrix] = []
    for layer in 0..<(layers ?? shape.layers) {
      forward.attend(layer: layer)
      if !shape.parallelResidual { forward.write(.attention, layer: layer) }
      mlpInputs.append(forward.residual)
      forward.activate(layer: layer, normedByAttention: shape.parallelResidual)
      if let edit, edit.layer == layer {
        for row in edit.from..<max(edit.from, ids.count) {
          forward.hidden[row, shape.dModel + edit.neuron] = edit.value
        }
      }
      forward.write(shape.parallelResidual ? .both : .mlp, layer: layer)
      hidden.append(forward.hidden)
      residuals.append(forward.residual)
    }
    self.residuals = residuals
    self.mlpInputs = mlpInputs
    self.hidden = hidden
    self.forward = forward
  }

  /// The loss of each token after BOS when the residual stream of that place is unembedded, in
  /// nats: the logit lens (nostalgebraist 2020).
  package mutating func losses(at place: Int) -> [Float] {
    forward.residual = residuals[place]
    let ids = forward.pack.ids
    return forward.losses(
      rows: (0..<Int32(max(0, ids.count - 1))).map { $0 }, targets: Array(ids.dropFirst()))
  }

  /// The rank of each token after BOS among all that could have come, 0 for the most likely.
  package mutating func ranks() -> [Int] {
    guard let last = residuals.last else { return [] }
    forward.residual = last
    let ids = forward.pack.ids
    return forward.ranks(
      rows: (0..<Int32(max(0, ids.count - 1))).map { $0 }, targets: Array(ids.dropFirst()))
  }

  /// What divides each row of a residual stream in a layer norm, `[tokens]`.
  package func scales(at place: Int) -> [Float] {
    Self.scales(residuals[place], epsilon: shape.norm.epsilon)
  }

  package static func scales(_ residual: Matrix, epsilon: Double) -> [Float] {
    (0..<residual.rows).map { layerNormScale(residual.row($0), epsilon: epsilon) }
  }

  /// Names of what writes the stream in the first `layers` layers, as `dots` orders them.
  package static func labels(layers: Int, of shape: Architecture) -> [String] {
    ["embed"]
      + (0..<layers).flatMap { layer in
        (0..<shape.heads).map { "L\(layer)H\($0)" } + ["L\(layer) b_O", "L\(layer) MLP"]
      }
  }

  /// Each component's output dotted with a direction of its row, summed over rows.
  ///
  /// The directions go back through the writing weights, so that one product a layer serves all
  /// its heads and neurons. An MLP's share holds b_out.
  /// - Parameters:
  ///   - directions: `[tokens, d_model]`; zero where a row is not to count
  ///   - layers: how many layers' components are taken
  package func dots(_ directions: Matrix, layers: Int) -> [Double] {
    var result = [Self.dot(residuals[0], directions)]
    for layer in 0..<layers {
      let back = back(directions, layer: layer)
      result += attentionDots(directions, back: back, layer: layer)
      result.append(
        Self.dot(hidden[layer], back, columns: shape.columns(of: nil))
          + Self.dot(directions, bias: forward.model.layers[layer].mlpBias))
    }
    return result
  }

  /// The same for the heads and b_O of one layer.
  package func attentionDots(_ directions: Matrix, layer: Int) -> [Double] {
    attentionDots(directions, back: back(directions, layer: layer), layer: layer)
  }

  private func attentionDots(_ directions: Matrix, back: Matrix, layer: Int) -> [Double] {
    (0..<shape.heads).map { Self.dot(hidden[layer], back, columns: shape.columns(of: $0)) }
      + [Self.dot(directions, bias: forward.model.layers[layer].attentionBias)]
  }

  /// directions · [W_Oᵀ | W_outᵀ]
  private func back(_ directions: Matrix, layer: Int) -> Matrix {
    let output = forward.model.layers[layer].output
    var back = Matrix(rows: directions.rows, columns: output.columns)
    MatrixProduct.times(
      directions, directions.block(), output, output.block(), into: &back, back.block())
    return back
  }

  /// A bias that every row writes, along the directions.
  private static func dot(_ directions: Matrix, bias: [Float]) -> Double {
    (0..<directions.rows).reduce(0.0) { sum, row in
      let start = row * directions.columns
      return bias.enumerated().reduce(sum) {
        $0 + Double(directions.elements[start + $1.offset]) * Double($1.element)
      }
    }
  }

  /// The same for one neuron's own output.
  package func dot(_ directions: Matrix, layer: Int, neuron: Int) -> Double {
    let output = forward.model.outputDirection(layer: layer, neuron: neuron)
    return (0..<directions.rows).reduce(0.0) { sum, row in
      let along = zip(directions.row(row), output).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      return sum + along * Double(hidden[layer][row, shape.dModel + neuron])
    }
  }

  /// Σ a ∘ b over the columns.
  package static func dot(_ a: Matrix, _ b: Matrix, columns: Range<Int>? = nil) -> Double {
    precondition(a.rows == b.rows && a.columns == b.columns, "a sum over unequal matrices")
    var sum = 0.0
    for row in 0..<a.rows {
      let start = row * a.columns
      for column in columns ?? 0..<a.columns {
        sum += Double(a.elements[start + column]) * Double(b.elements[start + column])
      }
    }
    return sum
  }
}
