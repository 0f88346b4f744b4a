import LinearAlgebra

/// The weights with which a neuron reads the normed residual stream x.
package enum NeuronReading: Sendable {
  /// hook_pre = x·weights + bias, and hook_post is the activation function of hook_pre.
  case plain(weights: [Float], bias: Float)
  /// hook_post = act(x·gate + gateBias) · (x·linear + linearBias); it can be positive or negative.
  case gated(linear: [Float], linearBias: Float, gate: [Float], gateBias: Float)
}

extension NeuronReading {
  /// The vector and the bias of one of its maps; a plain neuron has only W_in.
  package func part(_ map: Linear) -> (weights: [Float], bias: Float) {
    switch self {
    case .plain(let weights, let bias): (weights, bias)
    case .gated(let linear, let linearBias, let gate, let gateBias):
      map == .mlpGate ? (gate, gateBias) : (linear, linearBias)
    }
  }
}

extension Transformer {
  /// The weights with which a neuron reads: its column of W_in, and of W_gate if the MLP is gated.
  package func reading(layer: Int, neuron: Int) -> NeuronReading {
    let weights = layers[layer]
    let (matrix, bias) = (weights.mlpIn, weights.mlpInBias)
    guard architecture.mlp.isGated else {
      return .plain(weights: matrix.row(neuron), bias: bias[neuron])
    }
    let gate = architecture.dMLP + neuron
    return .gated(
      linear: matrix.row(neuron), linearBias: bias[neuron], gate: matrix.row(gate),
      gateBias: bias[gate])
  }

  /// The reading weights of all neurons of a layer, `[d_mlp, d_model]`: W_inᵀ, and W_gateᵀ if the
  /// MLP is gated.
  package func readers(layer: Int) -> [(map: Linear, weights: Matrix)] {
    let all = layers[layer].mlpIn
    guard architecture.mlp.isGated else { return [(.mlpIn, all)] }
    let size = architecture.dMLP * all.columns
    return architecture.mlp.readers.enumerated().map { index, map in
      (
        map,
        Matrix(
          rows: architecture.dMLP, columns: all.columns,
          elements: Array(all.elements[index * size..<(index + 1) * size]))
      )
    }
  }

  /// W_out of one neuron, the direction that it writes to the residual stream, `[d_model]`.
  package func outputDirection(layer: Int, neuron: Int) -> [Float] {
    layers[layer].output.column(architecture.column(of: neuron))
  }

  /// The output directions of some neurons, `[neurons, d_model]`. A layer that is loaded on demand is
  /// loaded once.
  package func outputDirections(of neurons: [(layer: Int, neuron: Int)]) -> Matrix {
    directions(of: neurons) { layer, neuron in
      layer.output.column(architecture.column(of: neuron))
    }
  }

  /// The weights with which a map reads for some neurons, `[neurons, d_model]`.
  ///
  /// - Parameter map: W_in, or W_gate of a gated MLP
  package func readingDirections(
    of neurons: [(layer: Int, neuron: Int)], map: Linear = .mlpIn
  ) -> Matrix {
    let first = map == .mlpGate ? architecture.dMLP : 0
    return directions(of: neurons) { layer, neuron in layer.mlpIn.row(first + neuron) }
  }

  private func directions(
    of neurons: [(layer: Int, neuron: Int)], _ direction: (Layer, Int) -> [Float]
  ) -> Matrix {
    let width = architecture.dModel
    var directions = Matrix(rows: neurons.count, columns: width)
    for (index, places) in Dictionary(grouping: neurons.indices, by: { neurons[$0].layer }) {
      let layer = layers[index]
      for place in places {
        directions.elements.replaceSubrange(
          place * width..<(place + 1) * width, with: direction(layer, neurons[place].neuron))
      }
    }
    return directions
  }

  /// hook_post of some neurons of a layer, `[rows, neurons]`, with columns in the order of
  /// `neurons`.
  ///
  /// - Parameter residual: the input of the layer's MLP before its norm, of which `rows` rows are
  ///   used.
  package func activations(
    of neurons: [Int], layer: Int, reading residual: Matrix, rows: Int, kernels: Kernels = .best
  ) -> Matrix {
    let weights = layers[layer]
    var normed = Matrix(rows: rows, columns: residual.columns)
    kernels.norm(architecture.norm, residual, count: rows, into: &normed)
    func read(_ offset: Int) -> (product: Matrix, bias: [Float]) {
      let columns = weights.mlpIn.columns
      let reading = Matrix(
        rows: neurons.count, columns: columns,
        elements: neurons.flatMap {
          weights.mlpIn.elements[(offset + $0) * columns..<(offset + $0 + 1) * columns]
        })
      var product = Matrix(rows: rows, columns: neurons.count)
      MatrixProduct.timesTransposed(
        normed, normed.block(), reading, reading.block(), into: &product, product.block())
      return (product, neurons.map { weights.mlpInBias[offset + $0] })
    }
    var (post, bias) = read(0)
    switch architecture.mlp {
    case .plain(let activation):
      kernels.activate(&post, post.block(), bias: bias, by: activation)
    case .gated(let activation):
      let gate = read(architecture.dMLP)
      let linear = post
      kernels.activateGated(
        linear: linear, linear.block(), bias: bias[...], gate: gate.product, gate.product.block(),
        bias: gate.bias[...], by: activation, into: &post, post.block())
    }
    return post
  }
}
