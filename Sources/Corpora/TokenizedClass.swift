import StudyFile
import Tokenization

/// The documents of one class as the model reads them: BOS in front, cut to its context.
package struct TokenizedClass: Sendable {
  /// How a study refers to it.
  package let reference: CorpusReference
  /// The corpus's name, or `other`.
  package let name: String
  package let documents: [TokenizedDocument]

  package init(reference: CorpusReference, name: String, documents: [TokenizedDocument]) {
    self.reference = reference
    self.name = name
    self.documents = documents
  }
  /// How many documents were longer than the context.
  package var cut: Int { documents.count { $0.wasCut } }
  /// Tokens with a loss: all but each document's BOS.
  package var tokens: Int { documents.reduce(0) { $0 + $1.ids.count - 1 } }
  /// Rows of the model, BOS included.
  package var rows: Int { documents.reduce(0) { $0 + $1.ids.count } }
  /// The longest document, BOS included.
  package var longest: Int { documents.map(\.ids.count).max() ?? 0 }
}

/// One document's tokens.
package struct TokenizedDocument: Sendable {
  /// The name of its corpus, and its place there.
  package let corpus: String
  package let index: Int
  /// BOS first; at most `n_ctx`.
  package let ids: [Int32]
  package let wasCut: Bool

  package init(_ document: Document, tokenizer: Tokenizer, context: Int) {
    let tokens = tokenizer.encode(document.text)
    corpus = document.corpus
    index = document.index
    wasCut = tokens.count + 1 > context
    ids = [tokenizer.endOfText] + tokens.prefix(context - 1).map(\.id)
  }
}

extension TokenizedClass {
  /// Lengths that the notebook's padding gives the documents: the longest of each batch.
  ///
  /// - Parameter batch: documents of a batch, in order; the last may be smaller.
  package func paddedLengths(batch: Int) -> [Int] {
    var lengths: [Int] = []
    lengths.reserveCapacity(documents.count)
    for start in stride(from: 0, to: documents.count, by: max(1, batch)) {
      let group = documents[start..<min(start + max(1, batch), documents.count)]
      let longest = group.map(\.ids.count).max() ?? 0
      lengths += group.map { _ in longest }
    }
    return lengths
  }
}
