import Corpora
import StudyFile

/// The documents of a class as passes take them, and how many of their rows are real.
///
/// With the padded convention, documents are continued with id 0 as far as the notebook's batches
/// pad them: that is another pass of the same class. The model is causal, so what is read at real
/// tokens is what the documents alone would give.
package struct ClassLayout: Sendable {
  /// Real tokens of each document, BOS included.
  package let real: [Int]
  /// Tokens of each document in the notebook's batch, pads included; `real` without padding.
  package let batched: [Int]
  /// What is run.
  package let documents: DocumentSet

  /// - Parameter first: how many documents packs are not to join with later ones, since those alone
  ///   are run by others, too.
  init(of documents: TokenizedClass, padding: PaddedSettings?, first: Int) {
    let ids = documents.documents.map(\.ids)
    real = ids.map(\.count)
    guard let padding else {
      batched = real
      self.documents = DocumentSet(parts: [Array(ids.prefix(first)), Array(ids.dropFirst(first))])
      return
    }
    batched = documents.paddedLengths(batch: padding.batch(of: documents.reference))
    self.documents = Self.padded(ids, to: batched)
  }

  /// Documents continued with id 0.
  package static func padded(_ ids: [[Int32]], to lengths: [Int]) -> DocumentSet {
    DocumentSet(zip(ids, lengths).map { $0 + repeatElement(0, count: max(0, $1 - $0.count)) })
  }
}
