/// The MLP of a block, which defines hook_post.
package enum MLP: Sendable, Codable, Equatable {
  /// hook_post = act(x·W_in + b_in).
  case plain(Activation)
  /// hook_post = act(x·W_gate) · (x·W_in). A neuron has two input vectors and can be positive or
  /// negative (Shazeer 2020).
  case gated(Activation)

  package var activation: Activation {
    switch self {
    case .plain(let activation), .gated(let activation): activation
    }
  }

  package var isGated: Bool {
    switch self {
    case .plain: false
    case .gated: true
    }
  }

  /// The linear maps that read the residual stream.
  package var readers: [Linear] { isGated ? [.mlpIn, .mlpGate] : [.mlpIn] }
}

/// The activation function of an MLP. Findings and messages print the raw value.
package enum Activation: String, Sendable, Codable, CaseIterable {
  /// The exact GELU: x·Φ(x) with the error function (Hendrycks and Gimpel 2016).
  case gelu
  /// The approximation of GELU by tanh; `gelu_new`, `gelu_fast`, `gelu_pytorch_tanh` in
  /// transformers.
  case geluTanh = "gelu_tanh"
  case relu
  /// SiLU: x · sigmoid(x).
  case silu
}
