import Statistics
import Tokenization

/// A token of the vocabulary with the effect of a neuron's weights on it, or of it on them.
package struct TokenEffect: Codable, Sendable, Equatable {
  package var token: String
  package var id: Int
  /// The dot product of the neuron's direction with the token's row: w_out · W_U[:, id], or
  /// W_E[id] · w_in.
  package var effect: Double
  package var cosine: Double

  /// The tokens with the largest effects and those with the smallest.
  ///
  /// - Parameters:
  ///   - count: the number of tokens of each kind
  ///   - similar: the similarities of a direction with the rows of an embedding; rows beyond the
  ///     tokenizer's vocabulary are left out
  static func extremes(
    _ count: Int, of similar: Similarities, tokenizer: Tokenizer
  ) -> (largest: [TokenEffect], smallest: [TokenEffect]) {
    let effects = Array(similar.dot.prefix(tokenizer.vocabularySize))
    func tokens(_ sign: Double) -> [TokenEffect] {
      topIndices(by: effects.map { sign * $0 }, count: count).map {
        TokenEffect(
          token: tokenizer.string(of: Int32($0)), id: $0, effect: effects[$0],
          cosine: similar.cosine[$0])
      }
    }
    return (tokens(1), tokens(-1))
  }
}
