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

  /// W_O and W_out alone, `layers` times.
  package mutating func addWrites(_ layers: Int, of shape: Architecture, documents: [Int]) {
    let (d, mlp) = (Double(shape.dModel), Double(shape.dMLP))
    output += Double(layers) * Double(documents.reduce(0, +)) * 2 * d * (d + mlp)
  }

  /// The MLP's first map alone, `layers` times.
  package mutating func addMLPIn(_ layers: Double, of shape: Architecture, rows: Double) {
    mlpIn += layers * rows * 2 * Double(shape.dModel) * Double(shape.dMLP)
  }

  /// The logits of `rows` positions.
  mutating func addLogits(_ rows: Int, of shape: Architecture) {
    logits += Double(rows) * 2 * Double(shape.dModel) * Double(shape.vocabulary)
  }
}

extension OperationCount {
  /// Runs of `layers` blocks over documents of these lengths, `times` over, with the loss of every
  /// token after BOS where `losses` says so.
  package static func runs(
    _ times: Int, layers: Int, losses: Bool, of shape: Architecture, documents: [Int]
  ) -> OperationCount {
    var count = OperationCount()
    count.addBlocks(times * layers, of: shape, documents: documents)
    if losses {
      count.addLogits(times * documents.reduce(0) { $0 + max(0, $1 - 1) }, of: shape)
    }
    return count
  }
}

extension DocumentSample {
  /// BOS included.
  package var lengths: [Int] { documents.map(\.ids.count) }

  /// A clean run and edited runs of the layers after the study's: `EditedRuns`.
  package func operations(edits: Int, losses: Bool = true, in study: ResolvedStudy)
    -> OperationCount
  {
    let shape = study.architecture
    var count = OperationCount.runs(
      1, layers: shape.layers, losses: true, of: shape, documents: lengths)
    count += .runs(
      edits, layers: study.laterLayers.count, losses: losses, of: shape, documents: lengths)
    return count
  }
}
