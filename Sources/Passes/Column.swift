import Storage

/// One number for each token of a class, document after document.
package struct Column: Sendable, Codable {
  @PackedArray private var values: [Float]
  @PackedArray private var offsets: [Int]

  init(values: [Float], offsets: [Int]) {
    precondition(values.count == offsets.last, "\(values.count) values, \(offsets.last ?? 0) rows")
    self.values = values
    self.offsets = offsets
  }

  package var documents: Int { offsets.count - 1 }

  /// The numbers of one document: activations by position, or the loss of the token after each
  /// position. Pads stand behind the real tokens where they were computed.
  package subscript(document: Int) -> ArraySlice<Float> {
    values[offsets[document]..<offsets[document + 1]]
  }
}
