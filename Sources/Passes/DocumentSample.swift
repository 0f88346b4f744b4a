import Corpora
import LanguageModel
import StudyFile

/// Documents of a corpus that a costly measurement runs on, and how they were taken: in order, up
/// to a budget of tokens, without those on which the neuron was chosen where there are others.
package struct DocumentSample: Sendable {
  package let documents: [TokenizedDocument]
  package let size: Size
  /// Tokens at each document's beginning that no sum counts.
  package let front: Int

  /// What a reader should know of the sample.
  package struct Size: Sendable, Codable, Equatable {
    package var documents: Int
    /// Tokens with a loss.
    package var tokens: Int
    /// Documents of the corpus that have a token to predict.
    package var available: Int
    /// Documents that were left out because the neuron was chosen on them.
    package var leftOut: Int
    /// Whether the neuron was chosen on documents of the sample: the corpus has too few others.
    package var holdsSelection: Bool

    enum CodingKeys: String, CodingKey {
      case documents, tokens, available
      case leftOut = "left_out"
      case holdsSelection = "holds_selection"
    }

    package init(
      documents: Int, tokens: Int, available: Int, leftOut: Int, holdsSelection: Bool
    ) {
      self.documents = documents
      self.tokens = tokens
      self.available = available
      self.leftOut = leftOut
      self.holdsSelection = holdsSelection
    }
  }

  /// Fewer documents than these carry no interval.
  private static let fewest = 2

  /// - Parameter budget: tokens to stop at; two documents are taken whatever their length.
  package init(of corpus: CorpusReference, in study: ResolvedStudy, tokens budget: Int) {
    let all = study.documents(of: corpus).documents.filter { $0.ids.count > 1 }
    let probed = [CorpusReference.target, .other].flatMap {
      study.probeDocuments(of: $0).documents.map(Place.init)
    }
    let chosenOn = Set(probed)
    let fresh = all.filter { !chosenOn.contains(Place($0)) }
    let isHeldOut = fresh.count >= Self.fewest
    var taken: [TokenizedDocument] = []
    var tokens = 0
    for document in isHeldOut ? fresh : all {
      let added = document.ids.count - 1
      if taken.count >= Self.fewest, tokens + added > budget { break }
      taken.append(document)
      tokens += added
    }
    documents = taken
    front = study.front
    size = Size(
      documents: taken.count, tokens: tokens, available: all.count,
      leftOut: isHeldOut ? all.count - fresh.count : 0,
      holdsSelection: taken.contains { chosenOn.contains(Place($0)) })
  }

  /// Where a document stands among the corpora.
  private struct Place: Hashable {
    let corpus: String
    let index: Int

    init(_ document: TokenizedDocument) {
      corpus = document.corpus
      index = document.index
    }
  }
}
