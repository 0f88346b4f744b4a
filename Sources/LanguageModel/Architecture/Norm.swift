/// The norm that is applied to a row of the residual stream before a map reads it.
package enum Norm: Sendable, Codable, Equatable {
  /// Layer norm: (x − mean) / √(variance + ε).
  case layer(epsilon: Double)
  /// RMS norm: x / √(mean of squares + ε) (Zhang and Sennrich 2019).
  case rms(epsilon: Double)

  package var epsilon: Double {
    switch self {
    case .layer(let epsilon), .rms(let epsilon): epsilon
    }
  }

  /// Whether the norm subtracts the mean of a row. If so, the weights that read it and the weights
  /// that write to the residual stream can be centred over d_model without changing the model.
  package var centres: Bool {
    switch self {
    case .layer: true
    case .rms: false
    }
  }

  /// The number by which the norm divides a row (`hook_scale`).
  package func scale(of row: [Float]) -> Float {
    let count = Double(row.count)
    let mean = centres ? row.reduce(0.0) { $0 + Double($1) } / count : 0
    let squares = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return Float((squares / count + epsilon).squareRoot())
  }

  /// A component of the residual stream before the norm divides it: without its mean if the norm
  /// subtracts the mean (TransformerLens `apply_ln_to_stack`).
  package func centred(_ row: [Float]) -> [Float] {
    guard centres else { return row }
    let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(row.count))
    return row.map { $0 - mean }
  }
}
