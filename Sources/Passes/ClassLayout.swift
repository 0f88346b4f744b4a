import Corpora
import StudyFile

/// The documents of a class as passes run them, and how many of their rows are real tokens.
///
/// With the padded convention, documents are continued with EOS to the lengths of the notebook's
/// batches; this is a pass of its own. As the model is causal, activations at real tokens do not
/// depend on the padding.
package struct ClassLayout: Sendable {
  /// The number of real tokens of each document, BOS included.
  package let real: [Int]
  /// The length of each document in the notebook's batch, padding included; equal to `real` without
  /// padding.
  package let batched: [Int]
  /// The documents that are run, padded where the study pads.
  package let documents: DocumentSet

  /// - Parameter first: the number of leading documents whose packs must not include later
  ///   documents, because other passes run these documents alone.
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

  /// Continues each document with EOS up to its length in `lengths`.
  package static func padded(_ documents: TokenizedClass, to lengths: [Int]) -> DocumentSet {
    DocumentSet(
      zip(documents.documents, lengths).map { document, length in
        let pads = max(0, length - document.ids.count)
        return document.ids + repeatElement(documents.padding, count: pads)
      }, front: documents.front)
  }
}
