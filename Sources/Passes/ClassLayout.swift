import Corpora
import StudyFile

/// The documents of a class as passes take them, and how many of their rows are real.
///
/// With the padded convention, documents are continued with EOS as far as the notebook's batches
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
      self.documents = DocumentSet(
        parts: [Array(ids.prefix(first)), Array(ids.dropFirst(first))], front: documents.front)
      return
    }
    batched = documents.paddedLengths(batch: padding.batch(of: documents.reference))
    self.documents = Self.padded(documents, to: batched)
  }

  /// Documents continued with EOS.
  package static func padded(_ documents: TokenizedClass, to lengths: [Int]) -> DocumentSet {
    DocumentSet(
      zip(documents.documents, lengths).map { document, length in
        let pads = max(0, length - document.ids.count)
        return document.ids + repeatElement(documents.padding, count: pads)
      }, front: documents.front)
  }
}
