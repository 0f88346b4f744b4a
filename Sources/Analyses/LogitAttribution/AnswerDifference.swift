import LanguageModel

/// The direction of the residual stream that raises one answer's logit relative to another's.
package struct AnswerDifference: Sendable {
  private let ids: (first: Int, second: Int)
  /// W_U[:, first] − W_U[:, second] `[d_model]`, with the final norm folded in.
  package let direction: [Double]
  /// The difference of the biases, b_U[first] − b_U[second].
  package let bias: Double
  private let norm: Norm

  package init(first: Int32, second: Int32, in model: Transformer) {
    let (a, b) = (model.unembeddingDirection(first), model.unembeddingDirection(second))
    ids = (Int(first), Int(second))
    direction = zip(a.direction, b.direction).map { Double($0) - Double($1) }
    bias = Double(a.bias) - Double(b.bias)
    norm = model.architecture.norm
  }

  /// Each component's contribution to the logit difference.
  ///
  /// As in TransformerLens's `apply_ln_to_stack`, a component is centred if the final norm centres,
  /// and divided by the scale of the run's own final norm at the last token.
  package func contributions(in trace: Trace) -> [Double] {
    trace.components.map {
      Self.contribution(of: $0.output, scale: Double(trace.scale), along: direction, norm: norm)
    }
  }

  /// The contribution (output − mean(output)) / scale · direction, where the mean is subtracted
  /// only if the norm centres.
  package static func contribution(
    of output: [Float], scale: Double, along direction: [Double], norm: Norm
  ) -> Double {
    precondition(
      output.count == direction.count, "\(output.count) numbers along \(direction.count)")
    let mean =
      norm.centres
      ? output.reduce(0.0) { $0 + Double($1) } / Double(max(1, output.count)) : 0
    return zip(output, direction).reduce(0.0) { $0 + (Double($1.0) - mean) * $1.1 } / scale
  }

  /// The logit difference of the model before its soft cap; nil if it has none.
  package func uncapped(in trace: Trace) -> Double? {
    trace.uncapped.map { Double($0[ids.first]) - Double($0[ids.second]) }
  }

  /// The logit difference that the model outputs.
  package func logits(in trace: Trace) -> Double {
    Double(trace.logits[ids.first]) - Double(trace.logits[ids.second])
  }
}
