import LanguageModel

/// Floating-point operations by the product that does them, a multiply-add counted as two.
///
/// Only what the questions need is counted: no padding that nobody asked for, no layer or logit
/// twice, and of attention the causal half.
package struct OperationCount: Sendable, Equatable {
  /// W_Q, W_K and W_V.
  package var queryKeyValue = 0.0
  /// Scores and weighted values.
  package var attention = 0.0
  /// W_in.
  package var mlpIn = 0.0
  /// W_O and W_out.
  package var output = 0.0
  /// W_U.
  package var logits = 0.0

  package init() {}

  package var total: Double { queryKeyValue + attention + mlpIn + output + logits }

  package static func += (sum: inout Self, other: Self) {
    sum.queryKeyValue += other.queryKeyValue
    sum.attention += other.attention
    sum.mlpIn += other.mlpIn
    sum.output += other.output
    sum.logits += other.logits
  }

  /// `layers` whole blocks over documents of these lengths.
  mutating func addBlocks(_ layers: Int, of shape: Architecture, documents: [Int]) {
    let (d, mlp) = (Double(shape.dModel), Double(shape.dMLP))
    let rows = Double(documents.reduce(0, +))
    let layers = Double(layers)
    queryKeyValue += layers * rows * 2 * d * 3 * d
    output += layers * rows * 2 * d * (d + mlp)
    addMLPIn(layers, of: shape, rows: rows)
    attention +=
      layers * documents.reduce(0.0) { $0 + 2 * d * Double($1) * Double($1 + 1) }
  }

  /// The MLP's first map alone, `layers` times.
  mutating func addMLPIn(_ layers: Double, of shape: Architecture, rows: Double) {
    mlpIn += layers * rows * 2 * Double(shape.dModel) * Double(shape.dMLP)
  }

  /// The logits of `rows` positions.
  mutating func addLogits(_ rows: Int, of shape: Architecture) {
    logits += Double(rows) * 2 * Double(shape.dModel) * Double(shape.vocabulary)
  }
}
