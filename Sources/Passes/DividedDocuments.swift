import Corpora
import Statistics
import Storage
import StudyFile
import Tokenization

/// Documents of several labels, without near-repetitions, divided by an atlas's rule.
package struct DividedDocuments: Sendable, Equatable {
  /// The documents of each label, in the order of its corpus.
  package let labels: [[AtlasDocument]]
  /// The places of each label's documents that were left out because they nearly repeat an earlier
  /// one.
  package let repeated: [[Int]]
  /// The number of documents of each label that were cut.
  package let cut: [Int]

  package init(labels: [[AtlasDocument]], repeated: [[Int]], cut: [Int]) {
    (self.labels, self.repeated, self.cut) = (labels, repeated, cut)
  }

  /// - Parameter context: the most tokens of a document, those in front of the text included
  package init(
    _ corpora: [Corpus], by rule: AtlasDivision, tokenizer: Tokenizer, beginning: [Int32],
    context: Int
  ) {
    let front = beginning.count
    let context = min(context, rule.window.map { $0 + front } ?? .max)
    var duplicates = NearDuplicates(similarity: rule.similarity)
    var documents: [AtlasDocument] = []
    var (repeated, cut) = ([[Int]](), [Int]())
    for (label, corpus) in corpora.enumerated() {
      var (dropped, shortened) = ([Int](), 0)
      for document in corpus.documents.prefix(rule.documents) {
        // Whole texts are compared: texts that only begin alike are no repetitions.
        let whole = TokenizedDocument(
          document, tokenizer: tokenizer, beginning: beginning, context: .max
        ).ids
        guard whole.count > front else { continue }
        guard duplicates.add(whole.dropFirst(front)) == nil else {
          dropped.append(document.index)
          continue
        }
        if whole.count > context { shortened += 1 }
        documents.append(
          AtlasDocument(
            label: label, index: document.index, ids: Array(whole.prefix(context)),
            digest: Checksum.sha256(of: "\(rule.seed)\n\(document.text)")))
      }
      repeated.append(dropped)
      cut.append(shortened)
    }
    labels = DocumentSplit.divided(
      documents, labels: corpora.count, share: rule.confirmation, byIndex: rule.parallel)
    self.repeated = repeated
    self.cut = cut
  }
}
