import LanguageModel

/// Floating-point operations of the matrix products, by kind; a multiply-add counts as two.
///
/// Only what the questions need is counted: no padding beyond what a study asks for, no layer or
/// logit twice, and of attention the causal half.
package struct OperationCount: Sendable, Equatable {
  /// The operations of the products with W_Q, W_K and W_V.
  package var queryKeyValue = 0.0
  /// The operations of the attention scores and of the weighted values.
  package var attention = 0.0
  /// The operations of the products with W_in, and with W_gate where there is one.
  package var mlpIn = 0.0
  /// The operations of the products with W_O and W_out.
  package var output = 0.0
  /// The operations of the products with W_U.
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

  static func - (a: Self, b: Self) -> Self {
    var difference = a
    difference.queryKeyValue -= b.queryKeyValue
    difference.attention -= b.attention
    difference.mlpIn -= b.mlpIn
    difference.output -= b.output
    difference.logits -= b.logits
    return difference
  }

  /// Adds `layers` whole blocks over documents of these lengths.
  mutating func addBlocks(_ layers: Int, of shape: Architecture, documents: [Int]) {
    let d = Double(shape.dModel)
    let rows = Double(documents.reduce(0, +))
    let layers = Double(layers)
    queryKeyValue +=
      layers * rows * 2 * d * Double(shape.attentionWidth + 2 * shape.keyValueWidth)
    output += layers * rows * 2 * d * Double(shape.hiddenWidth)
    addMLPIn(layers, of: shape, rows: rows)
    attention +=
      layers
      * documents.reduce(0.0) {
        $0 + 2 * Double(shape.attentionWidth) * Double($1) * Double($1 + 1)
      }
  }

  /// Adds the products with W_O and W_out alone, `layers` times.
  package mutating func addWrites(_ layers: Int, of shape: Architecture, documents: [Int]) {
    addWrites(layers, of: shape, rows: documents.reduce(0, +))
  }

  mutating func addWrites(_ layers: Int, of shape: Architecture, rows: Int) {
    output += Double(layers) * Double(rows) * 2 * Double(shape.dModel) * Double(shape.hiddenWidth)
  }

  /// Adds the part of a block that is run to read its MLP's input or hook_post. A parallel block
  /// needs no attention for either.
  mutating func addPart(_ part: Depth.BlockPart, of shape: Architecture, documents: [Int]) {
    let rows = Double(documents.reduce(0, +))
    if !shape.parallelResidual {
      let (d, width) = (Double(shape.dModel), Double(shape.attentionWidth))
      queryKeyValue += rows * 2 * d * (width + 2 * Double(shape.keyValueWidth))
      attention += documents.reduce(0.0) { $0 + 2 * width * Double($1) * Double($1 + 1) }
      output += rows * 2 * d * width
    }
    if part == .post { addMLPIn(1, of: shape, rows: rows) }
  }

  /// Adds products of hook_post with directions over a layer's neurons.
  mutating func addProjections(_ count: Int, layers: Int, of shape: Architecture, rows: Int) {
    mlpIn += Double(layers) * Double(rows) * 2 * Double(shape.dMLP) * Double(count)
  }

  /// Adds, `times` over, the logits that predict every token of each document but the first.
  mutating func addVocabulary(_ times: Int, of shape: Architecture, documents: [Int]) {
    addLogits(times * documents.reduce(0) { $0 + max(0, $1 - 1) }, of: shape)
  }

  /// Adds the products with W_in (and W_gate) alone, `layers` times.
  package mutating func addMLPIn(_ layers: Double, of shape: Architecture, rows: Double) {
    mlpIn +=
      layers * rows * 2 * Double(shape.dModel) * Double(shape.mlp.readers.count * shape.dMLP)
  }

  /// Adds the logits of `rows` positions.
  mutating func addLogits(_ rows: Int, of shape: Architecture) {
    logits += Double(rows) * 2 * Double(shape.dModel) * Double(shape.vocabulary)
  }
}

extension OperationCount {
  /// The operations of `times` runs of `layers` blocks over documents of these lengths; with
  /// `losses`, also of the logits that predict every token but the first.
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
