/// The tokens of some documents, one after the other: the rows of every product of a batch.
///
/// Nothing is padded. Each document starts at position 0 with BOS; attention alone works document
/// by document.
package struct Pack: Sendable {
  /// Token ids of all rows.
  package let ids: [Int32]
  /// Each document's rows.
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
