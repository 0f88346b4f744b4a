import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile
import Tokenization

extension Upstream {
  /// The tokens that excite the neuron, by its weights alone and by its activations in documents.
  package struct InputTokens: Codable, Sendable, Equatable {
    /// The tokens whose embedding, before any layer and any norm, adds most to the pre-activation;
    /// below, those that take most from it.
    package var excite: [TokenEffect]
    package var inhibit: [TokenEffect]
    /// The tokens at which the neuron's mean activation is highest, over the documents of both
    /// classes.
    package var active: [ActiveToken]
    /// The least number of occurrences of a token in `active`.
    package var fewest: Int

    package struct ActiveToken: Codable, Sendable, Equatable {
      package var token: String
      package var id: Int
      /// The number of occurrences in each class; below, the mean of hook_post over all of them.
      package var count: ClassPair<Int>
      package var mean: Double
    }

    private static let shown = 12

    /// Reads the tokens from the weights and from the documents that did not choose the neuron.
    package init(of evidence: Evidence, fewest: Int = 5) {
      let (model, neuron) = (evidence.model, evidence.neuron)
      let tokenizer = evidence.study.tokenizer
      let similar = Similarities(
        of: model.reading(layer: neuron.layer, neuron: neuron.neuron).part(.mlpIn).weights,
        to: model.embedding)
      (excite, inhibit) = TokenEffect.extremes(Self.shown, of: similar, tokenizer: tokenizer)
      self.fewest = fewest

      var seen: [Int32: (target: Int, other: Int, sum: Double)] = [:]
      for corpus in [CorpusReference.target, .other] {
        let column = evidence.column(.activation(evidence.study.file.studied), of: corpus)
        let documents = evidence.study.documents(of: corpus).documents
        for index in evidence.study.measuringPlaces(of: corpus) {
          let document = documents[index]
          for (id, activation) in zip(document.ids, column[index]).dropFirst(evidence.study.front) {
            var entry = seen[id] ?? (0, 0, 0)
            if corpus == .target { entry.target += 1 } else { entry.other += 1 }
            entry.sum += Double(activation)
            seen[id] = entry
          }
        }
      }
      let frequent = seen.map { id, entry in
        ActiveToken(
          token: tokenizer.string(of: id), id: Int(id),
          count: ClassPair(target: entry.target, other: entry.other),
          mean: entry.sum / Double(entry.target + entry.other))
      }.filter { $0.count.target + $0.count.other >= fewest }.sorted { $0.id < $1.id }
      active = topIndices(by: frequent.map(\.mean), count: Self.shown).map { frequent[$0] }
    }
  }
}
