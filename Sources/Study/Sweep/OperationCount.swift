import LanguageModel

/// Floating-point operations of the model's parts for one token, a multiply-add counted as two.
///
/// Only what the questions need is counted: no padding that nobody asked for, no layer or logit
/// twice, and of attention the causal half.
package struct OperationCount: Sendable {
  package let architecture: Architecture

  package init(_ architecture: Architecture) { self.architecture = architecture }

  private var dModel: Double { Double(architecture.dModel) }
  private var dMLP: Double { Double(architecture.dMLP) }

  /// Queries, keys, values, attention's output and both maps of the MLP.
  package var block: Double { 2 * (4 * dModel * dModel + 2 * dModel * dMLP) }
  /// The MLP's first map alone.
  package var mlpIn: Double { 2 * dModel * dMLP }
  package var logits: Double { 2 * dModel * Double(architecture.vocabulary) }

  /// Scores and weighted values of a whole document in one layer.
  package func attention(tokens: Int) -> Double {
    2 * dModel * Double(tokens) * Double(tokens + 1)
  }
}
