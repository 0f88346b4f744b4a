/// One number for each token of a class, document after document.
package struct Column: Sendable {
  private let values: [[Float]]

  init(_ values: [[Float]]) {
    self.values = values
  }

  package var documents: Int { values.count }

  /// The numbers of one document: activations by position, or the loss of predicting the token
  /// after each position. Where padding was run, its numbers follow those of the real tokens.
  package subscript(document: Int) -> ArraySlice<Float> { values[document][...] }
}
