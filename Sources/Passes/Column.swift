/// One number for each token of a class, document after document.
package struct Column: Sendable {
  private let values: [[Float]]

  init(_ values: [[Float]]) {
    self.values = values
  }

  package var documents: Int { values.count }

  /// The numbers of one document: activations by position, or the loss of the token after each
  /// position. Pads stand behind the real tokens where they were run.
  package subscript(document: Int) -> ArraySlice<Float> { values[document][...] }
}
