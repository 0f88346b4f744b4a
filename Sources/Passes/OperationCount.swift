import LanguageModel

/// Floating-point operations of the matrix products, by kind; a multiply-add counts as two.
///
/// Only what the questions need is counted: no padding beyond what a study asks for, no layer or
/// logit twice, and of attention the keys that a query sees.
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

  /// Adds these layers' whole blocks over documents of these lengths.
  mutating func addBlocks(_ layers: Range<Int>, of shape: Architecture, documents: [Int]) {
    let d = Double(shape.dModel)
    let rows = Double(documents.reduce(0, +))
    let count = Double(layers.count)
    queryKeyValue +=
      count * rows * 2 * d * Double(shape.attentionWidth + 2 * shape.keyValueWidth)
    output += count * rows * 2 * d * Double(shape.hiddenWidth)
    addMLPIn(count, of: shape, rows: rows)
    for layer in layers { addAttention(layer, of: shape, documents: documents) }
  }

  /// Adds a layer's scores and weighted values: of each query only the keys that it sees.
  private mutating func addAttention(_ layer: Int, of shape: Architecture, documents: [Int]) {
    let window = shape.attention.window(layer: layer) ?? .max
    for length in documents {
      // The queries before the window is full see one key more each; the others see all of it.
      let growing = min(length, window)
      let pairs =
        Double(growing) * Double(growing + 1) / 2 + Double(length - growing) * Double(growing)
      attention += 4 * Double(shape.attentionWidth) * pairs
    }
  }

  /// Adds the products with W_O and W_out alone, `layers` times.
  package mutating func addWrites(_ layers: Int, of shape: Architecture, documents: [Int]) {
    addWrites(layers, of: shape, rows: documents.reduce(0, +))
  }

  mutating func addWrites(_ layers: Int, of shape: Architecture, rows: Int) {
    output += Double(layers) * Double(rows) * 2 * Double(shape.dModel) * Double(shape.hiddenWidth)
  }

  /// Adds the part of a layer's block that is run to read its MLP's input or hook_post. A parallel block
  /// needs no attention for either.
  mutating func addPart(
    _ part: Depth.BlockPart, ofLayer layer: Int, of shape: Architecture, documents: [Int]
  ) {
    let rows = Double(documents.reduce(0, +))
    if !shape.parallelResidual {
      let (d, width) = (Double(shape.dModel), Double(shape.attentionWidth))
      queryKeyValue += rows * 2 * d * (width + 2 * Double(shape.keyValueWidth))
      addAttention(layer, of: shape, documents: documents)
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
  /// The operations of `times` runs of all blocks over documents of these lengths, and of the logits
  /// that predict every token but the first.
  package static func runs(
    _ times: Int, of shape: Architecture, documents: [Int]
  ) -> OperationCount {
    var count = OperationCount()
    for _ in 0..<times {
      count.addBlocks(0..<shape.layers, of: shape, documents: documents)
      count.addVocabulary(1, of: shape, documents: documents)
    }
    return count
  }
}
