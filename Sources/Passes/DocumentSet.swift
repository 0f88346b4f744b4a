import Storage

/// The documents of a pass, in order, and the packs that they are run in.
///
/// Packs follow from the documents alone, so that no number depends on what else is run or on how
/// many workers there are. Two sets that begin alike have their first packs in common, and what one
/// pass has read of such a pack serves the other.
package struct DocumentSet: Sendable, Hashable {
  package let packs: [DocumentPack]
  /// SHA-256 of the packs' digests.
  package let digest: String

  /// - Parameters:
  ///   - parts: documents of which no pack holds two parts'
  ///   - front: tokens at each one's beginning that no sum counts: its BOS, or none
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

  package init(_ documents: [[Int32]], front: Int = 1) {
    self.init(parts: [documents], front: front)
  }

  /// Tokens at each document's beginning that no sum counts.
  package var front: Int { packs.first?.front ?? 1 }

  package var documents: [[Int32]] { packs.flatMap(\.documents) }
  package var rows: Int { packs.reduce(0) { $0 + $1.rows } }

  package static func == (a: Self, b: Self) -> Bool { a.digest == b.digest }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// Documents that pass through the model together: about a thousand rows, or one longer document.
package struct DocumentPack: Sendable, Hashable {
  /// The place of the first document in its set.
  package let first: Int
  package let documents: [[Int32]]
  /// Tokens at each document's beginning that no sum counts: its BOS, or none.
  package let front: Int
  /// SHA-256 of the tokens, of where documents end and of what is counted.
  package let digest: String

  /// Enough rows for products to run at full speed, and few enough to stay near the cache.
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
  /// The packs without those that hold the same tokens as an earlier one.
  var distinctPacks: [DocumentPack] {
    var known: Set<DocumentPack> = []
    return packs.filter { known.insert($0).inserted }
  }
}
