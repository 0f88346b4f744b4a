import StudyFile
import Tokenization

/// The documents of one class as the model reads them: BOS in front where the model has one, cut to
/// its context.
package struct TokenizedClass: Sendable {
  /// How a study refers to it.
  package let reference: CorpusReference
  /// The corpus's name, or `other`.
  package let name: String
  package let documents: [TokenizedDocument]
  /// Tokens at each document's beginning that no mean counts: its BOS, or none.
  package let front: Int
  /// The token that the padded convention continues documents with: EOS.
  package let padding: Int32

  package init(
    reference: CorpusReference, name: String, documents: [TokenizedDocument], front: Int = 1,
    padding: Int32 = 0
  ) {
    self.reference = reference
    self.name = name
    // Without a BOS a text may come to no token at all.
    self.documents = documents.filter { !$0.ids.isEmpty }
    self.front = front
    self.padding = padding
  }

  /// Tokens that means and probes count: all but BOS.
  package var counted: Int { documents.reduce(0) { $0 + max(0, $1.ids.count - front) } }
  /// How many documents were longer than the context.
  package var cut: Int { documents.count { $0.wasCut } }
  /// Tokens with a loss: all but each document's first.
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
  /// What stands at a text's beginning first; at most `n_ctx`.
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

  /// - Parameter beginning: what stands in front of every text.
  package init(_ document: Document, tokenizer: Tokenizer, beginning: [Int32], context: Int) {
    let whole = beginning + tokenizer.encode(document.text).map(\.id)
    corpus = document.corpus
    index = document.index
    wasCut = whole.count > context
    ids = Array(whole.prefix(context))
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
