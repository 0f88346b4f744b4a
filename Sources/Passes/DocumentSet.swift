import Storage

/// The documents of a pass, in order, and the packs that they are run in.
///
/// Packs follow from the documents alone, so that no number depends on what else is run or on the
/// number of workers. Two sets that begin with the same documents share their first packs, and what
/// one pass has read of such a pack serves the other.
package struct DocumentSet: Sendable, Hashable {
  package let packs: [DocumentPack]
  /// The SHA-256 of the packs' digests, one after the other.
  package let digest: String

  /// Packs each group of documents in order, as many documents per pack as fit the row limit.
  ///
  /// - Parameters:
  ///   - parts: groups of documents; no pack spans two groups
  ///   - front: the number of tokens at each document's beginning that no sum counts: 1 for BOS, or
  ///     0
  package init(parts: [[[Int32]]], front: Int = 1) {
    var packs: [DocumentPack] = []
    var first = 0
    for part in parts {
      var (start, filled) = (0, 0)
      func close(_ end: Int) {
        guard start < end else { return }
        packs.append(
          DocumentPack(first: first + start, documents: Array(part[start..<end]), front: front))
      }
      for (index, ids) in part.enumerated() {
        if filled > 0, filled + ids.count > DocumentPack.rowLimit {
          close(index)
          (start, filled) = (index, 0)
        }
        filled += ids.count
      }
      close(part.count)
      first += part.count
    }
    self.packs = packs
    digest = Checksum.sha256(of: packs.map(\.digest).joined(separator: " "))
  }

  /// Packs documents that form a single group.
  package init(_ documents: [[Int32]], front: Int = 1) {
    self.init(parts: [documents], front: front)
  }

  /// Some of the packs as a set of their own, whose documents are counted from 0 on.
  package func packs(_ range: Range<Int>) -> DocumentSet { DocumentSet(packs: Array(packs[range])) }

  private init(packs: [DocumentPack]) {
    let first = packs.first?.first ?? 0
    self.packs = packs.map {
      DocumentPack(first: $0.first - first, documents: $0.documents, front: $0.front)
    }
    digest = Checksum.sha256(of: packs.map(\.digest).joined(separator: " "))
  }

  /// The number of tokens at each document's beginning that no sum counts.
  package var front: Int { packs.first?.front ?? 1 }

  package var documents: [[Int32]] { packs.flatMap(\.documents) }
  package var rows: Int { packs.reduce(0) { $0 + $1.rows } }

  package static func == (a: Self, b: Self) -> Bool { a.digest == b.digest }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// Documents that run through the model together: about a thousand rows, or one longer document.
package struct DocumentPack: Sendable, Hashable {
  /// The index of the first document in its set.
  package let first: Int
  package let documents: [[Int32]]
  /// The number of tokens at each document's beginning that no sum counts: 1 for BOS, or 0.
  package let front: Int
  /// The SHA-256 of the tokens, the documents' ends and `front`.
  package let digest: String

  /// The most rows of a pack of several documents: enough for products to run at full speed, and
  /// few enough to stay near the cache.
  package static let rowLimit = 1024

  init(first: Int, documents: [[Int32]], front: Int = 1) {
    self.first = first
    self.documents = documents
    self.front = front
    digest = Checksum.sha256(of: documents.flatMap { [Int32(-front)] + $0 })
  }

  package var rows: Int { documents.reduce(0) { $0 + $1.count } }
  package var lengths: [Int] { documents.map(\.count) }

  package static func == (a: Self, b: Self) -> Bool { a.digest == b.digest }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension DocumentSet {
  /// The packs without those whose tokens equal an earlier pack's.
  var distinctPacks: [DocumentPack] {
    var known: Set<DocumentPack> = []
    return packs.filter { known.insert($0).inserted }
  }
}
