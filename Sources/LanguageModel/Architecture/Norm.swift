/// How a row of the residual stream is normed before a map reads it, and all that follows from it.
package enum Norm: Sendable, Codable, Equatable {
  /// (x − mean) / √(variance + ε); ε is added to the variance, under the root.
  case layer(epsilon: Double)
  /// x / √(mean of squares + ε) (Zhang and Sennrich 2019).
  case rms(epsilon: Double)

  package var epsilon: Double {
    switch self {
    case .layer(let epsilon), .rms(let epsilon): epsilon
    }
  }

  /// Whether the mean of a row is taken away: weights that read the norm, and weights that write the
  /// residual stream, may then be centred over d_model without changing the model.
  package var centres: Bool {
    switch self {
    case .layer: true
    case .rms: false
    }
  }

  /// What the norm divides a row by (`hook_scale`).
  package func scale(of row: [Float]) -> Float {
    let count = Double(row.count)
    let mean = centres ? row.reduce(0.0) { $0 + Double($1) } / count : 0
    let squares = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return Float((squares / count + epsilon).squareRoot())
  }

  /// A component of the residual stream as the norm sees it, before it divides: without its mean
  /// where the norm centres (`apply_ln_to_stack`).
  package func centred(_ row: [Float]) -> [Float] {
    guard centres else { return row }
    let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(row.count))
    return row.map { $0 - mean }
  }
}
