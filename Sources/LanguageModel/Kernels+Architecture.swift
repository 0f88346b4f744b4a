import LinearAlgebra

// Chooses the kernels for an architecture; no other code does. Each choice is made once per pack.
extension Kernels {
  /// Applies a norm whose scale and shift are folded into the weights that read it, to the first
  /// `count` rows of `x` or to those that `rows` lists.
  func norm(
    _ norm: Norm, _ x: Matrix, rows: [Int32]? = nil, count: Int, into out: inout Matrix
  ) {
    switch norm {
    case .layer(let epsilon):
      layerNorm(x, rows: rows, count: count, epsilon: Float(epsilon), into: &out)
    case .rms(let epsilon):
      rmsNorm(x, rows: rows, count: count, epsilon: Float(epsilon), into: &out)
    }
  }

  /// Computes act(x + bias) in place on a block.
  func activate(_ x: inout Matrix, _ block: Block, bias: [Float], by activation: Activation) {
    biasActivation(&x, block, bias: bias, activation.kernel)
  }

  /// Computes act(gate + gate bias) · (linear + linear bias).
  func activateGated(
    linear: Matrix, _ linearBlock: Block, bias linearBias: ArraySlice<Float>, gate: Matrix,
    _ gateBlock: Block, bias gateBias: ArraySlice<Float>, by activation: Activation,
    into out: inout Matrix, _ outBlock: Block
  ) {
    gatedActivation(
      linear: linear, linearBlock, bias: linearBias, gate: gate, gateBlock, bias: gateBias,
      activation.kernel, into: &out, outBlock)
  }
}

extension Activation {
  var kernel: Kernels.ActivationFunction {
    switch self {
    case .gelu: .gelu
    case .geluTanh: .geluTanh
    case .relu: .relu
    case .silu: .silu
    }
  }
}
