/// The tokens of several documents, one document after the other; they are the rows of each matrix
/// product.
///
/// There is no padding. Each document starts at position 0 with BOS; only attention works document
/// by document.
package struct Pack: Sendable {
  /// The token ids of all rows.
  package let ids: [Int32]
  /// The rows of each document.
  package let documents: [Range<Int>]

  package var rows: Int { ids.count }

  package init(_ documents: [[Int32]]) {
    var start = 0
    self.documents = documents.map { ids in
      defer { start += ids.count }
      return start..<start + ids.count
    }
    ids = documents.flatMap(\.self)
  }
}
