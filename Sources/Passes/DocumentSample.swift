import Corpora
import LanguageModel
import StudyFile

/// Documents of a corpus or class that a costly measurement runs on: drawn at random among those
/// that took no part in choosing the neuron where there are others, each cut to its first tokens.
///
/// The same documents in every analysis that asks for as many, so that one question has one number.
package struct DocumentSample: Sendable {
  package let documents: [TokenizedDocument]
  package let size: Size
  /// Tokens at each document's beginning that no sum counts.
  package let front: Int
  /// Tokens of each, what stands in front included.
  package var lengths: [Int] { documents.map(\.ids.count) }

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
    /// Tokens that a document is cut to; absent in findings of earlier versions.
    package var window: Int?

    enum CodingKeys: String, CodingKey {
      case documents, tokens, available, window
      case leftOut = "left_out"
      case holdsSelection = "holds_selection"
    }

    package init(
      documents: Int, tokens: Int, available: Int, leftOut: Int, holdsSelection: Bool,
      window: Int? = nil
    ) {
      self.documents = documents
      self.tokens = tokens
      self.available = available
      self.leftOut = leftOut
      self.holdsSelection = holdsSelection
      self.window = window
    }
  }

  /// - Parameters:
  ///   - documents: at most so many; the study's number unless given
  ///   - window: tokens of each after BOS; the study's number unless given
  ///   - isBalanced: whether no more are taken than either class has. Donors of activations are
  ///     held against nothing, and a null of twenty takes all that there are.
  package init(
    of corpus: CorpusReference, in study: ResolvedStudy, documents: Int? = nil, window: Int? = nil,
    isBalanced: Bool = true
  ) {
    let settings = study.file.measuringOrStandard
    let window = window ?? settings.window
    let part = study.measuringDocuments(of: corpus)
    let most = documents ?? settings.documents
    let taken = part.documents.prefix(isBalanced ? min(most, study.measuredOfEither) : most).map {
      $0.cut(to: window, front: study.front)
    }
    front = study.front
    self.documents = taken
    size = Size(
      documents: taken.count, tokens: taken.reduce(0) { $0 + $1.ids.count - 1 },
      available: part.available, leftOut: part.available - part.documents.count,
      holdsSelection: !part.isNew && !taken.isEmpty, window: window)
  }
}
