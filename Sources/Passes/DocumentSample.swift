import Corpora
import LanguageModel
import StudyFile

/// The documents of a corpus or class that a costly measurement runs on, each cut to its first
/// tokens. They are drawn at random, from documents that took no part in choosing the neuron if
/// there are enough.
///
/// Analyses that ask for equally many documents get the same ones, so that one question has one
/// number.
package struct DocumentSample: Sendable {
  package let documents: [TokenizedDocument]
  package let size: Size
  /// The number of tokens at each document's beginning that no sum counts.
  package let front: Int
  /// The number of tokens of each document, including those in front of the text.
  package var lengths: [Int] { documents.map(\.ids.count) }

  /// What a reader should know of the sample; written to `findings.json`.
  package struct Size: Sendable, Codable, Equatable {
    package var documents: Int
    /// The number of tokens with a loss.
    package var tokens: Int
    /// The number of documents of the corpus that have a token to predict.
    package var available: Int
    /// The number of documents that were left out because the neuron was chosen on them.
    package var leftOut: Int
    /// Whether the neuron was chosen on documents of the sample, because too few others are left.
    package var holdsSelection: Bool
    /// How many of the documents those are; absent if there are none, and in findings of earlier
    /// versions.
    package var chosenOn: Int?
    /// The number of tokens each document is cut to, BOS aside; absent in findings of earlier
    /// versions.
    package var window: Int?

    enum CodingKeys: String, CodingKey {
      case documents, tokens, available, window
      case leftOut = "left_out"
      case holdsSelection = "holds_selection"
      case chosenOn = "chosen_on"
    }

    package init(
      documents: Int, tokens: Int, available: Int, leftOut: Int, holdsSelection: Bool,
      chosenOn: Int? = nil, window: Int? = nil
    ) {
      self.documents = documents
      self.tokens = tokens
      self.available = available
      self.leftOut = leftOut
      self.holdsSelection = holdsSelection
      self.chosenOn = chosenOn
      self.window = window
    }
  }

  /// Draws the sample of a corpus or class. Analyses with equal arguments get the same documents.
  ///
  /// - Parameters:
  ///   - documents: the most documents to take; nil takes the study's number
  ///   - window: the most tokens of each document after BOS; nil takes the study's number
  ///   - isBalanced: whether no more are taken than the smaller class has. Documents that only give
  ///     their activations to others are not compared with a class, and are not balanced.
  package init(
    of corpus: CorpusReference, in study: ResolvedStudy, documents: Int? = nil, window: Int? = nil,
    isBalanced: Bool = true
  ) {
    let settings = study.file.measuringOrStandard
    let window = window ?? settings.window
    let part = study.measuringDocuments(of: corpus)
    let most = documents ?? settings.documents
    let whole = part.documents.prefix(isBalanced ? min(most, part.ofEither) : most)
    let taken = whole.map { $0.cut(to: window, front: study.front) }
    let holdsSelection = !part.isNew && !taken.isEmpty
    front = study.front
    self.documents = taken
    size = Size(
      documents: taken.count, tokens: taken.reduce(0) { $0 + $1.ids.count - 1 },
      available: part.available, leftOut: part.available - part.documents.count,
      holdsSelection: holdsSelection, chosenOn: holdsSelection ? part.choosers(among: whole) : nil,
      window: window)
  }
}
