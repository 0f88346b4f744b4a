/// A document of an atlas.
package struct AtlasDocument: Sendable, Equatable {
  package let label: Int
  /// The document's place in its corpus.
  package let index: Int
  /// The tokens, with the text's beginning in front.
  package let ids: [Int32]
  /// A hash of the seed and the text, by which documents are divided.
  package let digest: String
  /// Whether the document confirms; otherwise it takes part in choosing.
  package var confirms = false
  /// The passage of which it is one version; nil where the corpora are not parallel.
  package var passage: Int?

  package init(label: Int, index: Int, ids: [Int32], digest: String) {
    (self.label, self.index, self.ids, self.digest) = (label, index, ids, digest)
  }
}

/// Divides documents into those that choose and those that confirm, by a hash of their text: the same
/// text falls on the same side whatever stands beside it in a ranking of its label.
package enum DocumentSplit {
  /// - Parameters:
  ///   - share: the share of each label's documents that confirm
  ///   - byIndex: whether documents of equal index are versions of one passage, which stays together
  /// - Returns: the documents by label, in their order
  package static func divided(
    _ documents: [AtlasDocument], labels: Int, share: Double, byIndex: Bool
  ) -> [[AtlasDocument]] {
    var documents = documents
    if byIndex {
      // A passage has the hash of its first version.
      var digests: [Int: String] = [:]
      for document in documents where digests[document.index] == nil {
        digests[document.index] = document.digest
      }
      let confirming = Self.confirming(digests.map { ($0.key, $0.value) }, share: share)
      for place in documents.indices {
        documents[place].confirms = confirming.contains(documents[place].index)
        documents[place].passage = documents[place].index
      }
    } else {
      for label in 0..<labels {
        let own = documents.indices.filter { documents[$0].label == label }
        let confirming = Self.confirming(own.map { ($0, documents[$0].digest) }, share: share)
        for place in own { documents[place].confirms = confirming.contains(place) }
      }
    }
    return (0..<labels).map { label in documents.filter { $0.label == label } }
  }

  /// The items with the lowest hashes, as many as the share asks for.
  private static func confirming(
    _ items: [(id: Int, digest: String)], share: Double
  ) -> Set<Int> {
    let order = items.sorted {
      $0.digest == $1.digest ? $0.id < $1.id : $0.digest < $1.digest
    }
    return Set(order.prefix(Int((Double(items.count) * share).rounded())).map(\.id))
  }
}
