/// The MLP of a block: what hook_post is.
package enum MLP: Sendable, Codable, Equatable {
  /// act(x·W_in + b_in)
  case plain(Activation)
  /// act(x·W_gate) · (x·W_in): a neuron reads with two vectors and fires with both signs
  /// (Shazeer 2020).
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

  /// The maps that read the residual stream.
  package var readers: [Linear] { isGated ? [.mlpIn, .mlpGate] : [.mlpIn] }
}

/// The activation function of an MLP; the raw value is what findings and messages print.
package enum Activation: String, Sendable, Codable, CaseIterable {
  /// x·Φ(x) with the error function (Hendrycks and Gimpel 2016).
  case gelu
  /// Its approximation by tanh; `gelu_new`, `gelu_fast` and `gelu_pytorch_tanh` in transformers.
  case geluTanh = "gelu_tanh"
  case relu
  /// x · sigmoid(x)
  case silu
}
