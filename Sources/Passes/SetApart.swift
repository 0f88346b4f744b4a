import Corpora
import StudyFile
import Tokenization

/// The documents of a study that an atlas has set apart, by the atlas's own rule: those that chose
/// there, and those that it left out because they nearly repeat another.
struct SetApart: Sendable {
  private let choosing: Set<ResolvedStudy.DocumentPlace>
  private let repeated: Set<ResolvedStudy.DocumentPlace>

  /// - Parameter corpora: the labels, in the order of the atlas.
  init(
    _ corpora: [Corpus], by rule: AtlasDivision, tokenizer: Tokenizer, beginning: [Int32],
    context: Int
  ) {
    let divided = DividedDocuments(
      corpora, by: rule, tokenizer: tokenizer, beginning: beginning, context: context)
    func places(_ indices: [[Int]]) -> Set<ResolvedStudy.DocumentPlace> {
      Set(
        zip(corpora, indices).flatMap { corpus, indices in
          indices.map { ResolvedStudy.DocumentPlace(corpus: corpus.name, index: $0) }
        })
    }
    choosing = places(divided.labels.map { $0.filter { !$0.confirms }.map(\.index) })
    repeated = places(divided.repeated)
  }

  /// Whether a document took part in choosing the neuron.
  func chose(_ document: TokenizedDocument) -> Bool {
    choosing.contains(ResolvedStudy.DocumentPlace(document))
  }

  /// Whether a document is not to be measured.
  func holds(_ document: TokenizedDocument) -> Bool {
    let place = ResolvedStudy.DocumentPlace(document)
    return choosing.contains(place) || repeated.contains(place)
  }
}
