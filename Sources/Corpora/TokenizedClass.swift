import StudyFile
import Tokenization

/// The documents of one class as the model reads them: with BOS in front if the model has one, and
/// cut to the model's context.
package struct TokenizedClass: Sendable {
  /// How a study refers to the class.
  package let reference: CorpusReference
  /// The corpus's name, or `other`.
  package let name: String
  package let documents: [TokenizedDocument]
  /// The number of tokens at each document's beginning that means leave out: 1 for BOS, or 0.
  package let front: Int
  /// The token that the notebook's padding appends to documents: EOS.
  package let padding: Int32

  package init(
    reference: CorpusReference, name: String, documents: [TokenizedDocument], front: Int = 1,
    padding: Int32 = 0
  ) {
    self.reference = reference
    self.name = name
    // In a model without BOS, a text may have no token at all.
    self.documents = documents.filter { !$0.ids.isEmpty }
    self.front = front
    self.padding = padding
  }

  /// The number of tokens that means and probes count: all but BOS.
  package var counted: Int { documents.reduce(0) { $0 + max(0, $1.ids.count - front) } }
  /// How many documents were longer than the context.
  package var cut: Int { documents.count { $0.wasCut } }
  /// The number of tokens with a loss: all but each document's first.
  package var tokens: Int { documents.reduce(0) { $0 + $1.ids.count - 1 } }
  /// The number of rows of the model, BOS included.
  package var rows: Int { documents.reduce(0) { $0 + $1.ids.count } }
  /// The number of tokens of the longest document, BOS included.
  package var longest: Int { documents.map(\.ids.count).max() ?? 0 }
}

/// One document's tokens.
package struct TokenizedDocument: Sendable {
  /// The name of the document's corpus, and its index there.
  package let corpus: String
  package let index: Int
  /// The tokens, at most `n_ctx`, with the text's beginning (BOS) in front.
  package let ids: [Int32]
  package let wasCut: Bool

  private init(_ other: TokenizedDocument, ids: [Int32]) {
    (corpus, index, wasCut) = (other.corpus, other.index, other.wasCut)
    self.ids = ids
  }

  /// Its first tokens behind what stands in front of every text, at most so many.
  package func cut(to window: Int, front: Int) -> TokenizedDocument {
    TokenizedDocument(self, ids: Array(ids.prefix(front + min(window, ids.count))))
  }

  /// - Parameter beginning: the tokens in front of every text, such as BOS.
  package init(_ document: Document, tokenizer: Tokenizer, beginning: [Int32], context: Int) {
    let whole = beginning + tokenizer.encode(document.text).map(\.id)
    corpus = document.corpus
    index = document.index
    wasCut = whole.count > context
    ids = Array(whole.prefix(context))
  }
}

extension TokenizedClass {
  /// The lengths to which the notebook's padding extends the documents: that of the longest in a
  /// batch.
  ///
  /// - Parameter batch: the number of documents of a batch, in order; the last may have fewer.
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
